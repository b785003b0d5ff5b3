package dev.ingam.server.door;

/// What kind of body a door takes, and how much of it.
public enum Body {
  /// None is read.
  IGNORED("", 0),
  /// Form parameters.
  FORM("application/x-www-form-urlencoded", 32 << 10),
  /// A log-in event or the like.
  SMALL_JSON("application/json", 16 << 10),
  /// A batch for the ledger: 512 items.
  LARGE_JSON("application/json", 4 << 20);

  private final String mediaType;
  private final int limit;

  Body(String mediaType, int limit) {
    this.mediaType = mediaType;
    this.limit = limit;
  }

  String mediaType() {
    return mediaType;
  }

  int limit() {
    return limit;
  }

  /// Whether a Content-Type is this one; parameters other than a UTF-8 charset are not taken.
  boolean accepts(String contentType) {
    var semicolon = contentType.indexOf(';');
    if (semicolon < 0) {
      return contentType.strip().equalsIgnoreCase(mediaType);
    }
    var parameter = contentType.substring(semicolon + 1).strip();
    return contentType.substring(0, semicolon).strip().equalsIgnoreCase(mediaType)
        && (parameter.equalsIgnoreCase("charset=utf-8")
            || parameter.equalsIgnoreCase("charset=\"utf-8\""));
  }
}
