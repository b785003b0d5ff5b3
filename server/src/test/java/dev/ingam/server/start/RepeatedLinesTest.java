package dev.ingam.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class RepeatedLinesTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final RepeatedLines filter = new RepeatedLines(nanos::get);

  private FilterReply decide(Level level, String text) {
    var logger = new LoggerContext().getLogger("door");
    return filter.decide(new LoggingEvent("", logger, level, text, null, null));
  }

  private long passed(int lines, Level level, String text) {
    return IntStream.range(0, lines)
        .filter(i -> decide(level, text) == FilterReply.NEUTRAL)
        .count();
  }

  @Test
  void lines_ofOneText_areTenASecond() {
    assertThat(passed(1_000, Level.ERROR, "Door failed")).isEqualTo(10);
    assertThat(passed(5, Level.ERROR, "Another text")).isEqualTo(5);
    nanos.addAndGet(SECOND);
    assertThat(passed(1_000, Level.ERROR, "Door failed")).isEqualTo(10);
  }

  /// Through an appender, which drops what is logged from inside of it.
  @Test
  void linesLeftOut_areSaidByTheNextLine() {
    var context = new LoggerContext();
    var written = new ListAppender<ILoggingEvent>();
    written.setContext(context);
    written.addFilter(filter);
    written.start();
    var logger = context.getLogger("door");
    logger.addAppender(written);

    IntStream.range(0, 1_000).forEach(i -> logger.atWarn().addKeyValue("i", i).log("Door failed"));
    assertThat(written.list).hasSize(10);
    nanos.addAndGet(SECOND);
    logger.atWarn().addKeyValue("i", 1_000).log("Door failed");
    assertThat(written.list).hasSize(11);
    assertThat(written.list.getLast().getKeyValuePairs())
        .containsExactly(
            new KeyValuePair("i", 1_000), new KeyValuePair(RepeatedLines.LEFT_OUT, 990L));
    nanos.addAndGet(SECOND);
    logger.warn("Door failed");
    assertThat(written.list.getLast().getKeyValuePairs()).as("nothing more").isNull();
  }

  @Test
  void lines_thatNeedNobody_passAlways() {
    assertThat(passed(100, Level.INFO, "Ingam is ready")).isEqualTo(100);
  }

  @Test
  void texts_withoutEnd_takeNoMemoryWithoutEnd() {
    assertThat(
            IntStream.range(0, 100_000)
                .filter(i -> decide(Level.WARN, "text " + i) == FilterReply.NEUTRAL)
                .count())
        .isEqualTo(100_000);
  }
}
