package dev.ingam.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SourcesTest {
  private static long network(String address) {
    return Sources.network(InetAddress.ofLiteral(address));
  }

  /// A host has as many addresses of its network as it likes.
  @Test
  void addressesOfOneIpv6Network_areOneSource() {
    assertThat(network("2001:db8:0:1::1")).isEqualTo(network("2001:db8:0:1:ffff::2"));
    assertThat(network("2001:db8:0:1::1")).isNotEqualTo(network("2001:db8:0:2::1"));
  }

  @Test
  void ipv4Addresses_areEachASource() {
    assertThat(network("192.0.2.1")).isNotEqualTo(network("192.0.2.2"));
    assertThat(network("192.0.2.1")).isEqualTo(network("::ffff:192.0.2.1"));
  }
}
