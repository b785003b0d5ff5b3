package dev.ingam.drill.shop;

import dev.ingam.drill.web.DrillException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The members' passwords, all from one seed: the shop and the honest shoppers have it, the
/// attacker has his own password.
public record Passwords(String seed) {
  public String of(String member) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(seed.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      var sum = mac.doFinal(member.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sum).substring(0, 16);
    } catch (GeneralSecurityException e) {
      throw new DrillException("this Java has no HMAC-SHA256: " + e.getMessage(), e);
    }
  }

  boolean match(String member, String password) {
    return MessageDigest.isEqual(
        of(member).getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Passwords[redacted]";
  }
}
