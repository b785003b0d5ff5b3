package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// An OpenAPI document, and whether an answer is what it promises.
final class OpenApiDocument {
  private final JsonNode document;

  OpenApiDocument(JsonNode document) {
    this.document = document;
  }

  JsonNode json() {
    return document;
  }

  Set<String> paths() {
    return new TreeSet<>(document.path("paths").propertyNames());
  }

  /// Fails when a described call answered otherwise than it is described.
  void check(String method, String path, int status, JsonNode body) {
    var operation = template(path).map(each -> each.path(method.toLowerCase()));
    if (operation.isEmpty() || operation.get().isMissingNode()) {
      return;
    }
    var response = resolved(operation.get().path("responses").path(Integer.toString(status)));
    var call = method + " " + path + " " + status;
    assertThat(response.isMissingNode()).as(call + " is described").isFalse();
    var schema = response.path("content").path("application/json").path("schema");
    if (!schema.isMissingNode()) {
      check(call, schema, body);
    }
  }

  /// The path item that is most exact about this path.
  private Optional<JsonNode> template(String path) {
    return paths().stream()
        .filter(each -> path.matches(each.replaceAll("\\{[a-z]+}", "[^/]+")))
        .min((one, other) -> Boolean.compare(one.contains("{"), other.contains("{")))
        .map(each -> document.path("paths").path(each));
  }

  private void check(String where, JsonNode reference, JsonNode value) {
    var schema = resolved(reference);
    switch (schema.path("type").asString("any")) {
      case "object" -> checkObject(where, schema, value);
      case "array" -> {
        assertThat(value.isArray()).as(where).isTrue();
        value.forEach(item -> check(where + "[]", schema.path("items"), item));
      }
      case "string" -> assertThat(value.isString()).as(where).isTrue();
      case "integer" -> assertThat(value.isIntegralNumber()).as(where).isTrue();
      case "boolean" -> assertThat(value.isBoolean()).as(where).isTrue();
      default -> assertThat(schema.path("properties")).as(where).isEmpty();
    }
  }

  private void checkObject(String where, JsonNode schema, JsonNode value) {
    assertThat(value.isObject()).as(where).isTrue();
    for (var required : schema.path("required")) {
      assertThat(value.has(required.asString())).as(where + " has " + required).isTrue();
    }
    var properties = schema.path("properties");
    var more = schema.path("additionalProperties");
    for (var name : value.propertyNames()) {
      if (properties.has(name)) {
        check(where + "." + name, properties.path(name), value.path(name));
      } else if (more.isObject()) {
        check(where + "." + name, more, value.path(name));
      } else {
        assertThat(more.asBoolean(properties.isMissingNode()))
            .as(where + "." + name + " is described")
            .isTrue();
      }
    }
  }

  private JsonNode resolved(JsonNode node) {
    var reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }
}
