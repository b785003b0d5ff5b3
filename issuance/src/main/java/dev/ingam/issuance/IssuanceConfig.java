package dev.ingam.issuance;

import dev.ingam.issuance.session.Sessions;
import dev.ingam.wire.TargetUri;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What issuance needs to be told.
///
/// @param issuer the `iss` of all tokens and the address of the public listener, without a slash at
///   the end. Whoever controls it can make tokens that other verifiers take for another authority's
/// @param tokenEndpoints further addresses under which the token endpoint is reached: what client
///   assertions may name as `aud` besides the issuer and its token endpoint
/// @param keySet the key set that signs access tokens, unless the policy of their audience names
///   another; `access` by default
/// @param sessions bounds of log-in sessions
/// @param upstream the log-in system; null when there is none, then no exchange is served. Whoever
///   controls it vouches for anybody, and still needs a session of theirs
/// @param judgeWidth tokens without a matching entry that are checked at a time
/// @param proofJournal folder for proofs of theft that are not settled; null keeps them in memory
///   only. Whoever can write there can delete the first proof of a key before the database has it
/// @param dpopNonces whether DPoP proofs need a nonce of ours. Without them a proof that was made
///   for later, or seen before a restart, is good for its minute
/// @param publicCertificates whether clients may show a certificate at the public listener
public record IssuanceConfig(
    String issuer,
    Set<String> tokenEndpoints,
    String keySet,
    Sessions.Limits sessions,
    @Nullable UpstreamIssuer upstream,
    int judgeWidth,
    @Nullable Path proofJournal,
    boolean publicCertificates,
    boolean dpopNonces) {
  public IssuanceConfig {
    tokenEndpoints = Set.copyOf(tokenEndpoints);
    if (!isIssuer(issuer)) {
      throw new IllegalArgumentException(
          "expected ingam.issuer as an http or https address without query, fragment and slash at"
              + " the end, came "
              + issuer);
    }
    if (judgeWidth < 1) {
      throw new IllegalArgumentException("expected at least one lane for the judge");
    }
  }

  /// The usual: key set `access`, 1,000 tokens and 12 hours a session, half of the processors for
  /// the judge.
  public static IssuanceConfig of(String issuer, @Nullable UpstreamIssuer upstream) {
    return new IssuanceConfig(
        issuer,
        Set.of(),
        "access",
        Sessions.Limits.defaults(),
        upstream,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        null,
        false,
        true);
  }

  /// With further addresses of the token endpoint.
  public IssuanceConfig withTokenEndpoints(Set<String> endpoints) {
    return new IssuanceConfig(
        issuer,
        endpoints,
        keySet,
        sessions,
        upstream,
        judgeWidth,
        proofJournal,
        publicCertificates,
        dpopNonces);
  }

  /// With other bounds of sessions.
  public IssuanceConfig withSessions(Sessions.Limits limits) {
    return new IssuanceConfig(
        issuer,
        tokenEndpoints,
        keySet,
        limits,
        upstream,
        judgeWidth,
        proofJournal,
        publicCertificates,
        dpopNonces);
  }

  /// With a folder for proofs of theft that are not settled.
  public IssuanceConfig withProofJournal(Path folder) {
    return new IssuanceConfig(
        issuer,
        tokenEndpoints,
        keySet,
        sessions,
        upstream,
        judgeWidth,
        folder,
        publicCertificates,
        dpopNonces);
  }

  /// Where clients may show a certificate at the public listener.
  public IssuanceConfig withPublicCertificates(boolean shown) {
    return new IssuanceConfig(
        issuer,
        tokenEndpoints,
        keySet,
        sessions,
        upstream,
        judgeWidth,
        proofJournal,
        shown,
        dpopNonces);
  }

  /// With DPoP proofs that need a nonce, or not.
  public IssuanceConfig withDpopNonces(boolean needed) {
    return new IssuanceConfig(
        issuer,
        tokenEndpoints,
        keySet,
        sessions,
        upstream,
        judgeWidth,
        proofJournal,
        publicCertificates,
        needed);
  }

  /// Where the token endpoint is asked, as a DPoP proof names it.
  Set<TargetUri> tokenUris() {
    return Stream.concat(Stream.of(issuer + Metadata.TOKEN_PATH), tokenEndpoints.stream())
        .map(TargetUri::of)
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isIssuer(String text) {
    try {
      var uri = new URI(text);
      return uri.getHost() != null
          && Set.of("http", "https").contains(uri.getScheme())
          && uri.getQuery() == null
          && uri.getFragment() == null
          && text.length() <= 200
          && !text.endsWith("/");
    } catch (java.net.URISyntaxException e) {
      return false;
    }
  }

  /// What a client assertion may name as `aud`.
  Set<String> assertionAudiences() {
    var audiences = new TreeSet<>(tokenEndpoints);
    audiences.add(issuer);
    audiences.add(issuer + Metadata.TOKEN_PATH);
    return Set.copyOf(audiences);
  }
}
