package dev.ingam.server.admin;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;

/// What the OpenAPI document says of every call: a name of its own, and each error that it may
/// answer with.
final class DocumentRules implements OperationCustomizer {
  private static final String ERROR = "Error";
  private static final Set<AdminError> ALWAYS =
      EnumSet.of(
          AdminError.UNAUTHORIZED,
          AdminError.CROSS_SITE,
          AdminError.NOT_ACCEPTABLE,
          AdminError.MISDIRECTED,
          AdminError.SERVER_ERROR,
          AdminError.UNAVAILABLE,
          // A query, a path or a body that the call does not have.
          AdminError.INVALID_REQUEST,
          AdminError.TOO_LARGE);

  /// The errors, to which the calls refer.
  static Components addTo(Components components) {
    var body = new ObjectSchema();
    body.addProperty("error", new StringSchema());
    body.addProperty("error_description", new StringSchema());
    body.setRequired(List.of("error", "error_description"));
    components.addSchemas(ERROR, body);
    var schema = new Schema<>().$ref("#/components/schemas/" + ERROR);
    for (var error : AdminError.values()) {
      components.addResponses(
          error.code(),
          new ApiResponse()
              .description(error.code())
              .content(
                  new Content().addMediaType("application/json", new MediaType().schema(schema))));
    }
    return components;
  }

  @Override
  public Operation customize(Operation operation, HandlerMethod method) {
    operation.setOperationId(operation.getTags().getFirst() + "_" + method.getMethod().getName());
    for (var error : errors(method)) {
      operation
          .getResponses()
          .addApiResponse(
              Integer.toString(error.status()),
              new ApiResponse().$ref("#/components/responses/" + error.code()));
    }
    return operation;
  }

  private static Set<AdminError> errors(HandlerMethod method) {
    var errors = EnumSet.copyOf(ALWAYS);
    var more = method.getMethodAnnotation(Refuses.class);
    if (more != null) {
      errors.addAll(List.of(more.value()));
    }
    for (var parameter : method.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestBody.class)) {
        errors.add(AdminError.UNSUPPORTED_MEDIA_TYPE);
      }
    }
    return errors;
  }
}
