package dev.ingam.server.postgres;

import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// As whom PostgreSQL's programs run: they refuse to run as root. Whoever is not root runs them as
/// himself. Root gives up its rights with `setpriv` for an account without any; where that cannot
/// reach the data folder or is not there, with `unshare -U`, which keeps the files root's own.
///
/// @param prefix of a command line
/// @param uid that owns the files
record Account(List<String> prefix, int uid, int gid) {
  /// Accounts that root can run PostgreSQL as, the best first.
  private static final List<String> CANDIDATES = List.of("ingam", "postgres", "nobody");

  Account {
    prefix = List.copyOf(prefix);
  }

  /// @param data the cluster's folder; if it is there, its owner decides
  /// @param probe a command that the account must be able to run
  /// @throws StartFailure when root finds no way
  static Account choose(Path data, List<String> probe) throws IOException {
    var me = uid(Path.of("/proc/self"));
    if (me != 0) {
      return new Account(List.of(), me, gid(Path.of("/proc/self")));
    }
    for (var account : asRoot(data)) {
      if (Command.succeeds(account.command(probe))) {
        return account;
      }
    }
    throw new StartFailure(
        "a way for root to run PostgreSQL without its rights (setpriv or unshare of util-linux)",
        "none that works here for " + data,
        "start Ingam as another user, install util-linux, or set ingam.database.url");
  }

  static boolean isRoot() throws IOException {
    return uid(Path.of("/proc/self")) == 0;
  }

  List<String> command(List<String> words) {
    return Stream.concat(prefix.stream(), words.stream()).toList();
  }

  /// Makes a file or folder this account's.
  void own(Path file) throws IOException {
    if (!prefix.isEmpty()) {
      Files.setAttribute(file, "unix:uid", uid);
      Files.setAttribute(file, "unix:gid", gid);
    }
  }

  private static List<Account> asRoot(Path data) throws IOException {
    var unshared = new Account(List.of("unshare", "-U"), 0, 0);
    if (Files.exists(data)) {
      return List.of(uid(data) == 0 ? unshared : dropped(uid(data), gid(data)));
    }
    var ways = new ArrayList<Account>();
    for (var name : CANDIDATES) {
      for (var line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
        var fields = line.split(":");
        if (fields.length > 3 && fields[0].equals(name)) {
          ways.add(dropped(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
        }
      }
    }
    ways.add(unshared);
    return ways;
  }

  private static Account dropped(int uid, int gid) {
    var prefix =
        List.of(
            "setpriv",
            "--reuid=" + uid,
            "--regid=" + gid,
            "--clear-groups",
            "--inh-caps=-all",
            "--no-new-privs");
    return new Account(prefix, uid, gid);
  }

  private static int uid(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid");
  }

  private static int gid(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:gid");
  }
}
