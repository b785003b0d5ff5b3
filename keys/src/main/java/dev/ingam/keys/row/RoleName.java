package dev.ingam.keys.row;

import java.util.regex.Pattern;

/// The name of a database role, such that it can stand between double quotes in SQL.
///
/// @param value 1 to 63 letters, digits, `_` and `-`, first a letter or `_`; none that PostgreSQL
///   keeps for itself: `public` would mean everybody
public record RoleName(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");
  private static final Pattern RESERVED = Pattern.compile("public|none|pg_.*");

  /// The role that works with the tables, unless the operator has another.
  public static final RoleName SERVER = new RoleName("ingam_server");

  /// The role that owns the tables, unless the operator has another.
  public static final RoleName OWNER = new RoleName("ingam_owner");

  public RoleName {
    if (!isOne(value)) {
      throw new IllegalArgumentException(
          "expected the name of a role: 1 to 63 letters, digits, _ and -, first a letter or _, not"
              + " public, none or pg_...");
    }
  }

  /// Whether this is the name of a role.
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches() && !RESERVED.matcher(text).matches();
  }
}
