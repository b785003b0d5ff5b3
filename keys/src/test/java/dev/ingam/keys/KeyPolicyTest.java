package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyPolicyTest {
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @EnumSource
  void standard_hasNoProblem(KeyPurpose purpose) {
    var policy = KeyPolicy.standard(purpose);
    assertThat(policy.problems(purpose)).isEmpty();
    assertThat(policy.verifyFor()).isEqualTo(policy.maxTokenLifetime().plus(policy.skew()));
    assertThat(policy.publishAhead()).isEqualTo(DAY);
  }

  @ParameterizedTest
  @EnumSource
  void signFor_ceiling(KeyPurpose purpose) {
    var ceiling = KeyPolicy.signForCeiling(purpose);
    assertThat(withSignFor(purpose, ceiling).problems(purpose)).isEmpty();
    assertThat(withSignFor(purpose, ceiling.plusSeconds(1)).problems(purpose))
        .singleElement()
        .asString()
        .startsWith("sign-for is ");
    assertThat(withSignFor(purpose, Duration.ofSeconds(-1)).problems(purpose)).isNotEmpty();
    assertThat(withSignFor(purpose, Duration.ZERO).problems(purpose)).isNotEmpty();
  }

  @Test
  void accessTokens_neverSignForMoreThanFourteenDays() {
    assertThat(KeyPolicy.signForCeiling(KeyPurpose.ACCESS_TOKEN)).isEqualTo(Duration.ofDays(14));
    assertThat(KeyPolicy.standard(KeyPurpose.ACCESS_TOKEN).signFor()).isEqualTo(DAY);
  }

  @Test
  void publishAhead_manyTimesSignFor() {
    var policy =
        new KeyPolicy(Duration.ofHours(1), DAY, Duration.ofMinutes(15), Duration.ofMinutes(1));
    assertThat(policy.problems(KeyPurpose.ACCESS_TOKEN))
        .singleElement()
        .asString()
        .contains("too many keys would wait");
  }

  @Test
  void sets_sayTheirNamesAndAllProblems() {
    var bad = new KeyPolicy(Duration.ofDays(1825), Duration.ZERO, DAY, DAY);
    var sets =
        List.of(
            KeySetConfig.access(),
            new KeySetConfig("access", KeyPurpose.STATEMENT, Algorithm.RS256, bad),
            new KeySetConfig(
                "No Name",
                KeyPurpose.ID_TOKEN,
                Algorithm.ES256,
                KeyPolicy.standard(KeyPurpose.ID_TOKEN)));
    assertThat(KeySetConfig.problems(sets))
        .hasSize(6)
        .allMatch(problem -> problem.startsWith("key set "))
        .anyMatch(problem -> problem.contains("twice"))
        .anyMatch(problem -> problem.contains("RS256"));
    assertThat(KeySetConfig.problems(List.of())).hasSize(1);
    assertThat(KeySetConfig.problems(List.of(KeySetConfig.access()))).isEmpty();
  }

  private static KeyPolicy withSignFor(KeyPurpose purpose, Duration signFor) {
    var policy = KeyPolicy.standard(purpose);
    return new KeyPolicy(signFor, DAY, policy.maxTokenLifetime(), policy.skew());
  }
}
