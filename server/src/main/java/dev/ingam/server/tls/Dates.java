package dev.ingam.server.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;

/// Which certificates may come into use by their dates: those that are valid now, and those that
/// are in use already. So a certificate that ran out keeps no new list of revoked ones from being
/// read; that it ran out is an alarm of its own.
record Dates(Instant now, Set<X509Certificate> inUse) {
  Dates {
    inUse = Set.copyOf(inUse);
  }

  boolean allow(X509Certificate certificate) {
    return inUse.contains(certificate)
        || (!now.isBefore(certificate.getNotBefore().toInstant())
            && !now.isAfter(certificate.getNotAfter().toInstant()));
  }
}
