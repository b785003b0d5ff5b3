package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.judge.Ruling;
import dev.ingam.issuance.ledger.LedgerWorld.Issued;
import dev.ingam.wire.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The host loses its power. The disk has what a completed sync forced, and of all that was written
/// later whatever the kernel happened to have written back: any part of it. What the ledger then
/// says of honest tokens, in seeded worlds, is never a proof and never a second redemption.
class PowerFailureTest {
  private static final int EACH = 24;

  @TempDir Path root;
  private LedgerWorld world;

  /// What was issued in one stretch.
  private record Stretch(List<Issued> plain, List<Issued> single, List<Issued> used) {
    private List<Issued> all() {
      var all = new ArrayList<>(plain);
      all.addAll(single);
      all.addAll(used);
      return all;
    }
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Stretch issue() {
    var stretch = new Stretch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < EACH; i++) {
      stretch.plain().add(world.issue(false));
      stretch.single().add(world.issue(true));
      stretch.used().add(world.issue(true));
    }
    return stretch;
  }

  private void use(Stretch stretch) {
    stretch.used().forEach(each -> assertThat(world.redeem(each)).isEqualTo(Finding.ISSUED));
  }

  /// Of each slot in use the disk has, by chance, what it had at the sync or what came after; of
  /// the header, journal and position what it had at the sync.
  private void losePower(Path synced, Path position, Random chance, List<Issued> tokens)
      throws IOException {
    var later = tokens.stream().map(each -> world.slot(each.serial())).toList();
    world.kill();
    LedgerWorld.copy(synced, world.folder.books());
    Files.write(world.folder.position(), Files.readAllBytes(position));
    for (int i = 0; i < tokens.size(); i++) {
      if (chance.nextBoolean()) {
        world.overwrite(tokens.get(i).serial(), 0, later.get(i));
      }
    }
    world.boot = "boot-2";
    world.open();
  }

  private void assertDoubtOrAsItWas(Issued token, boolean once) {
    var finding = world.ledger().redeem(token.serial(), token.digest(), once);
    assertThat(Ruling.of(finding).conclusion().name()).as(finding.name()).isEqualTo("NONE");
    assertThat(Ruling.of(finding).reason())
        .as(finding.name())
        .isIn(Reason.LEDGER_DOUBT, Reason.ALREADY_REDEEMED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void power_lost_isDoubtAboveTheMarkAndNothingWorse(long seed) throws IOException {
    world = new LedgerWorld(root, new MemoryBookDirectory());
    world.open();
    var below = issue();
    world.settle();
    var synced = root.resolve("synced");
    var position = root.resolve("position");
    LedgerWorld.copy(world.folder.books(), synced);
    Files.copy(world.folder.position(), position);
    use(below);
    var above = issue();
    use(above);
    var all = below.all();
    all.addAll(above.all());

    losePower(synced, position, new Random(seed), all);

    below.plain().forEach(each -> assertThat(world.redeem(each)).isEqualTo(Finding.ISSUED));
    below.single().forEach(each -> assertDoubtOrAsItWas(each, false));
    below.used().forEach(each -> assertDoubtOrAsItWas(each, false));
    below.plain().forEach(each -> assertDoubtOrAsItWas(each, true));
    above.single().forEach(each -> assertDoubtOrAsItWas(each, false));
    above.used().forEach(each -> assertDoubtOrAsItWas(each, false));
    for (var each : above.plain()) {
      var finding = world.redeem(each);
      assertThat(Ruling.of(finding).conclusion().name()).isEqualTo("NONE");
      assertThat(finding).isIn(Finding.ISSUED, Finding.UNRECORDED);
    }
    var fresh = world.issue(true);
    assertThat(world.redeem(fresh)).isEqualTo(Finding.ISSUED);
    assertThat(world.redeem(fresh)).isEqualTo(Finding.REDEEMED);
  }
}
