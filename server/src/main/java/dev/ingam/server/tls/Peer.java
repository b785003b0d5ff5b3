package dev.ingam.server.tls;

import dev.ingam.issuance.client.PresentedCertificate;

/// Who stands at the other end of a connection, as far as TLS can tell.
public sealed interface Peer {
  /// Somebody: plain HTTP, or no certificate.
  record Anybody() implements Peer {}

  /// The holder of this certificate, which is good now.
  record Holder(PresentedCertificate certificate) implements Peer {}

  /// The holder of a certificate that was good when the connection began and is no more.
  record Outdated() implements Peer {}
}
