package dev.ingam.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes keys and certificates with the JDK's `keytool`, which stands beside every `java`, in a key
/// store that is thrown away after. All keys are EC P-256; what is made is valid from an hour ago,
/// so that hosts whose clocks differ a little agree.
final class Keytool {
  private static final String PASSWORD = "INGAM_KEYTOOL_PASSWORD";

  private final Path program;
  private final Path store;
  private final String password;

  /// @param store a file that is not there yet, in a folder of its owner alone
  Keytool(Path javaHome, Path store, String password) {
    this.program = javaHome.resolve("bin").resolve("keytool");
    this.store = store;
    this.password = password;
  }

  /// A CA that signs certificates and lists of revoked ones, and no further CA.
  void makeCa(String alias, String name, int days) {
    run(
        common(alias, name, days),
        List.of(
            "-ext", "bc:critical=ca:true,pathlen:0", "-ext", "ku:critical=keyCertSign,cRLSign"));
  }

  /// A key with a certificate of that CA.
  ///
  /// @param use serverAuth or clientAuth
  /// @param names as keytool wants them: `dns:…`, `ip:…`
  void make(String alias, String ca, String use, List<String> names, int days) {
    run(
        common(alias, "CN=" + alias + ", O=Ingam", days),
        List.of(
            "-signer",
            ca,
            "-ext",
            "ku:critical=digitalSignature",
            "-ext",
            "eku=" + use,
            "-ext",
            "san=" + String.join(",", names)));
  }

  private List<String> common(String alias, String name, int days) {
    return List.of(
        program.toString(),
        "-genkeypair",
        "-alias",
        alias,
        "-dname",
        name,
        "-validity",
        Integer.toString(days),
        "-startdate",
        "-1H",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-sigalg",
        "SHA256withECDSA",
        "-keystore",
        store.toString(),
        "-storetype",
        "PKCS12",
        "-storepass:env",
        PASSWORD);
  }

  private void run(List<String> command, List<String> more) {
    var words = new ArrayList<>(command);
    words.addAll(more);
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put(PASSWORD, password);
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new CliException(
            ExitCode.ERROR,
            String.format(
                Locale.ROOT,
                "Expected a certificate from %s; it failed: %s",
                program,
                said.strip()));
      }
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR,
          "Expected the JDK's keytool at " + program + "; it did not start: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.ERROR, "Stopped while making certificates.", e);
    }
  }

  /// What was made.
  KeyStore made() {
    try (InputStream in = Files.newInputStream(store)) {
      var made = KeyStore.getInstance("PKCS12");
      made.load(in, password.toCharArray());
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new CliException(ExitCode.ERROR, "Expected keytool's key store; came " + e, e);
    }
  }
}
