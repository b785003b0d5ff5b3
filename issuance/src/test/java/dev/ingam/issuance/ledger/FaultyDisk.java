package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A disk of which one durable write fails, or all from one on: full, or broken.
final class FaultyDisk implements Disk {
  private final Disk disk = new Disk.Real();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile int firstFailure = Integer.MAX_VALUE;
  private volatile int lastFailure = Integer.MAX_VALUE;
  private volatile boolean full;

  /// Durable writes so far, failed ones too.
  int writes() {
    return writes.get();
  }

  /// The write of this number fails, counted from 1, and no other.
  void failAt(int number) {
    lastFailure = number;
    firstFailure = number;
  }

  void failFromNowOn() {
    lastFailure = Integer.MAX_VALUE;
    firstFailure = writes.get() + 1;
  }

  /// No more space from now on; what has its space is written.
  void fill() {
    full = true;
  }

  void heal() {
    firstFailure = Integer.MAX_VALUE;
    full = false;
  }

  private void takeSpace() throws IOException {
    if (full) {
      throw new IOException("No space left on device (injected)");
    }
  }

  private void write() throws IOException {
    int number = writes.incrementAndGet();
    if (number >= firstFailure && number <= lastFailure) {
      throw new IOException("No space left on device (injected)");
    }
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    takeSpace();
    write();
    return disk.create(file);
  }

  @Override
  public void zero(FileChannel file, long from, long to) throws IOException {
    takeSpace();
    // Half of it is written before the disk is full.
    if (writes.get() + 1 >= firstFailure) {
      disk.zero(file, from, from + (to - from) / 2);
    }
    write();
    disk.zero(file, from, to);
  }

  @Override
  public void force(MemorySegment part) throws IOException {
    write();
    disk.force(part);
  }

  @Override
  public void force(FileChannel file) throws IOException {
    write();
    disk.force(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    write();
    disk.forceFolder(folder);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    write();
    disk.replace(file, content);
  }

  @Override
  public void truncate(FileChannel file, long length) throws IOException {
    write();
    disk.truncate(file, length);
  }

  @Override
  public void delete(Path file) throws IOException {
    write();
    disk.delete(file);
  }
}
