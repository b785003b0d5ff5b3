package dev.ingam.server.door;

import dev.ingam.server.start.Settings;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.EnumMap;
import java.util.Map;

/// The ports of the three listeners, taken at the very start and handed to Jetty when the doors
/// open.
public final class Listeners implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private record Bound(ServerSocketChannel channel, InetSocketAddress address, boolean tls) {}

  private final Map<ListenerName, Bound> bound;

  private Listeners(Map<ListenerName, Bound> bound) {
    this.bound = bound;
  }

  /// @throws StartFailure when a port is in use or may not be taken
  public static Listeners bind(Settings settings) {
    var listeners = new Listeners(new EnumMap<>(ListenerName.class));
    try {
      listeners.bind(ListenerName.PUBLIC, settings.publicListener(), 8420);
      listeners.bind(ListenerName.INTERNAL, settings.internalListener(), 8422);
      listeners.bind(ListenerName.ADMIN, settings.adminListener(), 8421);
      return listeners;
    } catch (RuntimeException e) {
      listeners.close();
      throw e;
    }
  }

  private void bind(ListenerName listener, Settings.Listen listen, int usual) {
    var port = listen.portOr(usual);
    try {
      bound.put(
          listener,
          open(
              new InetSocketAddress(InetAddress.getByName(listen.address()), port),
              listen.tls().isOn()));
    } catch (IOException e) {
      var name = listener.connector();
      throw new StartFailure(
          "port " + port + " of " + listen.address() + " free for the " + name + " listener",
          String.valueOf(e.getMessage()),
          "stop what uses it (another Ingam?), or choose another with --" + name + "-port",
          e);
    }
  }

  private static Bound open(InetSocketAddress wanted, boolean tls) throws IOException {
    var channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(wanted, BACKLOG);
      return new Bound(channel, (InetSocketAddress) channel.getLocalAddress(), tls);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// The port that a listener has, also when 0 was asked for.
  public int port(ListenerName listener) {
    return address(listener).getPort();
  }

  /// The URL of a listener, without a slash at its end. One that stands at all addresses is named
  /// by the one that this host surely has.
  public String url(ListenerName listener) {
    var bound = bound(listener);
    var ip = bound.address().getAddress();
    var host = ip.isAnyLocalAddress() ? "127.0.0.1" : ip.getHostAddress();
    return (bound.tls() ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + bound.address().getPort();
  }

  public ServerSocketChannel channel(ListenerName listener) {
    return bound(listener).channel();
  }

  private InetSocketAddress address(ListenerName listener) {
    return bound(listener).address();
  }

  private Bound bound(ListenerName listener) {
    var found = bound.get(listener);
    if (found == null) {
      throw new IllegalStateException("not bound: " + listener);
    }
    return found;
  }

  @Override
  public void close() {
    for (var each : bound.values()) {
      try {
        each.channel().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
