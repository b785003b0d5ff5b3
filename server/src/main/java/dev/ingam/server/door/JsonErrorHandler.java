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
    var headers = response.getHeaders();
    headers.put(JSON);
    headers.put(DoorHandler.NO_STORE);
    headers.put(DoorHandler.NO_SNIFF);
    var code = status < 500 ? "invalid_request" : "server_error";
    response.write(true, ByteBuffer.wrap(ErrorBody.of(code, words(status))), callback);
    return true;
  }

  private static String words(int status) {
    return switch (status) {
      case HttpStatus.BAD_REQUEST_400 ->
          "expected an HTTP/1.1 request with one Host and a canonical path (no //, %2F, %2E or encoded control characters)";
      case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          "expected a request line and headers of at most 16 KiB together";
      default -> HttpStatus.getMessage(status);
    };
  }
}
