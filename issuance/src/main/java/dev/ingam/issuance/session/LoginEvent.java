package dev.ingam.issuance.session;

import dev.ingam.wire.AccessToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A log-in as the log-in system reports it. Unchecked: [#problems()] lists all that is wrong.
///
/// @param subject who logged in: 1 to 48 UTF-8 bytes, no space at its ends, not starting with
///   `client:`
/// @param time when
/// @param method how: `[a-z0-9][a-z0-9_.+-]{0,39}`, for example `password+otp`
/// @param source from where: an address or a network name of at most 64 visible ASCII characters
public record LoginEvent(String subject, Instant time, String method, String source) {
  private static final Pattern METHOD = Pattern.compile("[a-z0-9][a-z0-9_.+-]{0,39}");
  private static final Pattern SOURCE = Pattern.compile("[\\x21-\\x7e]{1,64}");

  /// All that is wrong; empty when nothing is. Repeats no value.
  public List<String> problems() {
    var problems = new ArrayList<String>();
    if (!AccessToken.isSubject(subject)) {
      problems.add(
          "subject: expected 1 to 48 bytes of UTF-8, no control characters, no space at its ends");
    } else if (subject.startsWith(AccessToken.CLIENT_SUBJECT)) {
      problems.add("subject: names that start with client: are those of clients");
    }
    if (!METHOD.matcher(method).matches()) {
      problems.add("method: expected the form [a-z0-9][a-z0-9_.+-]{0,39}");
    }
    if (!SOURCE.matcher(source).matches()) {
      problems.add("source: expected 1 to 64 visible ASCII characters");
    }
    return problems;
  }

  @Override
  public String toString() {
    return "LoginEvent[" + time + ", redacted]";
  }
}
