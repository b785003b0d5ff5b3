package dev.ingam.issuance.judge;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.keys.row.RowMac;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first proof of each stolen key in a file of its own, until it is in the database and the key
/// is condemned: so that neither a database that is away nor a kill loses it.
///
/// A file `<kid>.proof` (0600) has one line for each field, base64url of its UTF-8 or `-` for none,
/// and last the MAC over all of them, so that who can write the folder condemns nothing. It is
/// durable when [#keep] returns.
final class ProofJournal {
  /// A proof that an earlier process could not finish.
  record Pending(Proof proof, String askedBy) {}

  private static final Logger LOG = LoggerFactory.getLogger(ProofJournal.class);
  private static final String TABLE = "theft-proof-journal";
  private static final String ENDING = ".proof";
  private static final int FIELDS = 9;
  private static final int MAX_BYTES = 65_536;

  private final Path folder;
  private final RowMac macs;

  ProofJournal(Path folder, RowMac macs) {
    this.folder = folder;
    this.macs = macs;
  }

  /// Keeps a proof, in the place of whatever stood in that of its key.
  void keep(Proof proof, String askedBy) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    force(folder.toAbsolutePath().getParent());
    var target = file(proof.kid());
    var unfinished = folder.resolve(proof.kid() + ".new");
    Files.deleteIfExists(unfinished);
    var ownersOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownersOnly)) {
      var bytes = ByteBuffer.wrap(text(fields(proof, askedBy)).getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    force(folder);
  }

  /// Makes the names in a folder durable, that of the journal in its own too.
  private static void force(@Nullable Path directory) throws IOException {
    if (directory != null) {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /// Nothing is left to do about this key.
  void forget(String kid) throws IOException {
    Files.deleteIfExists(file(kid));
  }

  /// What is kept; files that are not ours are logged and left where they are.
  List<Pending> read() throws IOException {
    var pending = new ArrayList<Pending>();
    if (!Files.isDirectory(folder)) {
      return pending;
    }
    try (var files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (var file : files) {
        var one = Files.size(file) > MAX_BYTES ? null : parse(Files.readString(file));
        if (one == null) {
          LOG.atError().log("A kept proof of theft is not ours; nothing follows from it");
        } else {
          pending.add(one);
        }
      }
    }
    return pending;
  }

  private Path file(String kid) {
    return folder.resolve(kid + ENDING);
  }

  private static List<@Nullable String> fields(Proof proof, String askedBy) {
    var finding = proof.finding();
    return Arrays.asList(
        proof.kid(),
        proof.foundAt().toString(),
        finding == null ? null : finding.name(),
        proof.reason().code(),
        Long.toString(proof.digest().high()) + " " + proof.digest().low(),
        proof.serial(),
        proof.subject(),
        proof.token(),
        askedBy);
  }

  private String text(List<@Nullable String> fields) {
    var text = new StringBuilder();
    for (var field : fields) {
      text.append(
              field == null ? "-" : "." + Base64Url.encode(field.getBytes(StandardCharsets.UTF_8)))
          .append('\n');
    }
    var mac = macs.of(TABLE, "proof", 1, fields);
    return text.append(HexFormat.of().formatHex(mac)).append('\n').toString();
  }

  private @Nullable Pending parse(String text) {
    var lines = text.lines().toList();
    if (lines.size() != FIELDS + 1 || !lines.getLast().matches("([0-9a-f]{2})+")) {
      return null;
    }
    var fields = new ArrayList<@Nullable String>();
    for (var line : lines.subList(0, FIELDS)) {
      var bytes = line.startsWith(".") ? Base64Url.decode(line.substring(1)) : null;
      fields.add(bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }
    var mac = HexFormat.of().parseHex(lines.getLast());
    return macs.holds(TABLE, "proof", 1, fields, mac) ? pending(fields) : null;
  }

  private static @Nullable Pending pending(List<@Nullable String> fields) {
    var kid = fields.get(0);
    var at = fields.get(1);
    var finding = fields.get(2);
    var code = fields.get(3);
    var digest = fields.get(4);
    var token = fields.get(7);
    var askedBy = fields.get(8);
    var reason = code == null ? null : Reason.ofCode(code);
    if (kid == null
        || at == null
        || reason == null
        || digest == null
        || token == null
        || askedBy == null) {
      return null;
    }
    try {
      var space = digest.indexOf(' ');
      var proof =
          new Proof(
              kid,
              Instant.parse(at),
              finding == null ? null : Finding.valueOf(finding),
              reason,
              new TokenDigest(
                  Long.parseLong(digest.substring(0, Math.max(0, space))),
                  Long.parseLong(digest.substring(space + 1))),
              fields.get(5),
              fields.get(6),
              token);
      return new Pending(proof, askedBy);
    } catch (DateTimeException | IllegalArgumentException e) {
      return null;
    }
  }
}
