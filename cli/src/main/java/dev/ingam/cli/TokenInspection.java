package dev.ingam.cli;

import dev.ingam.wire.CompactJws;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a token says about itself. Nothing in it is checked but its form.
record TokenInspection(Json header, Json claims, Clock clock) {
  static final List<Column> COLUMNS =
      List.of(
          Column.text("typ").titled("TYPE"),
          Column.text("alg").titled("ALGORITHM"),
          Column.text("kid").titled("KEY"),
          Column.text("iss").titled("ISSUER"),
          Column.text("sub").titled("SUBJECT"),
          Column.text("aud").titled("AUDIENCE"),
          Column.text("client_id").titled("CLIENT"),
          Column.text("scope"),
          Column.text("jti").titled("SERIAL"),
          Column.time("issued_at").titled("ISSUED"),
          Column.time("expires_at").titled("EXPIRES"),
          Column.flag("expired_by_this_clock").titled("EXPIRED"),
          Column.text("signature"));

  static TokenInspection of(String token, Clock clock) {
    var jws = CompactJws.read(token);
    var header = jws == null ? Optional.<Json>empty() : JsonReader.read(part(token, 0));
    var claims = jws == null ? Optional.<Json>empty() : JsonReader.read(jws.payload());
    if (header.isEmpty() || !(claims.orElse(Json.nothing()) instanceof Json.Members members)) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(
              Locale.ROOT,
              "Expected one token: three parts of base64url with dots between, JSON in the first two, at most 8 KiB; came %d characters that are none.",
              token.length()));
    }
    return new TokenInspection(header.get(), members, clock);
  }

  private static byte[] part(String token, int index) {
    var bytes = dev.ingam.wire.Base64Url.decode(token.split("\\.")[index]);
    return bytes == null ? new byte[0] : bytes;
  }

  /// Whom the token says it is for.
  String audience() {
    var audience = claims.get("aud");
    if (audience instanceof Json.Text(String value)) {
      return value;
    }
    throw new CliException(
        ExitCode.USAGE,
        "Expected --audience: the token names no single audience of its own, and a token is good for one.");
  }

  Json toJson() {
    var all =
        Json.object()
            .with("typ", header.get("typ"))
            .with("alg", header.get("alg"))
            .with("kid", header.get("kid"));
    for (var claim : List.of("iss", "sub", "aud", "client_id", "scope", "jti")) {
      all = all.with(claim, claims.get(claim));
    }
    all = all.with("issued_at", time("iat")).with("expires_at", time("exp"));
    return all.with("expired_by_this_clock", expired())
        .with("signature", "not checked")
        .with("header", header)
        .with("claims", claims);
  }

  private Json time(String claim) {
    return instant(claim).<Json>map(at -> new Json.Text(at.toString())).orElse(Json.nothing());
  }

  private Json expired() {
    return instant("exp")
        .<Json>map(at -> new Json.Bool(!at.isAfter(clock.instant())))
        .orElse(Json.nothing());
  }

  private Optional<Instant> instant(String claim) {
    if (!(claims.get(claim) instanceof Json.Numeral(String literal))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(literal)));
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
