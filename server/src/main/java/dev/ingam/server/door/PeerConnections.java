package dev.ingam.server.door;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many connections one peer may hold at a listener, of IPv6 one network: one more is closed as
/// soon as it was accepted, so that a peer that opens all it can leaves room for the others.
public final class PeerConnections implements SelectorManager.AcceptListener {
  private static final Logger LOG = LoggerFactory.getLogger(PeerConnections.class);

  private final int most;
  private final Predicate<InetAddress> unlimited;
  // Both owned by the lock of this object; no more entries than the listener has connections.
  private final IdentityHashMap<SelectableChannel, Long> peers = new IdentityHashMap<>();
  private final Map<Long, Integer> held = new HashMap<>();

  /// @param unlimited peers that bring requests of many, as proxies do
  public PeerConnections(int most, Predicate<InetAddress> unlimited) {
    this.most = most;
    this.unlimited = unlimited;
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    var peer = peer(channel);
    if (peer != null && !unlimited.test(peer) && !take(channel, Sources.network(peer))) {
      close(channel);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    giveBack(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    giveBack(channel);
  }

  private synchronized boolean take(SelectableChannel channel, Long peer) {
    int now = held.getOrDefault(peer, 0);
    if (now >= most) {
      return false;
    }
    held.put(peer, now + 1);
    peers.put(channel, peer);
    return true;
  }

  private synchronized void giveBack(SelectableChannel channel) {
    var peer = peers.remove(channel);
    if (peer != null) {
      held.computeIfPresent(peer, (key, now) -> now == 1 ? null : now - 1);
    }
  }

  private static @Nullable InetAddress peer(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel socket
              && socket.getRemoteAddress() instanceof InetSocketAddress address
          ? address.getAddress()
          : null;
    } catch (IOException e) {
      return null; // It is gone already.
    }
  }

  private static void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("A connection too many could not be closed");
    }
  }
}
