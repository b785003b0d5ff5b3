package dev.ingam.server.door;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.DpopCheck;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/// DPoP proofs and nonces as they cross HTTP ([RFC 9449 sections
/// 4.1](https://www.rfc-editor.org/rfc/rfc9449#section-4.1) and 8).
public final class Dpop {
  public static final String HEADER = "DPoP";
  private static final String NONCE = "DPoP-Nonce";

  /// Of a challenge: what a proof may be signed with ([RFC 9449 section
  /// 7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1)).
  public static final String ALGORITHMS = "algs=\"" + String.join(" ", Algorithm.FOREIGN) + "\"";

  private Dpop() {}

  /// The proof that came; empty, and so no proof, when there are several. Null when there is none.
  public static @Nullable String proof(Call call) {
    return call.repeats(HEADER) ? "" : call.header(HEADER);
  }

  /// The answer with a nonce for the next proof, where one is asked for.
  public static Reply withNonce(Reply reply, DpopCheck dpop) {
    var nonce = dpop.nonce();
    return nonce == null ? reply : reply.with(new HttpField(NONCE, nonce));
  }
}
