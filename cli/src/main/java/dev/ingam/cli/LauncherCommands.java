package dev.ingam.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// The commands that the launcher starts in programs of their own. They stand here for `ingam
/// --help`.
final class LauncherCommands {
  private LauncherCommands() {}

  static void addTo(CommandLine root) {
    root.addSubcommand(new Serve())
        .addSubcommand(new Restore())
        .addSubcommand(new Recover())
        .addSubcommand(new Demo())
        .addSubcommand(new Soak())
        .addSubcommand(new Bench());
  }

  /// Reached only when this program was started without the launcher.
  private static int notHere(String name) {
    throw new CliException(
        ExitCode.USAGE,
        String.format(
            Locale.ROOT,
            "Expected \"%1$s\" to be started by the launcher, as a program of its own: ./ingam %1$s",
            name));
  }

  @Command(
      name = "serve",
      description =
          "Runs the server: tokens 8420, admin 8421, ledger and gate 8422. See: ingam serve --help")
  static final class Serve implements Callable<Integer> {
    @Unmatched List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
      return notHere("serve");
    }
  }

  @Command(
      name = "restore",
      description = "Makes a data folder of a backup. See: ingam restore --help")
  static final class Restore implements Callable<Integer> {
    @Unmatched List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
      return notHere("restore");
    }
  }

  @Command(
      name = "recover",
      description =
          "Brings an older database in line with what this node remembers. See: ingam recover --help")
  static final class Recover implements Callable<Integer> {
    @Unmatched List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
      return notHere("recover");
    }
  }

  @Command(
      name = "demo",
      description = "Plays the theft of a signing key against a copy of its own, in two minutes.")
  static final class Demo implements Callable<Integer> {
    @Unmatched List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
      return notHere("demo");
    }
  }

  @Command(
      name = "soak",
      description =
          "Loads a server of its own for half an hour while it, its database and its clock are troubled.")
  static final class Soak implements Callable<Integer> {
    @Unmatched List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
      return notHere("soak");
    }
  }

  @Command(
      name = "bench",
      description = "Measures: bench ledger, sign, verify, issue, gate or backup.")
  static final class Bench implements Callable<Integer> {
    @Unmatched List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
      return notHere("bench");
    }
  }
}
