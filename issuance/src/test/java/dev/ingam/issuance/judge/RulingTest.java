package dev.ingam.issuance.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.wire.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulingTest {
  private static List<JsonObject> vectors() throws IOException {
    var folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("vectors/judge.json"))) {
      folder = folder.getParent();
    }
    var json = JsonObject.read(Files.readAllBytes(folder.resolve("vectors/judge.json")));
    return json.objects("rulings");
  }

  @Test
  void table_isThatOfTheVectors() throws IOException {
    var seen = EnumSet.noneOf(Finding.class);
    for (var vector : vectors()) {
      var finding = Finding.valueOf(vector.string("ledger").toUpperCase(Locale.ROOT));
      var ruling = Ruling.of(finding);
      assertThat(ruling.conclusion().name().toLowerCase(Locale.ROOT))
          .as(finding.name())
          .isEqualTo(vector.string("conclusion"));
      assertThat(ruling.reason() == null ? "accepted" : ruling.reason().code())
          .as(finding.name())
          .isEqualTo(vector.string("verdict"));
      assertThat(ruling.unproven()).as(finding.name()).isEqualTo(vector.bool("unproven"));
      assertThat(seen.add(finding)).isTrue();
    }
    assertThat(seen).isEqualTo(EnumSet.allOf(Finding.class));
  }

  @Test
  void onlyFourFindings_areProof() {
    var proofs = EnumSet.noneOf(Finding.class);
    for (var finding : Finding.values()) {
      if (Ruling.of(finding).conclusion() == Conclusion.PROOF) {
        proofs.add(finding);
      }
    }
    assertThat(proofs)
        .isEqualTo(
            Set.of(Finding.FABRICATED, Finding.ALTERED, Finding.NEVER_ENTERED, Finding.VOID));
  }
}
