package dev.ingam.issuance.ledger;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// The key table of a book that is being filled. Found without a lock, added to under one.
final class Kids {
  /// No room for another key.
  static final int FULL = -1;

  private final BookHeader header;
  private final ReentrantLock adding = new ReentrantLock();

  /// Replaced as a whole under the lock.
  private volatile String[] kids = {};

  Kids(BookHeader header) {
    this.header = header;
  }

  /// The index of this kid; a new one is written to the header first. [#FULL] when it finds no
  /// room.
  int index(String kid) {
    var known = kids;
    for (int index = known.length - 1; index >= 0; index--) {
      if (known[index].equals(kid)) {
        return index;
      }
    }
    return add(kid);
  }

  private int add(String kid) {
    adding.lock();
    try {
      int known = Arrays.asList(kids).indexOf(kid);
      if (known >= 0) {
        return known;
      }
      int index = kids.length;
      if (index == BookHeader.KIDS) {
        return FULL;
      }
      header.write(index, kid);
      var longer = Arrays.copyOf(kids, index + 1);
      longer[index] = kid;
      kids = longer;
      return index;
    } finally {
      adding.unlock();
    }
  }

  int count() {
    return kids.length;
  }
}
