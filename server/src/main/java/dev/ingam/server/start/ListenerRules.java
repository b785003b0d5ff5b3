package dev.ingam.server.start;

import dev.ingam.server.start.Settings.Listen;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// What a listener's settings must be: plain HTTP on loopback alone, TLS elsewhere, unless the
/// operator says in so many words what he gives up.
public final class ListenerRules {
  /// The value of `plain-http-beyond-loopback`.
  public static final String WAIVER = "I accept that tokens can be read on the network";

  private static final String ADMIN = "admin";

  private ListenerRules() {}

  static List<String> problems(String name, Listen listen) {
    var problems = new ArrayList<String>();
    var prefix = "ingam." + name;
    var port = listen.portOr(0);
    if (port < 0 || port > 65535) {
      problems.add(prefix + ".port: expected 0 to 65535, came " + port);
    }
    addTls(problems, name, prefix + ".tls", listen.tls());
    addAddress(problems, name, prefix, listen);
    return problems;
  }

  private static void addTls(List<String> problems, String name, String prefix, Settings.Tls tls) {
    if ((tls.certificate() == null) != (tls.key() == null)) {
      problems.add(prefix + ": expected certificate and key, or neither");
    }
    if (tls.clientCa() != null && !tls.isOn()) {
      problems.add(prefix + ".client-ca: expected certificate and key beside it");
    }
    if (tls.clientCrl() != null && tls.clientCa() == null) {
      problems.add(prefix + ".client-crl: expected client-ca beside it");
    }
    if (tls.clientCa() != null && name.equals(ADMIN)) {
      problems.add(
          prefix + ".client-ca: expected none; operators come with the root credential alone");
    }
  }

  private static void addAddress(List<String> problems, String name, String prefix, Listen listen) {
    var waiver = listen.plainHttpBeyondLoopback();
    var needsTls = !isLoopback(listen.address()) && !listen.tls().isOn();
    if (!needsTls && waiver != null) {
      problems.add(
          prefix
              + ".plain-http-beyond-loopback: expected none, nothing is given up here; remove it");
    } else if (needsTls && name.equals(ADMIN)) {
      problems.add(
          prefix
              + ".address: expected a loopback address, or tls.certificate and tls.key (the root"
              + " credential never crosses a network in clear), came "
              + listen.address());
    } else if (needsTls && !WAIVER.equals(waiver)) {
      problems.add(
          prefix
              + ".address: expected a loopback address, or tls.certificate and tls.key, came "
              + listen.address()
              + " alone; ingam init makes certificates. To do without, set "
              + prefix
              + ".plain-http-beyond-loopback: \""
              + WAIVER
              + "\"");
    }
  }

  /// An address that cannot be found is not loopback.
  public static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
