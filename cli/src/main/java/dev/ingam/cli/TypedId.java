package dev.ingam.cli;

import java.util.Arrays;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/// The id of a key or a serial on the command line. Both are base64url and may begin with a hyphen,
/// which would make an option of them: whole ids are marked before the options are read.
final class TypedId implements ITypeConverter<String> {
  /// 22 characters of a serial or 43 of a key; no option of ours is as long.
  private static final Pattern LIKE_AN_OPTION =
      Pattern.compile("-[A-Za-z0-9_-]{21}(?:[A-Za-z0-9_-]{21})?");

  private static final String MARK = "\u0001";

  static String[] marked(String... arguments) {
    return Arrays.stream(arguments)
        .map(each -> LIKE_AN_OPTION.matcher(each).matches() ? MARK + each : each)
        .toArray(String[]::new);
  }

  @Override
  public String convert(String typed) {
    return typed.startsWith(MARK) ? typed.substring(MARK.length()) : typed;
  }
}
