package dev.ingam.bench;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The report for programs: one JSON object on one line.
final class ReportJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ReportJson() {}

  static String of(Report report) {
    var text = new StringWriter();
    try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      out.writeStringProperty("at", report.at().toString());
      writeMachine(out, report.machine());
      out.writeStringProperty("provider", report.provider());
      out.writeArrayPropertyStart("method");
      report.method().forEach(out::writeString);
      out.writeEndArray();
      out.writeArrayPropertyStart("figures");
      report.figures().forEach(figure -> writeFigure(out, figure));
      out.writeEndArray();
      out.writeBooleanProperty("reached", report.reached());
      out.writeEndObject();
    }
    return text + "\n";
  }

  private static void writeMachine(JsonGenerator out, Machine machine) {
    out.writeObjectPropertyStart("machine");
    out.writeStringProperty("cpu", machine.cpu());
    out.writeNumberProperty("cores", machine.cores());
    out.writeNumberProperty("memory_mb", machine.memoryMegabytes());
    out.writeStringProperty("system", machine.system());
    out.writeStringProperty("java", machine.java());
    out.writeEndObject();
  }

  private static void writeFigure(JsonGenerator out, Figure figure) {
    out.writeStartObject();
    out.writeStringProperty("figure", figure.name());
    out.writeStringProperty("unit", figure.unit());
    out.writeNumberProperty("ours", rounded(figure.ours()));
    var limit = figure.limit();
    var ratio = figure.ratio();
    if (limit != null && ratio != null) {
      out.writeNumberProperty("limit", rounded(limit.value()));
      out.writeStringProperty("limit_is", limit.what());
      out.writeNumberProperty("ratio", rounded(ratio));
    }
    var target = figure.target();
    var reached = figure.reached();
    if (target != null && reached != null) {
      out.writeStringProperty("target", target.text());
      out.writeBooleanProperty("reached", reached);
    }
    if (!figure.note().isEmpty()) {
      out.writeStringProperty("note", figure.note());
    }
    out.writeEndObject();
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
