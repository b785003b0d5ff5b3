package dev.ingam.drill.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.web.Crew;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LootTest {
  private final Loot loot = new Loot();

  @Test
  void count_peopleOnceAndPagesEach() {
    assertThat(loot.count(page("m-000001"))).isTrue();
    assertThat(loot.count(page("m-000001"))).isTrue();
    assertThat(loot.count(page("m-000002"))).isTrue();
    assertThat(loot.people()).isEqualTo(2);
    assertThat(loot.toJson().object("pages").numbers())
        .isEqualTo(Map.of("m-000001", 2L, "m-000002", 1L));
  }

  @Test
  void count_aRefusalByItsReason() {
    var refused = new Reply(401, Map.of("x-ingam-reason", "not_issued"), page("m-000001").body());
    assertThat(loot.count(refused)).isFalse();
    assertThat(loot.count(new Reply(503, Map.of(), new byte[0]))).isFalse();
    assertThat(loot.people()).isZero();
    assertThat(loot.toJson().object("refusals").numbers())
        .isEqualTo(Map.of("not_issued", 1L, "status_503", 1L));
  }

  @Test
  void count_aGoodAnswerThatIsNobodysPage() {
    assertThat(loot.count(HttpDoor.json(200, Json.empty().with("hello", "world")))).isFalse();
    assertThat(loot.count(new Reply(200, Map.of(), new byte[] {'{'}))).isFalse();
    assertThat(loot.people()).isZero();
  }

  @Test
  void count_fromManyThreads() {
    try (var crew = new Crew(8)) {
      crew.each(4000, number -> loot.count(page("m-" + number % 100)));
    }
    assertThat(loot.people()).isEqualTo(100);
    assertThat(loot.toJson().number("requests")).isEqualTo(4000);
    assertThat(loot.toJson().object("pages").numbers().values()).containsOnly(40L);
  }

  @Test
  void diary_countsWhatWasSentUntilThen() {
    var diary = new Diary();
    assertThat(diary.first()).isEqualTo(Instant.MAX);
    diary.write(Instant.ofEpochSecond(2));
    diary.write(Instant.ofEpochSecond(1));
    diary.write(Instant.ofEpochSecond(3));
    assertThat(diary.first()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(diary.sentUntil(Instant.ofEpochSecond(2))).isEqualTo(2);
  }

  private static Reply page(String member) {
    return HttpDoor.json(200, Json.empty().with("member", member));
  }
}
