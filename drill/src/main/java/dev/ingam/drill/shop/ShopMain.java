package dev.ingam.drill.shop;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Lifeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/// The process of the sample shop: `ShopMain CONFIG`. Says where its doors are in one line of JSON
/// and serves until its standard input ends.
public final class ShopMain {
  private ShopMain() {}

  public static void main(String[] arguments) {
    try {
      var config =
          ShopConfig.of(Json.read(Files.readAllBytes(Path.of(arguments[0])), arguments[0]));
      serve(config, Clock.systemUTC(), new SecureRandom());
    } catch (IOException | DrillException e) {
      System.err.println("The shop did not open: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void serve(ShopConfig config, Clock clock, SecureRandom random) {
    var http = new HttpCaller();
    var lifeline = new Lifeline(System.in);
    Thread.ofPlatform().daemon().name("lifeline").start(() -> stopWhenCut(lifeline));
    var signatureOnly = new SignatureOnlyGate(http, config.publicUri(), clock);
    signatureOnly.fetch();
    var gates = new Shop.Gates(new IngamGate(http, config.internalUri()), signatureOnly);
    var shop = new Shop(new Members(config.accounts()), gates);
    var login = Shop.openLogin(http, config, clock, random);
    System.out.println(
        Json.empty()
            .with("login", login.uri().toString())
            .with("ingam", shop.behindIngam().toString())
            .with("signature_only", shop.behindSignatureOnly().toString())
            .with("books", shop.books().toString()));
  }

  private static void stopWhenCut(Lifeline lifeline) {
    lifeline.awaitCut();
    System.exit(0);
  }
}
