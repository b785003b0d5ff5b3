package dev.ingam.drill.shop;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the shop shows to a member. Each page is about the one the token names, and each holds
/// personal data.
public enum Page {
  /// Name, e-mail, telephone.
  PROFILE("GET", "/my/profile", false),
  /// Recipients, addresses, door codes.
  ADDRESSES("GET", "/my/delivery-addresses", false),
  /// An order to the first address; a token buys once.
  ORDER("POST", "/my/orders", true);

  private final String method;
  private final String path;
  private final boolean singleUse;

  Page(String method, String path, boolean singleUse) {
    this.method = method;
    this.path = path;
    this.singleUse = singleUse;
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  public boolean singleUse() {
    return singleUse;
  }

  static @Nullable Page find(String method, String path) {
    return Stream.of(values())
        .filter(page -> page.method.equals(method) && page.path.equals(path))
        .findFirst()
        .orElse(null);
  }
}
