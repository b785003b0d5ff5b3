package dev.ingam.keys;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A disk and a database that share one count of durable writes and break at a chosen one: either
/// before it is made, or after it was made and before anybody hears of it. From then on nothing
/// works, as for a process that died.
final class BrokenDisk implements SecretFiles {
  private final SecretFiles disk = new PosixFiles();
  private final int at;
  private final boolean after;
  private boolean armed;
  private int writes;

  /// @param at the number of the write that breaks, from 1; 0 for none
  BrokenDisk(int at, boolean after) {
    this.at = at;
    this.after = after;
  }

  /// Counts from now on.
  void arm() {
    armed = true;
  }

  /// Works again.
  void mend() {
    armed = false;
  }

  int writes() {
    return writes;
  }

  boolean broke() {
    return at > 0 && writes >= at;
  }

  @Override
  public void makeFolder(Path folder) {
    disk.makeFolder(folder);
  }

  @Override
  public void write(Path file, byte[] content) {
    before();
    disk.write(file, content);
    after();
  }

  @Override
  public byte[] read(Path file) {
    return disk.read(file);
  }

  @Override
  public void delete(Path file) {
    before();
    disk.delete(file);
    after();
  }

  DataSource over(DataSource source) {
    return new DelegatingDataSource(source) {
      @Override
      public Connection getConnection() throws SQLException {
        return new BrokenConnection(super.getConnection(), BrokenDisk.this).proxy();
      }
    };
  }

  void before() {
    if (!armed) {
      return;
    }
    boolean dead = at > 0 && writes >= at;
    writes++;
    if (dead || (writes == at && !after)) {
      throw broken();
    }
  }

  void after() {
    if (armed && writes == at && after) {
      throw broken();
    }
  }

  private UncheckedIOException broken() {
    return new UncheckedIOException("broken at write " + at, new IOException("broken"));
  }
}
