package dev.ingam.server.start;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.event.KeyValuePair;

/// Lets through ten lines of one text a second, so that whoever can make a request fail cannot fill
/// the disk with its log. How many were left out the next line of that text says (`leftOut`): an
/// appender drops what is logged while it writes.
public final class RepeatedLines extends Filter<ILoggingEvent> {
  static final int A_SECOND = 10;
  static final String LEFT_OUT = "leftOut";

  private static final int TEXTS = 1_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();

  /// The texts that came last. Owned by the lock.
  private final Map<String, Spell> spells =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Spell> eldest) {
          return size() > TEXTS;
        }
      };

  /// One second of one text.
  private static final class Spell {
    private final long begun;
    private long lines;

    private Spell(long begun) {
      this.begun = begun;
    }
  }

  /// Made by `logback-spring.xml`.
  public RepeatedLines() {
    this(System::nanoTime);
  }

  /// @param nanos a monotonic clock
  RepeatedLines(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      long leftOut = take(event.getLoggerName() + event.getMessage());
      if (leftOut < 0) {
        return FilterReply.DENY;
      }
      if (leftOut > 0 && event instanceof LoggingEvent line) {
        line.addKeyValuePair(new KeyValuePair(LEFT_OUT, leftOut));
      }
    }
    return FilterReply.NEUTRAL;
  }

  /// How many were left out in the spell that ended with this line; below zero when this one is.
  private long take(String text) {
    lock.lock();
    try {
      var now = nanos.getAsLong();
      var spell = spells.get(text);
      if (spell != null && now - spell.begun < SECOND) {
        return ++spell.lines <= A_SECOND ? 0 : -1;
      }
      var next = new Spell(now);
      next.lines = 1;
      spells.put(text, next);
      return spell == null ? 0 : Math.max(0, spell.lines - A_SECOND);
    } finally {
      lock.unlock();
    }
  }
}
