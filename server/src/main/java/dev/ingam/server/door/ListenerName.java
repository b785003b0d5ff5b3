package dev.ingam.server.door;

/// The three places where the server listens. A connector of Jetty carries the name of its
/// listener.
public enum ListenerName {
  PUBLIC("public"),
  INTERNAL("internal"),
  ADMIN("admin");

  private final String connector;

  ListenerName(String connector) {
    this.connector = connector;
  }

  public String connector() {
    return connector;
  }

  /// The listener whose connector has this name; an unknown connector is a fault of the wiring.
  static ListenerName of(String connector) {
    for (var listener : values()) {
      if (listener.connector.equals(connector)) {
        return listener;
      }
    }
    throw new IllegalStateException("no listener has a connector named " + connector);
  }
}
