package dev.ingam.server.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a listener shows and signs with: a chain, leaf first, and the leaf's private key. Checked
/// whole.
///
/// @param names DNS names in lower case and addresses that it is for
record ServerCertificate(List<X509Certificate> chain, PrivateKey key, Set<String> names) {
  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;
  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USE = "2.5.29.37.0";

  ServerCertificate {
    chain = List.copyOf(chain);
    names = Set.copyOf(names);
  }

  static ServerCertificate read(Path certificate, Path key, Dates dates) throws TlsFileException {
    var problems = new ArrayList<TlsFileException>();
    var chain = TlsFileException.attempt(problems, () -> chain(certificate, dates));
    var block = TlsFileException.attempt(problems, () -> PrivateKeyFile.block(key));
    if (chain == null || block == null) {
      throw TlsFileException.all(problems);
    }
    var leaf = chain.getFirst();
    return new ServerCertificate(
        chain, PrivateKeyFile.read(key, block, leaf.getPublicKey()), names(certificate, leaf));
  }

  private static List<X509Certificate> chain(Path file, Dates dates) throws TlsFileException {
    var chain = Certificates.read(file);
    var problem = problem(chain, dates);
    if (problem != null) {
      throw new TlsFileException(file, problem);
    }
    return chain;
  }

  private static @Nullable String problem(List<X509Certificate> chain, Dates dates) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (!Certificates.isIssuedBy(chain.get(i), chain.get(i + 1))) {
        return "expected the chain in order, the server's own certificate first and after each that of"
            + " its issuer; number "
            + (i + 2)
            + " did not issue number "
            + (i + 1);
      }
    }
    for (var each : chain) {
      if (!dates.allow(each)) {
        return "expected certificates that are valid now, came one from "
            + each.getNotBefore().toInstant()
            + " to "
            + each.getNotAfter().toInstant();
      }
    }
    return Certificates.isStrong(chain.getFirst().getPublicKey())
        ? null
        : "expected an EC key on P-256, P-384 or P-521, or RSA from 2048 bits";
  }

  private static Set<String> names(Path file, X509Certificate leaf) throws TlsFileException {
    try {
      var uses = leaf.getExtendedKeyUsage();
      if (uses != null && !uses.contains(SERVER_USE) && !uses.contains(ANY_USE)) {
        throw new TlsFileException(file, "expected a certificate for servers (serverAuth)");
      }
      var names = names(leaf.getSubjectAlternativeNames());
      if (names.isEmpty()) {
        throw new TlsFileException(
            file,
            "expected a DNS name or an address among the subject alternative names; clients look"
                + " nowhere else");
      }
      return names;
    } catch (CertificateParsingException e) {
      throw new TlsFileException(file, "expected names that can be read", e);
    }
  }

  private static Set<String> names(@Nullable Collection<List<?>> alternatives) {
    var names = new HashSet<String>();
    for (var each : alternatives == null ? List.<List<?>>of() : alternatives) {
      var value = String.valueOf(each.get(1));
      if (Objects.equals(each.getFirst(), DNS_NAME)) {
        names.add(value.toLowerCase(Locale.ROOT));
      } else if (Objects.equals(each.getFirst(), ADDRESS)) {
        names.add(address(value));
      }
    }
    return names;
  }

  /// Whether a `Host` header may name it: a DNS name as it stands, an address in any spelling.
  boolean isFor(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return names.contains(name) || (isLiteral(name) && names.contains(address(name)));
  }

  /// Looks nothing up: only what is an address by its form.
  private static boolean isLiteral(String host) {
    return host.matches("[0-9.]+") || host.contains(":");
  }

  private static String address(String text) {
    try {
      return InetAddress.getByName(text).getHostAddress();
    } catch (UnknownHostException e) {
      return text;
    }
  }
}
