package dev.ingam.server.tls;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/// Jetty's source of TLS engines: each connection begins with the context of its moment. Jetty's
/// own way of reloading takes the old one away before the new one is known to be good.
final class TlsEngines extends SslContextFactory.Server {
  private final Supplier<TlsContext> current;

  TlsEngines(Supplier<TlsContext> current) {
    this.current = current;
    setSslContext(current.get().context());
    setRenegotiationAllowed(false);
  }

  @Override
  public SSLEngine newSSLEngine() {
    return current.get().engine();
  }

  @Override
  public SSLEngine newSSLEngine(@Nullable String host, int port) {
    return current.get().engine();
  }

  @Override
  public SSLEngine newSSLEngine(@Nullable InetSocketAddress address) {
    return current.get().engine();
  }
}
