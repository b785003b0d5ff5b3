package dev.ingam.drill;

import java.util.Locale;

/// The demo's result on one screen, for someone who has never heard of it.
final class Story {
  private Story() {}

  static String tell(DemoResult result) {
    var problems = new StringBuilder();
    for (var problem : result.problems()) {
      problems.append("NOT AS PROMISED: ").append(problem).append('\n');
    }
    return opening(result) + exposed(result) + reaction(result) + problems;
  }

  /// Commands to try while the demo serves on.
  static String tryIt(Demo.Played played) {
    var shop = played.shop();
    return String.format(
        Locale.ROOT,
        """

        Everything still runs. Try it in another terminal:

          # a forged token for a customer: the gate of 2025 shows her page, Ingam does not
          FORGED=$(cat %1$s)
          curl -si -H "Authorization: Bearer $FORGED" %2$s/my/profile
          curl -si -H "Authorization: Bearer $FORGED" %3$s/my/profile

          # the same customer logs in
          TOKEN=$(curl -s -d '{"member":"m-000001","password":"%4$s"}' %5$s/login | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
          curl -si -H "Authorization: Bearer $TOKEN" %3$s/my/profile

          # what the operator sees
          ROOT=$(cat %6$s)
          curl -s -H "Authorization: Bearer $ROOT" %7$s/admin/status
          curl -s -H "Authorization: Bearer $ROOT" %7$s/admin/proofs

        Ctrl-C stops the server, its database and the shop.
        """,
        played.souvenir(),
        shop.behindSignatureOnly(),
        shop.behindIngam(),
        played.password(),
        shop.login(),
        played.rootCredential(),
        played.admin());
  }

  private static String opening(DemoResult result) {
    return String.format(
        Locale.ROOT,
        """

        INGAM  A stolen signing key opens nothing.  인감: 훔친 서명 키로는 아무것도 열리지 않습니다.

        An engineer left a shop with %,d customers and kept the private key that signs its access tokens.
        He forges a token for every customer and asks the shop for names, addresses and door codes.
        The signatures are real. How many people does he get to see?

        """,
        result.accounts());
  }

  private static String exposed(DemoResult result) {
    var exposed = result.exposed();
    var forged = result.forged();
    return String.format(
        Locale.ROOT,
        """
          What the gate checks                          People exposed
          the signature, as in 2025                   %,8d of %,d
          and that we issued this token: Ingam        %,8d of %,d   %,d forged requests, %d stolen keys
          ... he has the reserve keys as well         %,8d of %,d
          ... he holds the log-in system's key and
              credential, all customers logged in     %,8d of %,d   %,d tries

        """,
        exposed.signatureOnly(),
        result.accounts(),
        exposed.ingam(),
        result.accounts(),
        forged.requests(),
        forged.keysCopied(),
        exposed.reserveThief(),
        result.accounts(),
        exposed.exchangeThief(),
        result.accounts(),
        forged.thief().tries());
  }

  private static String reaction(DemoResult result) {
    var theft = result.theft();
    var honest = result.honest();
    return String.format(
        Locale.ROOT,
        """
        A good signature on a token that we never issued proves the theft. From his first forged request it took
          %,8d ms   until Ingam had condemned the stolen key, by its own record
          %,8d ms   until the key was seen to sign no more
          %,8d ms   until a token came that a key of another store had signed (%,d forged requests sent by then)
        and meanwhile
          %,8d      honest requests, %,d refused. %s: %,d pages went to tokens that the stolen
                        key had signed honestly, after it was gone
        The shop's books and the attacker's loot agree page by page: %s.
        """,
        theft.recordedMillis(),
        theft.taintMillis(),
        theft.replacedMillis(),
        result.forged().untilReplaced(),
        honest.requests(),
        honest.refused(),
        honest.refused() == 0 ? "Nobody was logged out" : "THAT IS NOT AS IT SHOULD BE",
        honest.withStolenKey(),
        result.booksAgree() ? "yes" : "NO");
  }
}
