package dev.ingam.bench;

import java.util.Locale;

/// What a figure has to reach.
sealed interface Target {
  boolean isReached(Figure figure);

  String text();

  /// `ours` is at least `value`, in the figure's own unit.
  record AtLeast(double value) implements Target {
    @Override
    public boolean isReached(Figure figure) {
      return figure.ours() >= value;
    }

    @Override
    public String text() {
      return "at least " + Numbers.people(value);
    }
  }

  /// `ours` is at most `value`, in the figure's own unit.
  record AtMost(double value) implements Target {
    @Override
    public boolean isReached(Figure figure) {
      return figure.ours() <= value;
    }

    @Override
    public String text() {
      return "at most " + Numbers.people(value);
    }
  }

  /// `ours` is at least `share` of the limit measured beside it.
  record ShareOfLimit(double share) implements Target {
    public ShareOfLimit {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("expected a share in (0, 1], came " + share);
      }
    }

    @Override
    public boolean isReached(Figure figure) {
      var ratio = figure.ratio();
      return ratio != null && ratio >= share;
    }

    @Override
    public String text() {
      return String.format(Locale.ROOT, "at least %.0f %% of it", share * 100);
    }
  }
}
