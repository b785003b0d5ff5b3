package dev.ingam.server.door;

import java.util.Set;

/// One row of the table of doors.
///
/// @param path exactly, as it comes in the request line; one that ends with a slash stands for all
///   that begins with it
/// @param methods that it takes; empty for any
/// @param waits whether the door may wait for the database, and so gets a virtual thread; the other
///   doors wait for nothing longer than a signature
public record DoorRow(
    Set<ListenerName> listeners,
    String path,
    Set<String> methods,
    Body body,
    boolean waits,
    Door door) {
  public DoorRow {
    listeners = Set.copyOf(listeners);
    methods = Set.copyOf(methods);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("expected a path from the root, came " + path);
    }
    if (path.endsWith("/") && path.indexOf('/', 1) != path.length() - 1) {
      throw new IllegalArgumentException("expected one segment to stand for more, came " + path);
    }
    if (listeners.isEmpty() || listeners.contains(ListenerName.ADMIN)) {
      throw new IllegalArgumentException(path + ": a hot door is public or internal");
    }
  }

  public static DoorRow get(Set<ListenerName> listeners, String path, Door door) {
    return new DoorRow(listeners, path, Set.of("GET", "HEAD"), Body.IGNORED, false, door);
  }

  public static DoorRow post(Set<ListenerName> listeners, String path, Body body, Door door) {
    return new DoorRow(listeners, path, Set.of("POST"), body, false, door);
  }

  /// The same for a door that may wait.
  public DoorRow waiting() {
    return new DoorRow(listeners, path, methods, body, true, door);
  }
}
