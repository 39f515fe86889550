package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxTest {
  private static final Instant DATE = Instant.parse("2026-11-24T03:10:37Z");
  private static final Set<Target> ALL = EnumSet.allOf(Target.class);
  private static final int VM = 4;

  @TempDir private Path folder = Path.of("");

  private Outbox open() {
    return new Outbox(folder, VM);
  }

  private static ResultRecord result(String id, int second) {
    return new ResultRecord(
        id,
        DATE.plusSeconds(second),
        Map.of("VLLM_RESULT_ID", id),
        "VLLM_RESULT_0000000" + second,
        Map.of("RPS", "1"));
  }

  @Test
  void keepsResultsInOrderOverRestarts() {
    Outbox outbox = open();
    assertThat(outbox.add(result("b", 1))).isTrue();
    assertThat(outbox.add(result("a", 2))).isTrue();
    assertThat(open().pending(Target.USER).values())
        .extracting(ResultRecord::resultId)
        .containsExactly("b", "a");
    assertThat(open().shownResult().orElseThrow().resultId()).isEqualTo("a");
  }

  @Test
  void fileGoesWhenAllTargetsHaveIt() {
    ResultRecord result = result("a", 1);
    open().add(result);
    for (Target target : Target.values()) {
      Outbox outbox = open();
      assertThat(outbox.pending(target)).hasSize(1);
      outbox.delivered(1, result, target, ALL);
      assertThat(open().pending(target)).isEmpty();
    }
    assertThat(folder.resolve("result-000000000001.json")).doesNotExist();
    assertThat(open().shownResult()).isPresent();
  }

  @Test
  void sameIdTakesItsOwnPlace() {
    Outbox outbox = open();
    outbox.add(result("a", 1));
    outbox.add(result("b", 2));
    outbox.add(result("a", 3));
    assertThat(open().pending(Target.VM).keySet()).containsExactly(1L, 2L);
    // A delivery of what was replaced meanwhile does not count.
    outbox.delivered(1, result("a", 1), Target.VM, ALL);
    assertThat(outbox.pending(Target.VM)).hasSize(2);
  }

  @Test
  void crashBetweenItsTwoFilesLosesNothing() throws IOException {
    open().add(result("a", 1));
    Files.delete(folder.resolve("shown.json"));
    Files.writeString(folder.resolve("result-000000000002.json.tmp"), "half of a res");
    Outbox outbox = open();
    assertThat(outbox.shownResult().orElseThrow().resultId()).isEqualTo("a");
    assertThat(outbox.add(result("b", 2))).isTrue();
    assertThat(open().pending(Target.TEMPLATE)).hasSize(2);
  }

  @Test
  void finalStateStaysUntilItIsDeliveredOrVoid() {
    State failed = State.initial(DATE).after(Category.NO_GPU, Stage.FAILED, "NO_GPU: none", DATE);
    open().state(failed);
    assertThat(open().finalState()).contains(failed);
    open().stateDelivered(State.initial(DATE));
    assertThat(open().finalState()).contains(failed);
    open().stateDelivered(failed);
    assertThat(open().finalState()).isEmpty();
    Outbox outbox = open();
    outbox.state(failed);
    outbox.state(State.initial(DATE));
    assertThat(open().finalState()).isEmpty();
  }

  @Test
  void diskOfAnotherVmIsNotItsPast() {
    Outbox outbox = open();
    outbox.add(result("a", 1));
    outbox.state(State.initial(DATE).at(Stage.STOPPED, "stopped", DATE));
    Outbox copy = new Outbox(folder, VM + 1);
    assertThat(copy.shownResult()).isEmpty();
    assertThat(copy.finalState()).isEmpty();
    assertThat(copy.pending(Target.TEMPLATE)).hasSize(1);
  }

  @Test
  void withdrawnResultStillGoesToTheOthers() {
    Outbox outbox = open();
    outbox.add(result("a", 1));
    outbox.withdraw(ALL);
    assertThat(open().shownResult()).isEmpty();
    assertThat(open().pending(Target.VM)).isEmpty();
    assertThat(open().pending(Target.USER)).hasSize(1);
  }

  @Test
  void everyBitOfAFileCounts() throws IOException {
    open().add(result("a", 1));
    Path file = folder.resolve("result-000000000001.json");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 7) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThat(open().pending(Target.USER)).as("byte %d", at).isEmpty();
    }
  }
}
