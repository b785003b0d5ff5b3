package dev.ingam.bench;

import dev.ingam.wire.Base64Url;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Signs as many bytes as a token has and answers as long as a token response is: no client, no
/// parameters, no ledger.
final class BareSigning extends Handler.Abstract {
  private static final int INPUT_BYTES = 360;
  private static final HttpField JSON =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");

  private final ReadySignatures signatures;
  private final byte[] input = "i".repeat(INPUT_BYTES).getBytes(StandardCharsets.US_ASCII);
  private final String head = "{\"access_token\":\"" + "i".repeat(INPUT_BYTES) + ".";
  private final String tail = "\",\"token_type\":\"Bearer\",\"expires_in\":300}";

  BareSigning(ReadySignatures signatures) {
    this.signatures = signatures;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback)
      throws GeneralSecurityException {
    var ready = signatures.take();
    ready.update(input);
    var signature = Base64Url.encode(ready.sign());
    signatures.give(ready);
    response.getHeaders().add(JSON);
    var body = (head + signature + tail).getBytes(StandardCharsets.US_ASCII);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
