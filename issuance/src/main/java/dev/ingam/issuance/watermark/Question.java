package dev.ingam.issuance.watermark;

import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SubjectDigest;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One issued token and the watermarks. Looks at the lines first, and parses the token only for
/// what stands before one. Owned by one thread.
final class Question {
  /// What it takes to ask.
  record Means(Ledger ledger, SubjectDigest subjects, TokenReader reader) {}

  private final Means means;
  private final Serial serial;
  private final String text;
  private @Nullable AccessToken read;
  private @Nullable String subject;

  private Question(Means means, Serial serial, String text, @Nullable AccessToken read) {
    this.means = means;
    this.serial = serial;
    this.text = text;
    this.read = read;
  }

  static Question of(Means means, Serial serial, String token) {
    return new Question(means, serial, token, null);
  }

  static Question of(Means means, AccessToken token) {
    return new Question(means, token.claims().serial(), "", token);
  }

  boolean isHitByOne(List<Mark> marks) {
    for (var mark : marks) {
      var line = mark.line();
      if ((line == null || means.ledger().isBefore(serial, line)) && isHit(mark)) {
        return true;
      }
    }
    return false;
  }

  /// What we issued can be read; a token that cannot be is held to the strictest.
  private boolean isHit(Mark mark) {
    if (mark.hitsWhateverIsBefore()) {
      return true;
    }
    var token = token();
    return token == null || mark.hits(token, () -> subject(token));
  }

  private @Nullable AccessToken token() {
    if (read == null && means.reader().read(text) instanceof TokenReading.Read reading) {
      read = reading.token();
    }
    return read;
  }

  private String subject(AccessToken token) {
    var known = subject;
    if (known == null) {
      known = means.subjects().of(token.claims().subject());
      subject = known;
    }
    return known;
  }
}
