package dev.ingam.server.admin;

import dev.ingam.keys.disk.ExposedFileException;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.server.start.StartFailure;
import dev.ingam.wire.Base64Url;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/// A credential of the admin listener: 256 random bits, made at the first start, kept in one file
/// of the secrets folder (0600) and nowhere else.
public final class Credential {
  /// What a credential is for.
  public enum Kind {
    /// Commands this server, until there are operators.
    ROOT("root"),
    /// Reads metrics and nothing else, for a program that scrapes them.
    METRICS("metrics");

    private final String name;
    private final Pattern form;

    Kind(String name) {
      this.name = name;
      this.form = Pattern.compile(prefix() + "[A-Za-z0-9_-]{43}");
    }

    String file() {
      return name + "-credential";
    }

    private String prefix() {
      return "ingam_" + name + "_";
    }
  }

  private static final int BYTES = 32;

  private final byte[] value;

  private Credential(byte[] value) {
    this.value = value;
  }

  /// Reads the credential of this secrets folder, or makes it.
  ///
  /// @throws StartFailure when the file holds something else or others may read it
  public static Credential open(
      Kind kind, Path secretsDir, SecretFiles files, SecureRandom random) {
    var file = secretsDir.resolve(kind.file());
    try {
      if (!Files.exists(file)) {
        files.write(file, (fresh(kind, random) + "\n").getBytes(StandardCharsets.US_ASCII));
      }
      return new Credential(checked(kind, file, files.read(file)));
    } catch (ExposedFileException e) {
      throw new StartFailure(
          "a " + kind.name + " credential that only its owner can read",
          file + " that others can read",
          "delete it and start again, which makes a new one",
          e);
    } catch (UncheckedIOException e) {
      throw new StartFailure(
          "the " + kind.name + " credential in " + file,
          e.getMessage() + "",
          "check disk and permissions",
          e);
    }
  }

  private static String fresh(Kind kind, SecureRandom random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return kind.prefix() + Base64Url.encode(bytes);
  }

  private static byte[] checked(Kind kind, Path file, byte[] content) {
    var text = new String(content, StandardCharsets.ISO_8859_1).strip();
    if (!kind.form.matcher(text).matches()) {
      throw new StartFailure(
          "a " + kind.name + " credential in " + file,
          "something else",
          "delete it and start again, which makes a new one");
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Whether this is the credential. Takes the same time for every wrong one of its length.
  boolean is(String presented) {
    return MessageDigest.isEqual(value, presented.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
