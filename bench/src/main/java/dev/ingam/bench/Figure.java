package dev.ingam.bench;

import org.jspecify.annotations.Nullable;

/// One measured number, the limit measured beside it in the same run, and what it has to reach.
///
/// @param name stable, for programs: `ledger.pairs.10m`
/// @param note what people need to read the number; may be empty
record Figure(
    String name,
    String unit,
    double ours,
    @Nullable Limit limit,
    @Nullable Target target,
    String note) {
  Figure {
    if (!Double.isFinite(ours)) {
      throw new IllegalArgumentException("figure " + name + " is not a number: " + ours);
    }
    if (target instanceof Target.ShareOfLimit && limit == null) {
      throw new IllegalArgumentException("figure " + name + " is a share of a limit it lacks");
    }
  }

  /// What the same machine does when it does nothing but the unavoidable part.
  record Limit(String what, double value) {
    Limit {
      if (!(value > 0)) {
        throw new IllegalArgumentException("limit " + what + " is not positive: " + value);
      }
    }
  }

  /// A number that stands for itself.
  static Figure plain(String name, String unit, double ours, String note) {
    return new Figure(name, unit, ours, null, null, note);
  }

  Figure against(String what, double value) {
    return new Figure(name, unit, ours, new Limit(what, value), target, note);
  }

  Figure toReach(Target goal) {
    return new Figure(name, unit, ours, limit, goal, note);
  }

  @Nullable Double ratio() {
    return limit == null ? null : ours / limit.value();
  }

  /// Null when nothing was to be reached.
  @Nullable Boolean reached() {
    return target == null ? null : target.isReached(this);
  }
}
