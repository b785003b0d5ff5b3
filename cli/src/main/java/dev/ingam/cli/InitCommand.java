package dev.ingam.cli;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes what a first installation with TLS needs, off line: a folder with certificates and a
/// configuration that uses them. The folder appears whole or not at all.
@Command(
    name = "init",
    description = {
      "Makes a folder for a first installation with TLS: a small private CA, certificates for the three",
      "listeners and for the first proxy, and an ingam.yml that uses them. Needs no network and no server."
    })
final class InitCommand implements Callable<Integer> {
  private static final Pattern DNS =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]+");
  private static final List<String> LOOPBACK = List.of("dns:localhost", "ip:127.0.0.1", "ip:::1");

  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..1",
      defaultValue = "ingam",
      description = "New or empty folder (default: ./ingam)")
  Path folder = Path.of("ingam");

  @Option(
      names = "--dns",
      split = ",",
      paramLabel = "NAME",
      description = "DNS name under which clients reach this server; may be repeated")
  @Nullable List<String> dns;

  @Option(
      names = "--ip",
      split = ",",
      paramLabel = "ADDRESS",
      description = "Address under which clients reach this server; may be repeated")
  @Nullable List<String> ips;

  @Option(
      names = "--proxy",
      paramLabel = "NAME",
      defaultValue = "proxy",
      description = "DNS name in the first proxy's client certificate (default: proxy)")
  String proxy = "proxy";

  @Spec CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  InitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var names = names();
    if (!isName(proxy)
        || FirstCertificates.LISTENERS.contains(proxy)
        || proxy.equals(FirstCertificates.CA)) {
      throw usage("Expected --proxy with a DNS name that is none of ca, public, internal, admin.");
    }
    var target = folder.toAbsolutePath().normalize();
    checkFree(target);
    terminal.progress("Making a CA and four certificates ...");
    make(target, names);
    say(target);
    return ExitCode.OK.code();
  }

  /// All names of the server, loopback first, as keytool wants them.
  private List<String> names() {
    var names = new LinkedHashSet<>(LOOPBACK);
    for (var each : dns == null ? List.<String>of() : dns) {
      var name = each.toLowerCase(Locale.ROOT);
      if (!isName(name)) {
        throw usage("Expected --dns with a DNS name; came \"" + Printable.of(each) + "\".");
      }
      names.add("dns:" + name);
    }
    for (var each : ips == null ? List.<String>of() : ips) {
      if (!IPV4.matcher(each).matches() && !IPV6.matcher(each).matches()) {
        throw usage("Expected --ip with an address; came \"" + Printable.of(each) + "\".");
      }
      names.add("ip:" + each);
    }
    return new ArrayList<>(names);
  }

  private static boolean isName(String name) {
    return name.length() <= 253 && DNS.matcher(name).matches() && !IPV4.matcher(name).matches();
  }

  private static void checkFree(Path target) {
    if (target.toString().contains("${") || target.toString().contains("\n")) {
      throw new CliException(ExitCode.ERROR, "Expected a folder without ${ in its name.");
    }
    if (!Files.exists(target)) {
      return;
    }
    try (var entries = Files.list(target)) {
      if (entries.findAny().isPresent()) {
        throw occupied(target, null);
      }
    } catch (IOException e) {
      throw occupied(target, e);
    }
  }

  private static CliException occupied(Path target, @Nullable IOException cause) {
    return new CliException(
        ExitCode.ERROR,
        "Expected a new or empty folder; "
            + target
            + " is none. Nothing was overwritten; name another.",
        cause == null ? new IOException("occupied") : cause);
  }

  /// In a folder beside it, which then takes its name.
  private void make(Path target, List<String> names) {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      var parent = target.getParent() == null ? target : target.getParent();
      Files.createDirectories(parent);
      var making = Files.createTempDirectory(parent, ".ingam-init-", owner);
      try {
        var tls = Files.createDirectory(making.resolve("tls"), owner);
        new FirstCertificates(tls, Path.of(System.getProperty("java.home")), new SecureRandom())
            .write(names, proxy);
        Files.writeString(
            making.resolve("ingam.yml"), new FirstConfiguration(target, names).text());
        Files.move(making, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        remove(making);
      }
    } catch (DirectoryNotEmptyException e) {
      throw occupied(target, e);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected to make the folder " + target + "; it failed: " + e, e);
    }
  }

  /// What is left of a folder that did not get its name: it may hold keys.
  private static void remove(Path making) throws IOException {
    if (!Files.exists(making)) {
      return;
    }
    try (var files = Files.walk(making)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void say(Path target) {
    terminal
        .out()
        .print(
            String.format(
                Locale.ROOT,
                """
                Made %1$s
                  ingam.yml                      the configuration; read it before you open a listener to a network
                  tls/ca.pem, tls/ca-key.pem     the private CA (two years); whoever has its key can pose as server and proxy
                  tls/public.pem, internal.pem, admin.pem, %2$s.pem, each with its -key.pem (one year)
                Next:
                  move %1$s/tls/ca-key.pem to where only you can get it; the server does not need it
                  ingam serve --config %1$s/ingam.yml
                  ingam status --data-dir %1$s/data --ca %1$s/tls/ca.pem
                  ingam clients create %2$s --right gate --tls-san-dns %2$s --data-dir %1$s/data --ca %1$s/tls/ca.pem
                """,
                target,
                proxy));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
