package dev.ingam.server.backup;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;

/// Writes the parts of an archive one behind the other: name, then pieces with their lengths, then
/// a zero.
final class SectionOutput {
  private final DataOutputStream out;

  SectionOutput(OutputStream out) {
    this.out = new DataOutputStream(out);
  }

  /// Writes the content of a part.
  interface Content {
    void writeTo(OutputStream out) throws IOException, SQLException;
  }

  void write(Section section, Content content) throws IOException, SQLException {
    out.writeUTF(section.name());
    content.writeTo(new Pieces());
    out.writeInt(0);
  }

  /// No part follows.
  void end() throws IOException {
    out.writeUTF("");
  }

  private final class Pieces extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        out.writeInt(length);
        out.write(bytes, offset, length);
      }
    }
  }
}
