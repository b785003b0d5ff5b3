package dev.ingam.issuance.watermark;

import dev.ingam.keys.row.SetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The watermarks in force at one moment, with the set that names them in the database. Immutable.
///
/// @param set null before the first watermark
/// @param members those that the set names, also such as can hit nothing by now: a wall clock that
///   is put back may bring them into force again
/// @param onTokens those of the members that can still hit a token, newest first
/// @param onSessions those that can still end a session; one that is about to be made too
record InForce(
    SetTable.@Nullable Row set, List<Member> members, List<Mark> onTokens, List<Mark> onSessions) {
  static final InForce NOTHING = new InForce(null, List.of(), List.of(), List.of());

  /// A watermark of the set.
  ///
  /// @param held until when it is asked, wherever the wall clock is put
  record Member(Mark mark, WatermarkTable.Row row, Held held) {}

  /// Moments of the monotonic clock.
  ///
  /// @param tokens until then it is asked about tokens
  /// @param sessions … and about sessions
  record Held(long tokens, long sessions) {}

  InForce {
    members = List.copyOf(members);
    onTokens = List.copyOf(onTokens);
    onSessions = List.copyOf(onSessions);
  }

  long version() {
    return set == null ? 0 : set.version();
  }

  List<WatermarkTable.Row> rows() {
    return members.stream().map(Member::row).toList();
  }

  /// With a mark that ends sessions before anything else of it is in force.
  InForce announcing(Mark mark) {
    var announced = new ArrayList<>(onSessions);
    announced.add(mark);
    return new InForce(set, members, onTokens, announced);
  }

  /// The text of a set: a line for each member, id and MAC.
  static String text(List<WatermarkTable.Row> rows) {
    return rows.stream()
        .map(row -> row.id() + " " + row.mac() + "\n")
        .collect(Collectors.joining());
  }

  /// The MACs by id that a text names; null when it is no such text.
  static @Nullable SortedMap<Long, String> read(String text) {
    var members = new TreeMap<Long, String>();
    for (var line : text.lines().toList()) {
      var parts = line.split(" ", -1);
      try {
        if (parts.length != 2 || members.put(Long.valueOf(parts[0]), parts[1]) != null) {
          return null;
        }
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return members;
  }

  /// Whether the database still says what is in force.
  boolean isIn(SetTable.@Nullable Row found, Map<Long, WatermarkTable.Row> rows) {
    return Objects.equals(found, set)
        && members.stream().allMatch(each -> each.row().equals(rows.get(each.mark().id())));
  }
}
