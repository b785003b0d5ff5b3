package dev.ingam.issuance.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The books at hand, by number: an open-addressing table that is replaced as a whole when a book
/// comes or goes, so that finding one takes no lock. Numbers are random, so they are their own
/// hash.
final class Shelf {
  private static final int SPARSITY = 4;

  private final List<Volume> volumes;
  private final @Nullable Volume[] table;

  private Shelf(Collection<Volume> volumes) {
    this.volumes = List.copyOf(volumes);
    table = new Volume[Integer.highestOneBit(Math.max(1, volumes.size())) * SPARSITY];
    for (Volume volume : this.volumes) {
      int place = volume.number() & (table.length - 1);
      while (table[place] != null) {
        place = (place + 1) & (table.length - 1);
      }
      table[place] = volume;
    }
  }

  static Shelf of(Collection<Volume> volumes) {
    return new Shelf(volumes);
  }

  @Nullable Volume find(int number) {
    int place = number & (table.length - 1);
    while (true) {
      var volume = table[place];
      if (volume == null || volume.number() == number) {
        return volume;
      }
      place = (place + 1) & (table.length - 1);
    }
  }

  /// In the order in which they came.
  List<Volume> volumes() {
    return volumes;
  }

  Shelf with(Volume added) {
    var all = new ArrayList<>(volumes);
    all.add(added);
    return new Shelf(all);
  }

  Shelf without(Volume removed) {
    var all = new ArrayList<>(volumes);
    all.remove(removed);
    return new Shelf(all);
  }
}
