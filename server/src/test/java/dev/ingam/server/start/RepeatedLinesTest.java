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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RepeatedLinesTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final RepeatedLines filter = new RepeatedLines(nanos::get);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    logger().addAppender(said);
  }

  @AfterEach
  void leave() {
    logger().detachAppender(said);
  }

  private static ch.qos.logback.classic.Logger logger() {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(RepeatedLines.class);
  }

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

  @Test
  void linesLeftOut_areCountedInTheNextSecond() {
    passed(1_000, Level.WARN, "Door failed");
    assertThat(said.list).isEmpty();
    nanos.addAndGet(SECOND);
    passed(1, Level.WARN, "Door failed");
    assertThat(said.list).hasSize(1);
    assertThat(said.list.getFirst().getKeyValuePairs().toString()).contains("990");
    nanos.addAndGet(SECOND);
    passed(1, Level.WARN, "Door failed");
    assertThat(said.list).as("nothing more was left out").hasSize(1);
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
