package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuddenEndTest {
  private static final int KILLED = 128 + 9;
  private static final Diagnosis NONE = Diagnosis.none();
  private static final Diagnosis DIED = Diagnosis.of(Category.ENGINE_DIED, "it died", "Look.");
  private static final Diagnosis FULL = Diagnosis.of(Category.DISK_FULL, "no space", "Make room.");

  @TempDir Path folder;

  private Path counters(int kills) throws IOException {
    return Files.writeString(
        folder.resolve("vmstat"), "pgfault 17\noom_kill %d\ndrop_slab 0\n".formatted(kills));
  }

  @Test
  void aSignalWithoutAWordInTheLogIsSaid() throws IOException {
    Diagnosis why = SuddenEnd.watch(counters(3)).explain(KILLED, NONE, true);
    assertThat(why.category()).contains(Category.ENGINE_DIED);
    assertThat(why.sentence()).contains("killed from outside");
  }

  @Test
  void theOutOfMemoryKillerIsNamed() throws IOException {
    SuddenEnd end = SuddenEnd.watch(counters(3));
    counters(5);
    assertThat(end.explain(KILLED, NONE, true).sentence())
        .contains("out-of-memory killer ended 2 ");
    assertThat(end.explain(0, DIED, false).evidence()).isEqualTo(DIED.evidence());
    assertThat(end.explain(0, DIED, false).sentence()).contains("give the VM more memory");
  }

  @Test
  void whatTheLogExplainsStays() throws IOException {
    SuddenEnd end = SuddenEnd.watch(counters(3));
    assertThat(end.explain(0, DIED, false)).isEqualTo(DIED);
    counters(5);
    assertThat(end.explain(1, FULL, false)).isEqualTo(FULL);
  }

  @Test
  void anEngineThatIsGoneWithoutAWordDied() {
    SuddenEnd end = SuddenEnd.watch(folder.resolve("absent"));
    String wrapper = "RuntimeError: See root cause above. Failed core proc(s): {}";
    Diagnosis alone = new Diagnosis(Optional.of(Category.UNKNOWN), List.of(wrapper), "Read.");
    assertThat(end.explain(1, alone, false).category()).contains(Category.ENGINE_DIED);
    Diagnosis withCause =
        new Diagnosis(Optional.of(Category.UNKNOWN), List.of("KeyError: 'x'", wrapper), "Read.");
    assertThat(end.explain(1, withCause, false)).isEqualTo(withCause);
  }

  @Test
  void anEndWithAnExitCodeAndAKernelThatDoesNotCount() {
    SuddenEnd end = SuddenEnd.watch(folder.resolve("absent"));
    Diagnosis unknown = new Diagnosis(Optional.of(Category.UNKNOWN), List.of("line"), "Read.");
    assertThat(end.explain(1, unknown, true)).isEqualTo(unknown);
  }
}
