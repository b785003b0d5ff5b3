package dev.ingam.bench;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Requests that come at their own pace, whether they are answered or not, over connections that
/// stay open: what somebody with a fast line sends, or many who know nothing of each other. A
/// connection that the server closes is opened again.
final class PacedLoad {
  private static final int CONNECTIONS = 32;
  private static final Duration TICK = Duration.ofMillis(1);
  private static final byte[] STATUS_LINE = {'H', 'T', 'T', 'P', '/', '1', '.', '1', ' '};

  private final Transport transport;
  private final int port;
  private final List<byte[]> messages;
  private final int perSecond;
  private final LongAdder sent = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final Queue<Future<Void>> readers = new ConcurrentLinkedQueue<>();
  private final Queue<Double> latencies = new ConcurrentLinkedQueue<>();
  private volatile boolean on;

  /// @param messages whole requests, sent in turn
  PacedLoad(Transport transport, int port, List<byte[]> messages, int perSecond) {
    this.transport = transport;
    this.port = port;
    this.messages = List.copyOf(messages);
    this.perSecond = perSecond;
  }

  /// Does something else while they come.
  <T> T during(Callable<T> other) throws Exception {
    on = true;
    var begin = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var senders = new ArrayList<Future<Void>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        var first = i;
        senders.add(threads.submit(() -> send(first, threads)));
      }
      try {
        return other.call();
      } finally {
        on = false;
        nanos.add(System.nanoTime() - begin);
        await(senders);
        await(readers);
        readers.clear();
      }
    }
  }

  private static void await(Collection<Future<Void>> tasks) throws InterruptedException {
    for (var task : tasks) {
      try {
        task.get();
      } catch (ExecutionException e) {
        throw new BenchException("Requests at their own pace could not be sent", e);
      }
    }
  }

  /// Sends every [#CONNECTIONS]th of all messages when its time has come.
  private Void send(int first, ExecutorService threads) throws InterruptedException {
    var begin = System.nanoTime();
    var next = (long) first;
    while (on) {
      try (var socket = transport.connect(port)) {
        socket.setTcpNoDelay(true);
        var begun = new ConcurrentLinkedQueue<Long>();
        readers.add(threads.submit(() -> count(socket, begun)));
        var out = socket.getOutputStream();
        while (on) {
          for (; next < due(begin); next += CONNECTIONS) {
            begun.add(System.nanoTime());
            out.write(messages.get((int) (next % messages.size())));
            sent.increment();
          }
          Thread.sleep(TICK);
        }
      } catch (IOException closed) {
        next += CONNECTIONS;
      }
    }
    return null;
  }

  private double due(long begin) {
    return (System.nanoTime() - begin) / 1e9 * perSecond;
  }

  /// Counts the status lines in what comes back, until the connection ends.
  ///
  /// @param begun when each request was sent that is not answered
  private Void count(Socket socket, Queue<Long> begun) {
    try (var in = socket.getInputStream()) {
      var scan = new StatusLines(begun);
      var buffer = new byte[16 << 10];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        scan.take(buffer, length);
      }
    } catch (IOException closed) {
      return null;
    }
    return null;
  }

  /// Finds `HTTP/1.1 nnn` in bytes that come in pieces.
  private final class StatusLines {
    private final Queue<Long> begun;
    private int matched;
    private int status;

    StatusLines(Queue<Long> begun) {
      this.begun = begun;
    }

    void take(byte[] bytes, int length) {
      for (int i = 0; i < length; i++) {
        take(bytes[i]);
      }
    }

    private void take(byte each) {
      if (matched < STATUS_LINE.length) {
        matched = each == STATUS_LINE[matched] ? matched + 1 : each == STATUS_LINE[0] ? 1 : 0;
        return;
      }
      status = status * 10 + (each - '0');
      matched++;
      if (matched == STATUS_LINE.length + 3) {
        answers.computeIfAbsent(status, unseen -> new LongAdder()).increment();
        latencies.add((System.nanoTime() - Objects.requireNonNull(begun.poll(), "sent")) / 1e6);
        matched = 0;
        status = 0;
      }
    }
  }

  long answered() {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /// Answers a second, when all of them were 200.
  ///
  /// @throws BenchException when one was not, or none came: a rate of those says nothing
  double cleanPerSecond() {
    if (!answers.keySet().equals(Set.of(200))) {
      throw new BenchException("Expected only answers of 200 to honest requests; " + text());
    }
    return answered() * 1e9 / nanos.sum();
  }

  /// Of all answers, in milliseconds; there is one.
  String latency() {
    var sorted = latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "p50 %s ms, p99 %s ms",
        Numbers.people(sorted[sorted.length / 2]),
        Numbers.people(sorted[sorted.length * 99 / 100]));
  }

  /// What was sent and how it was answered, over all of its time.
  String text() {
    var seconds = nanos.sum() / 1e9;
    var shares =
        answers.entrySet().stream()
            .map(each ->
                String.format(
                    Locale.ROOT,
                    "%d %s",
                    each.getKey(),
                    Numbers.percent(each.getValue().sum() / (double) answered())))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "sent %s/s, answered %s/s: %s",
        Numbers.people(Math.rint(sent.sum() / seconds)),
        Numbers.people(Math.rint(answered() / seconds)),
        shares);
  }
}
