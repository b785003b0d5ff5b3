package dev.ingam.drill;

import java.time.Duration;
import java.util.Random;

/// What befalls the host of a soak. Each is over, for its part, when `befall` returns; the server
/// may still be at mending it.
enum Trouble {
  /// The server is killed and started again.
  SERVER_KILLED {
    @Override
    void befall(SoakHost host, Random random) {
      host.killServer();
      host.start();
    }
  },
  /// The server is stopped and started again, as for an update.
  SERVER_RESTARTED {
    @Override
    void befall(SoakHost host, Random random) {
      host.stopServer();
      host.start();
    }
  },
  /// Server and database are killed together.
  BOTH_KILLED {
    @Override
    void befall(SoakHost host, Random random) {
      host.signalDatabase("KILL");
      host.killServer();
      host.start();
    }
  },
  DATABASE_KILLED {
    @Override
    void befall(SoakHost host, Random random) {
      host.signalPostmaster("KILL");
    }
  },
  /// PostgreSQL's fast shutdown: it writes a checkpoint and ends.
  DATABASE_RESTARTED {
    @Override
    void befall(SoakHost host, Random random) {
      host.signalPostmaster("INT");
    }
  },
  CONNECTIONS_CUT {
    @Override
    void befall(SoakHost host, Random random) {
      host.signalConnections("TERM");
    }
  },
  /// The database answers nobody for 2 to 25 s, and nobody is told.
  DATABASE_SILENT {
    @Override
    void befall(SoakHost host, Random random) {
      host.signalDatabase("STOP");
      try {
        IngamServer.pause(random.nextInt(2_000, 25_000));
      } finally {
        host.signalDatabase("CONT");
      }
    }
  },
  /// The clock is ahead for 5 to 20 s: mostly by a minute and a half at most, sometimes by ten.
  CLOCK_FORWARD {
    @Override
    void befall(SoakHost host, Random random) {
      step(host, random, 1);
    }
  },
  CLOCK_BACK {
    @Override
    void befall(SoakHost host, Random random) {
      step(host, random, -1);
    }
  };

  private static final int SMALL_SECONDS = 90;
  private static final Duration LARGE = Duration.ofMinutes(10);

  abstract void befall(SoakHost host, Random random);

  private static void step(SoakHost host, Random random, int sign) {
    var size =
        random.nextInt(5) == 0 ? LARGE : Duration.ofSeconds(random.nextInt(1, SMALL_SECONDS));
    host.putClock(size.multipliedBy(sign));
    try {
      IngamServer.pause(random.nextInt(5_000, 20_000));
    } finally {
      host.putClock(Duration.ZERO);
    }
    IngamServer.pause((int) FakeTime.LATENESS.toMillis());
  }
}
