package dev.ingam.bench;

import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// Bytes of the objects of this JVM that something still refers to.
///
/// They are counted one by one, by the JVM's own class histogram. The heap "in use" after a
/// collection is no measure of them: the collector leaves what is dead between large arrays where
/// it lies when moving the arrays costs more, some megabytes that come and go.
final class LiveHeap {
  private static final int COUNTS = 3;
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)$");

  private LiveHeap() {}

  /// The least of a few counts, each with a full collection before it: what only happens to be
  /// alive while one is made (a thread's last task) is not alive in all.
  static long bytes() {
    var least = Long.MAX_VALUE;
    for (int i = 0; i < COUNTS; i++) {
      least = Math.min(least, total(histogram()));
    }
    return least;
  }

  private static String histogram() {
    try {
      var commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  commands,
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new BenchException("This JVM counts no live objects: run ./ingam bench on a JDK 25", e);
    }
  }

  /// The bytes in the last line of a histogram: `Total`, instances, bytes.
  static long total(String histogram) {
    var found = TOTAL.matcher(histogram);
    if (!found.find()) {
      throw new BenchException("expected a histogram with a total, came: " + histogram);
    }
    return Long.parseLong(found.group(1));
  }
}
