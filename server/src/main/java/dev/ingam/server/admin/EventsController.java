package dev.ingam.server.admin;

import dev.ingam.keys.row.EventTable;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.Event;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What happened, by schema, in numbers without gaps.
@RestController
@RequestMapping(path = "/admin/events", produces = Reply.JSON)
@Tag(name = "events")
final class EventsController {
  private static final int MAX_LIMIT = 1000;

  private final Map<String, EventTable> tables;

  /// @param tables by schema
  EventsController(Map<String, EventTable> tables) {
    this.tables = Map.copyOf(tables);
  }

  /// @param last the number to ask on after
  @Schema(name = "EventList")
  record Events(List<Shown> events, long last) {}

  @Schema(name = "Event")
  record Shown(
      int v,
      String schema,
      long seq,
      Instant at,
      String type,
      String actor,
      SortedMap<String, String> body) {
    static Shown of(Event event) {
      return new Shown(
          1, event.schema(), event.seq(), event.at(), event.type(), event.actor(), event.body());
    }
  }

  @GetMapping
  @Operation(summary = "Events behind a number, oldest first")
  Events list(
      @RequestParam("schema") String schema,
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = "100") int limit) {
    var table = tables.get(schema);
    if (table == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected schema "
              + String.join(" or ", new TreeSet<>(tables.keySet()))
              + "; came another.");
    }
    if (after < 0 || limit < 1 || limit > MAX_LIMIT) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected after of 0 or more and limit of 1 to 1000; came others.");
    }
    var events = table.after(after, limit);
    var last = events.isEmpty() ? after : events.getLast().seq();
    return new Events(events.stream().map(Shown::of).toList(), last);
  }
}
