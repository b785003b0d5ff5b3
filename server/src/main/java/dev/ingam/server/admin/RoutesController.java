package dev.ingam.server.admin;

import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.issuance.route.Routes;
import dev.ingam.server.door.Reply;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Routes of the gate.
@RestController
@RequestMapping(path = "/admin/routes", produces = Reply.JSON)
@Tag(name = "routes")
final class RoutesController {
  private final Routes routes;
  private final SecureRandom random;

  RoutesController(Routes routes, SecureRandom random) {
    this.routes = routes;
    this.random = random;
  }

  record RouteList(List<Shown> routes) {}

  @Schema(name = "Route")
  record Shown(
      String id,
      String method,
      String path,
      String audience,
      List<String> scopes,
      String data,
      boolean singleUse,
      boolean clients,
      boolean bound) {
    static Shown of(Route route) {
      return new Shown(
          route.id(),
          route.method(),
          route.path().toString(),
          route.audience(),
          List.copyOf(new TreeSet<>(route.scopes())),
          route.dataClass().name().toLowerCase(Locale.ROOT),
          route.singleUse(),
          route.clientsAllowed(),
          route.boundOnly());
    }
  }

  /// @param id made by us when absent
  @Schema(name = "NewRoute")
  record New(
      @Nullable String id,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String method,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String path,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String audience,
      @Nullable List<@Nullable String> scopes,
      @Nullable String data,
      @Nullable Boolean singleUse,
      @Nullable Boolean clients,
      @Nullable Boolean bound) {}

  @GetMapping
  @Operation(summary = "All routes, in the order in which they are tried")
  RouteList list() {
    return new RouteList(routes.list().stream().map(Shown::of).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  @Refuses(AdminError.CONFLICT)
  @Operation(summary = "Add a route")
  Shown add(@RequestBody New body) {
    var route = route(body);
    return switch (routes.add(route, KeysController.ACTOR)) {
      case ADDED -> Shown.of(route);
      case EXISTS ->
          throw AdminError.CONFLICT.because(
              "Expected a new route; there is one of this id, or of this method and path. Remove it first.");
      case AUDIENCE_LOWERED ->
          throw AdminError.CONFLICT.because(
              "Expected an audience whose trust level is required for a route of personal data; it is lowered. First: ingam audiences set AUDIENCE --trust required");
      case IN_DOUBT ->
          throw AdminError.CONFLICT.because(
              "Expected the set of routes that this server wrote; it was changed in the database. Remove all routes first.");
    };
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Refuses(AdminError.NOT_FOUND)
  @Operation(
      summary = "Remove a route; what it let through is then unmatched, and held to the strictest")
  void remove(@PathVariable("id") String id) {
    if (!routes.remove(id, KeysController.ACTOR)) {
      throw AdminError.NOT_FOUND.because("Expected the id of a route; there is none of this id.");
    }
  }

  private Route route(New body) {
    if (body.method() == null || body.path() == null || body.audience() == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"method\", \"path\" and \"audience\"; one is missing.");
    }
    try {
      return new Route(
          body.id() == null ? freshId() : body.id(),
          body.method(),
          PathPattern.of(body.path()),
          body.audience(),
          ClientJson.set("scopes", body.scopes()),
          dataClass(body.data()),
          Boolean.TRUE.equals(body.singleUse()),
          Boolean.TRUE.equals(body.clients()),
          Boolean.TRUE.equals(body.bound()));
    } catch (IllegalArgumentException e) {
      throw AdminError.INVALID_REQUEST.because("Not a route: " + e.getMessage() + ".");
    }
  }

  private String freshId() {
    var bytes = new byte[5];
    random.nextBytes(bytes);
    return "r" + HexFormat.of().formatHex(bytes);
  }

  static DataClass dataClass(@Nullable String name) {
    if (name == null) {
      return DataClass.PERSONAL;
    }
    for (var each : DataClass.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw AdminError.INVALID_REQUEST.because(
        "Expected \"data\" none, internal or personal; came " + AdminError.word(name) + ".");
  }
}
