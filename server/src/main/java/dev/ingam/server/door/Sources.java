package dev.ingam.server.door;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Who stands at the other end: the peer, or behind a proxy of ours whom the proxy names.
///
/// @param proxies addresses of proxies that write the peer's address behind what came in
///   `X-Forwarded-For`; this host is one of them
public record Sources(Set<InetAddress> proxies) {
  public Sources {
    proxies = Set.copyOf(proxies);
  }

  /// @param literals addresses, no names
  /// @throws IllegalArgumentException when one is none
  public static Sources behind(Collection<String> literals) {
    return new Sources(
        literals.stream().map(InetAddress::ofLiteral).collect(Collectors.toUnmodifiableSet()));
  }

  /// Whose an address is: of IPv6 the network of 64 bits, as a host has 2^64 addresses there.
  static long network(InetAddress address) {
    var bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.capacity() == Integer.BYTES ? bytes.getInt() : bytes.getLong();
  }

  /// Whether connections from there carry requests of many.
  public boolean isProxy(InetAddress peer) {
    return peer.isLoopbackAddress() || proxies.contains(peer);
  }

  /// Whose request it is; null when a proxy of ours names nobody.
  @Nullable InetAddress of(Request request) {
    var remote = request.getConnectionMetaData().getRemoteSocketAddress();
    if (!(remote instanceof InetSocketAddress peer)) {
      return null;
    }
    return isProxy(peer.getAddress()) ? named(request) : peer.getAddress();
  }

  /// The last address alone is the proxy's word; the others are the client's.
  private static @Nullable InetAddress named(Request request) {
    String last = null;
    for (HttpField field : request.getHeaders()) {
      if (field.getHeader() == HttpHeader.X_FORWARDED_FOR) {
        last = field.getValue();
      }
    }
    if (last == null) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(last.substring(last.lastIndexOf(',') + 1).strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
