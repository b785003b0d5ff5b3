package dev.ingam.server.door;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Answers what never reaches a handler (a request that is no HTTP, headers too large) in the one
/// shape of our errors, without the server's name and without a word of the request.
public final class JsonErrorHandler implements Request.Handler {
  private static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, Reply.JSON);

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var status = response.getStatus();
    response.getHeaders().put(JSON);
    var code = status < 500 ? "invalid_request" : "server_error";
    var body = ErrorBody.of(code, HttpStatus.getMessage(status));
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
