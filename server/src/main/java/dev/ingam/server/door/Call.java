package dev.ingam.server.door;

import dev.ingam.issuance.client.PresentedCertificate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/// A request at a door, within its limits.
///
/// @param target path and query as they came, nothing decoded
/// @param body read already; empty where the door takes none
/// @param certificate with which the peer came in TLS; null when he showed none
public record Call(
    ListenerName listener,
    String method,
    String target,
    HttpFields headers,
    byte[] body,
    @Nullable PresentedCertificate certificate) {
  /// A request without a certificate.
  public Call(
      ListenerName listener, String method, String target, HttpFields headers, byte[] body) {
    this(listener, method, target, headers, body, null);
  }

  Call withBody(byte[] read) {
    return new Call(listener, method, target, headers, read, certificate);
  }

  /// The value of a header; null when it is absent or comes more than once.
  public @Nullable String header(String name) {
    String found = null;
    for (HttpField field : headers) {
      if (field.is(name)) {
        if (found != null) {
          return null;
        }
        found = field.getValue();
      }
    }
    return found;
  }

  public boolean has(String name) {
    return count(headers, name) > 0;
  }

  /// Whether a header comes more than once: then nobody can say which one counts.
  public boolean repeats(String name) {
    return count(headers, name) > 1;
  }

  static int count(HttpFields headers, String name) {
    var count = 0;
    for (HttpField field : headers) {
      if (field.is(name)) {
        count++;
      }
    }
    return count;
  }
}
