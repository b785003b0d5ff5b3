package dev.ingam.server.admin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// `GET /metrics`, behind the guard and not in the OpenAPI document: the text that Prometheus
/// reads. It needs neither Spring nor the database.
public final class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  /// [The text format](https://prometheus.io/docs/instrumenting/exposition_formats/).
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final transient Supplier<String> scrape;

  public MetricsServlet(Supplier<String> scrape) {
    this.scrape = scrape;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      AdminError.METHOD_NOT_ALLOWED.write(response, "Expected GET; came another method.");
      return;
    }
    var text = scrape.get().getBytes(StandardCharsets.UTF_8);
    response.setContentType(TEXT);
    response.setContentLength(text.length);
    if (method.equals("GET")) {
      response.getOutputStream().write(text);
    }
  }
}
