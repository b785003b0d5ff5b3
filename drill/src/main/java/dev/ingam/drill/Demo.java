package dev.ingam.drill;

import dev.ingam.drill.attack.AttackConfig;
import dev.ingam.drill.attack.AttackMain;
import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.ShopMain;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The demo: a server, a shop and an attacker, each a process of its own, and honest shoppers all
/// the while. Closing it stops all of them and deletes the folder, if that is a temporary one.
final class Demo implements AutoCloseable {
  private static final Duration SHOP_PATIENCE = Duration.ofMinutes(5);
  private static final Duration ATTACKER_PATIENCE = Duration.ofSeconds(60);
  private static final Duration KEY_PATIENCE = Duration.ofSeconds(30);
  private static final int EVERY_MILLIS = 20;

  private final int accounts;
  private final @Nullable Path named;
  private final Jvm jvm;
  private final Clock clock;
  private final Consumer<String> progress;
  private final HttpCaller http = new HttpCaller();

  private final Opened opened = new Opened("demo");

  /// Where the shop's doors are.
  record ShopDoors(URI login, URI behindIngam, URI behindSignatureOnly, URI books) {
    static ShopDoors of(Json json) {
      return new ShopDoors(
          URI.create(json.text("login")),
          URI.create(json.text("ingam")),
          URI.create(json.text("signature_only")),
          URI.create(json.text("books")));
    }
  }

  /// What stands when the shop is open.
  private record Scene(WorkFolder folder, Setup setup, IngamServer server, ShopDoors shop) {}

  /// The result, and what is needed to go on by hand.
  record Played(
      DemoResult result,
      ShopDoors shop,
      URI admin,
      Path souvenir,
      Path rootCredential,
      String password) {}

  /// Makes nothing yet.
  Demo(DemoOptions options, Jvm jvm, Clock clock, Consumer<String> progress) {
    this.accounts = options.accounts();
    this.named = options.workFolder();
    this.jvm = jvm;
    this.clock = clock;
    this.progress = progress;
  }

  Played play() {
    var folder = opened.add(() -> WorkFolder.make(named));
    var setup = new Setup(folder, new SecureRandom());
    progress.accept("The server starts ...");
    var process = opened.add(() -> IngamServer.launch(folder, jvm, setup.serverConfig()));
    var server = IngamServer.ready(process, folder, clock);
    setup.tell(server);
    progress.accept("The shop opens; its " + accounts + " members log in ...");
    var scene = new Scene(folder, setup, server, openShop(folder, setup, server));
    var shoppers = openShoppers(scene);
    var attacker = openAttacker(scene);
    var kid = Setup.signingKid(server);
    var watch = openWatch(scene, kid, shoppers);
    var raids = new Raids(attacker, progress);
    var spoils = raids.run(watch::begin);
    var seen = watch.seen(KEY_PATIENCE);
    awaitPagesWithGoneKey(shoppers.counts());
    shoppers.close();
    progress.accept("Shop and attacker compare their books ...");
    var books = http.get(scene.shop().books(), Map.of()).expect("the shop's books");
    var result =
        new Findings(accounts, server, kid, spoils, shoppers.counts(), clock)
            .result(books, seen, raids);
    var souvenir = folder.write("attacker/forged-token", raids.souvenir());
    attacker.close();
    return played(result, scene, souvenir);
  }

  /// Closes what was started; nothing starts afterwards.
  @Override
  public void close() {
    opened.close();
  }

  private ShopDoors openShop(WorkFolder folder, Setup setup, IngamServer server) {
    var config = folder.write("shop/shop.json", setup.shop(server, accounts).stored());
    var command = jvm.drill(ShopMain.class, config);
    var child = opened.add(() -> Child.start("shop", command, folder.log("shop")));
    return ShopDoors.of(child.answer(SHOP_PATIENCE));
  }

  private Shoppers openShoppers(Scene scene) {
    var doors = new Shoppers.Doors(scene.shop().login(), scene.shop().behindIngam());
    var passwords = scene.setup().passwords();
    return opened.add(() -> new Shoppers(new HttpCaller(), doors, passwords, accounts, clock));
  }

  private KeyWatch openWatch(Scene scene, String kid, Shoppers shoppers) {
    var server = scene.server();
    var beside = Setup.kids(server, scene.setup().store(server, false));
    var stolen =
        new KeyWatch.Stolen(kid, beside, () -> shoppers.counts().gone(kid), shoppers.freshKid());
    return opened.add(() -> new KeyWatch(stolen, http, server.ports().publicUri(), clock));
  }

  private Child openAttacker(Scene scene) {
    var folder = scene.folder();
    var file = folder.write("attacker/attack.json", attackConfig(scene).stored());
    var command = jvm.drill(AttackMain.class, file);
    var child = opened.add(() -> Child.start("attacker", command, folder.log("attacker")));
    child.answer(ATTACKER_PATIENCE);
    return child;
  }

  private AttackConfig attackConfig(Scene scene) {
    var self = Members.id(0);
    var setup = scene.setup();
    var shop = scene.shop();
    var address = scene.server().address();
    return new AttackConfig(
        new AttackConfig.Targets(
            shop.login(),
            shop.behindIngam(),
            shop.behindSignatureOnly(),
            accounts,
            Math.max(1, accounts / 10)),
        new AttackConfig.Customer(self, setup.passwords().of(self)),
        setup.store(scene.server(), false),
        setup.store(scene.server(), true),
        new AttackConfig.Login(
            address.publicUri(),
            address.internalUri(),
            address.issuer(),
            setup.upstream(),
            setup.exchange()));
  }

  /// A demo with few accounts is over before an honest shopper has looked at another page.
  private void awaitPagesWithGoneKey(ShopperCounts counts) {
    var deadline = clock.instant().plus(KEY_PATIENCE);
    while (counts.goneKey() != null
        && counts.pagesWithGoneKey() == 0
        && clock.instant().isBefore(deadline)) {
      IngamServer.pause(EVERY_MILLIS);
    }
  }

  private static Played played(DemoResult result, Scene scene, Path souvenir) {
    return new Played(
        result,
        scene.shop(),
        scene.server().ports().adminUri(),
        souvenir,
        scene.folder().installation().resolve("root-credential"),
        scene.setup().passwords().of(Members.id(1)));
  }
}
