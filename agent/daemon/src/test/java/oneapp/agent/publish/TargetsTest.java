package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TargetsTest {
  private static final Instant DATE = Instant.parse("2026-11-24T03:10:37Z");
  private static final String KEY = "VLLM_RESULT_00000001";

  private final MemoryObject object = new MemoryObject();

  private static StoredAttributes stored(Map<String, String> values) {
    return TemplateXml.stored(ResultRecord.singles(values));
  }

  private StoredObject reconcile(Map<String, String> wanted, String... mayGo)
      throws OpenNebulaFailure {
    return VmTarget.reconcile(object, stored(wanted), Set.of(mayGo)::contains);
  }

  @Test
  void vmGetsOnlyWhatDiffers() throws OpenNebulaFailure {
    object.with("VLLM_STATE", "READY").with("OTHER", "x");
    reconcile(Map.of("VLLM_STATE", "READY"), "VLLM_STATE");
    assertThat(object.writes).isEmpty();
    reconcile(Map.of("VLLM_STATE", "READY", "VLLM_PROGRESS", "1"), "VLLM_STATE");
    assertThat(object.writes).containsExactly("merge [VLLM_PROGRESS]");
  }

  @Test
  void attributeThatIsThereTwiceIsWrittenAnew() throws OpenNebulaFailure {
    object.with("VLLM_STATE", "READY").with("VLLM_STATE", "READY");
    reconcile(Map.of("VLLM_STATE", "READY"));
    assertThat(object.entries).hasSize(1);
  }

  @Test
  void onlyWhatMayGoIsDeleted() throws OpenNebulaFailure {
    object.with("VLLM_PROGRESS", "1").with("VLLM_X", "1").with("VLLM_BENCHMARK_REQUEST", "1");
    reconcile(Map.of());
    assertThat(object.entries).hasSize(3);
    reconcile(Map.of(), "VLLM_PROGRESS", "VLLM_STATE");
    assertThat(object.writes).containsExactly("delete [VLLM_PROGRESS]");
    assertThat(object.read().names()).containsOnly("VLLM_X", "VLLM_BENCHMARK_REQUEST");
  }

  @Test
  void writeThatIsLostIsNoticed() {
    object.loses = true;
    assertThatExceptionOfType(OpenNebulaFailure.class)
        .isThrownBy(() -> reconcile(Map.of("VLLM_STATE", "READY")))
        .withMessageContaining("did not store VLLM_STATE");
    assertThatExceptionOfType(OpenNebulaFailure.class)
        .isThrownBy(() -> RowTarget.deliver(object, result("r1", DATE)));
  }

  private static ResultRecord result(String id, Instant date) {
    return new ResultRecord(id, date, Map.of(), KEY, Map.of("RPS", "1"));
  }

  @Test
  void laterDateWins() throws OpenNebulaFailure {
    assertThat(RowTarget.deliver(object, result("r1", DATE))).isEqualTo(RowTarget.Outcome.STORED);
    assertThat(RowTarget.deliver(object, result("r2", DATE.plusSeconds(1))))
        .isEqualTo(RowTarget.Outcome.STORED);
    assertThat(RowTarget.deliver(object, result("r1", DATE)))
        .isEqualTo(RowTarget.Outcome.SUPERSEDED);
    assertThat(object.writes).hasSize(2);
  }

  @Test
  void ofTwoAtOnceTheGreaterIdStaysSoThatNobodyFights() throws OpenNebulaFailure {
    RowTarget.deliver(object, result("b", DATE));
    assertThat(RowTarget.deliver(object, result("a", DATE)))
        .isEqualTo(RowTarget.Outcome.SUPERSEDED);
    assertThat(RowTarget.deliver(object, result("c", DATE))).isEqualTo(RowTarget.Outcome.STORED);
  }

  @Test
  void rowThatCannotBeReadIsReplaced() throws OpenNebulaFailure {
    object.with(KEY, "a text").with(KEY, Map.of("DATE", "yesterday"));
    assertThat(RowTarget.deliver(object, result("r1", DATE))).isEqualTo(RowTarget.Outcome.STORED);
    assertThat(object.entries).hasSize(1);
  }

  @Test
  void otherWayIsUsedForARoundWhenTheFirstRefuses() throws OpenNebulaFailure {
    MemoryObject second = new MemoryObject();
    FallbackAccess access = new FallbackAccess(object, second);
    object.refuses = true;
    access.begin();
    access.merge(stored(Map.of("A", "1")));
    assertThat(access.failed().orElseThrow().sentence()).isEqualTo("it refuses");
    assertThat(access.read().names()).containsExactly("A");
    object.refuses = false;
    assertThat(access.read().names()).containsExactly("A");
    access.begin();
    assertThat(access.read().names()).isEmpty();
    assertThat(access.failed()).isEmpty();
    second.refuses = true;
    object.refuses = true;
    assertThatExceptionOfType(OpenNebulaFailure.class).isThrownBy(access::read);
  }
}
