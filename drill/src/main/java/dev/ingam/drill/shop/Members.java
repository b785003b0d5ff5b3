package dev.ingam.drill.shop;

import dev.ingam.drill.web.Json;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The members of the shop, numbered from 1, with made-up data that depends on the number alone.
/// Number 0 is the engineer, who is a customer too. Ids can be counted through, as in the shop of
/// 2025.
public record Members(int count) {
  private static final String FAMILY = "김이박최정강조윤장임";
  private static final List<String> GIVEN =
      List.of("서연", "민준", "지우", "도윤", "하은", "시우", "서준", "수아", "예준", "지민", "유진");

  public Members {
    if (count < 1 || count > 999_999) {
      throw new IllegalArgumentException("expected 1 to 999999 members, came " + count);
    }
  }

  public static String id(int number) {
    return String.format(Locale.ROOT, "m-%06d", number);
  }

  /// The number behind an id; null when no such member exists.
  @Nullable Integer number(String id) {
    if (!id.matches("m-[0-9]{6}")) {
      return null;
    }
    var number = Integer.parseInt(id.substring(2));
    return number <= count ? number : null;
  }

  /// What a page shows about a member; null when no such member exists.
  @Nullable Json show(String id, Page page) {
    var number = number(id);
    if (number == null) {
      return null;
    }
    var shown = Json.empty().with("member", id).with("page", page.path());
    return switch (page) {
      case PROFILE ->
          shown
              .with("name", name(number))
              .with("email", id + "@example.com")
              .with("phone", phone(number));
      case ADDRESSES -> shown.with("addresses", List.of(address(number), address(number + 7)));
      case ORDER -> shown.with("ordered", "1 x rice cooker").with("to", address(number));
    };
  }

  private static String name(int number) {
    return FAMILY.charAt(number % FAMILY.length()) + GIVEN.get(number % GIVEN.size());
  }

  private static String phone(int number) {
    return String.format(Locale.ROOT, "010-0000-%04d", number % 10_000);
  }

  private static Json address(int number) {
    return Json.empty()
        .with("recipient", name(number))
        .with("address", "서울시 견본구 예시로 " + number)
        .with("door_code", String.format(Locale.ROOT, "%04d*", number * 37 % 10_000));
  }
}
