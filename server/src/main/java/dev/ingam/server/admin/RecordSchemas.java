package dev.ingam.server.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The OpenAPI schema of a record: what is not `@Nullable` is always there, and nothing else is.
final class RecordSchemas implements ModelConverter {
  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    var schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    var raw = Json.mapper().constructType(type.getType()).getRawClass();
    if (schema != null && raw.isRecord()) {
      var reference = schema.get$ref();
      var model =
          reference == null
              ? schema
              : context.getDefinedModels().get(reference.substring(reference.lastIndexOf('/') + 1));
      if (model != null) {
        describe(model, raw);
      }
    }
    return schema;
  }

  private static void describe(Schema<?> model, Class<?> raw) {
    model.addType("object");
    model.setAdditionalProperties(false);
    for (var component : raw.getRecordComponents()) {
      var name = SnakeCaseStrategy.INSTANCE.translate(component.getName());
      var required = model.getRequired() == null ? List.<String>of() : model.getRequired();
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)
          && model.getProperties().containsKey(name)
          && !required.contains(name)) {
        model.addRequiredItem(name);
      }
    }
  }
}
