package dev.ingam.drill;

import dev.ingam.drill.attack.AttackConfig;
import dev.ingam.drill.attack.AttackMain;
import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.ShopMain;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;

/// The demo: a server, a shop and an attacker, each a process of its own, and honest shoppers all
/// the while. Closing it stops all of them and deletes the folder, if that is a temporary one.
final class Demo implements AutoCloseable {
  private static final Duration SHOP_PATIENCE = Duration.ofMinutes(5);
  private static final Duration ATTACKER_PATIENCE = Duration.ofSeconds(60);
  private static final Duration KEY_PATIENCE = Duration.ofSeconds(30);

  private final int accounts;
  private final WorkFolder folder;
  private final Jvm jvm;
  private final Clock clock;
  private final Consumer<String> progress;
  private final Setup setup;
  private final HttpCaller http = new HttpCaller();

  /// What was started, the last one first; null once all is closed. Guarded by this.
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /// Guarded by this.
  private boolean closed;

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

  /// The result, and what is needed to go on by hand.
  record Played(
      DemoResult result,
      ShopDoors shop,
      URI admin,
      Path souvenir,
      Path rootCredential,
      String password) {}

  Demo(int accounts, WorkFolder folder, Jvm jvm, Clock clock, Consumer<String> progress) {
    this.accounts = accounts;
    this.folder = folder;
    this.jvm = jvm;
    this.clock = clock;
    this.progress = progress;
    this.setup = new Setup(folder, new SecureRandom());
    opened(folder);
  }

  Played play() {
    progress.accept("The server starts ...");
    var server = opened(IngamServer.start(folder, jvm, setup.serverConfig(), clock));
    setup.tell(server);
    progress.accept("The shop opens; its " + accounts + " members log in ...");
    var shop = openShop(server);
    var shoppers = openShoppers(shop);
    var attacker = openAttacker(server, shop);
    var kid = Setup.keys(server, "active", false).getFirst().text("kid");
    var raids = new Raids(attacker, progress);
    var watch =
        new KeyWatch(
            http, server.ports().publicUri(), kid, clock, () -> shoppers.counts().stolen(kid));
    opened(watch);
    var spoils = raids.run(watch::begin);
    shoppers.close();
    progress.accept("Shop and attacker compare their books ...");
    var books = http.get(shop.books(), Map.of()).expect("the shop's books");
    var result =
        new Findings(accounts, server, kid, spoils, shoppers.counts(), clock)
            .result(books, watch.gone(KEY_PATIENCE), raids);
    var souvenir = folder.write("attacker/forged-token", raids.souvenir());
    attacker.close();
    return played(result, shop, server, souvenir);
  }

  /// Closes what was started, the last one first. What starts meanwhile is closed at once.
  @Override
  public synchronized void close() {
    closed = true;
    while (!started.isEmpty()) {
      close(started.pop());
    }
  }

  private ShopDoors openShop(IngamServer server) {
    var config = folder.write("shop/shop.json", setup.shop(server, accounts).stored());
    var child = opened(Child.start("shop", jvm.drill(ShopMain.class, config), folder.log("shop")));
    return ShopDoors.of(child.answer(SHOP_PATIENCE));
  }

  private Shoppers openShoppers(ShopDoors shop) {
    var doors = new Shoppers.Doors(shop.login(), shop.behindIngam());
    return opened(new Shoppers(new HttpCaller(), doors, setup.passwords(), accounts, clock));
  }

  private Child openAttacker(IngamServer server, ShopDoors shop) {
    var self = Members.id(0);
    var address = server.address();
    var config =
        new AttackConfig(
            new AttackConfig.Targets(
                shop.login(),
                shop.behindIngam(),
                shop.behindSignatureOnly(),
                accounts,
                Math.max(1, accounts / 10)),
            new AttackConfig.Customer(self, setup.passwords().of(self)),
            setup.store(server, false),
            setup.store(server, true),
            new AttackConfig.Login(
                address.publicUri(),
                address.internalUri(),
                address.issuer(),
                setup.upstream(),
                setup.exchange()));
    var file = folder.write("attacker/attack.json", config.stored());
    var child =
        opened(Child.start("attacker", jvm.drill(AttackMain.class, file), folder.log("attacker")));
    child.answer(ATTACKER_PATIENCE);
    return child;
  }

  private Played played(DemoResult result, ShopDoors shop, IngamServer server, Path souvenir) {
    return new Played(
        result,
        shop,
        server.ports().adminUri(),
        souvenir,
        folder.installation().resolve("root-credential"),
        setup.passwords().of(Members.id(1)));
  }

  private synchronized <T extends AutoCloseable> T opened(T resource) {
    if (closed) {
      close(resource);
      throw new DrillException("stopped");
    }
    started.push(resource);
    return resource;
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new DrillException("could not close " + resource + ": " + e.getMessage(), e);
    }
  }
}
