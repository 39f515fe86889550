package oneapp.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

class FreedMemoryTest {
  private static final int TOTAL = 46068;
  private static final GpuInventory BEFORE = inventory(gpu(0, 45000), gpu(1, 45000));

  private static GpuInventory inventory(Gpu... gpus) {
    return GpuInventory.of(List.of(gpus), Optional.empty(), List.of());
  }

  private static Gpu gpu(int index, int freeMib) {
    return new Gpu(
        index,
        new Gpu.Identity("NVIDIA L40S", Optional.of("GPU-" + index), Optional.empty()),
        Gpu.Kind.WHOLE,
        TOTAL,
        new Gpu.Use(freeMib < 0 ? OptionalInt.empty() : OptionalInt.of(freeMib), List.of()),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Test
  void memoryOfAUsedGpuThatStaysInUseIsNamed() {
    assertThat(FreedMemory.missing(BEFORE, List.of(0, 1), inventory(gpu(0, 45000), gpu(1, 3000))))
        .hasValueSatisfying(
            said -> assertThat(said).contains("GPU 1 has 3000 MiB free and had 45000 before"));
  }

  @Test
  void theDriversOwnChangesAndGpusOfOthersDoNotCount() {
    GpuInventory now = inventory(gpu(0, 44800), gpu(1, 10));
    assertThat(FreedMemory.missing(BEFORE, List.of(0), now)).isEmpty();
  }

  @Test
  void aDriverThatDoesNotTellIsNoFinding() {
    assertThat(FreedMemory.missing(BEFORE, List.of(0), inventory(gpu(0, -1)))).isEmpty();
    assertThat(FreedMemory.missing(BEFORE, List.of(0), inventory())).isEmpty();
  }

  @Test
  void theDriverIsAskedUntilTheMemoryIsFree() {
    Deque<Integer> free = new ArrayDeque<>(List.of(20, 20, 45000));
    assertThat(FreedMemory.await(BEFORE, List.of(0), () -> inventory(gpu(0, free.removeFirst()))))
        .isEmpty();
    assertThat(free).isEmpty();
  }

  @Test
  void afterAKillTheMemoryIsWaitedForThoughNobodyKnowsWhatWasFree() {
    Deque<Integer> free = new ArrayDeque<>(List.of(4000, 43000, 45469));
    GpuInventory found =
        FreedMemory.afterKill(() -> inventory(gpu(0, free.removeFirst()), gpu(1, -1)));
    assertThat(free).isEmpty();
    assertThat(found.gpus().getFirst().freeMib()).hasValue(45469);
  }

  @Test
  void aDriverThatFailsForAMomentIsAskedAgain() {
    Deque<GpuInventory> told =
        new ArrayDeque<>(
            List.of(
                GpuInventory.none(Category.DRIVER_PROBLEM, "no handle"), inventory(gpu(0, 45469))));
    assertThat(FreedMemory.afterKill(told::removeFirst).gpus()).hasSize(1);
  }

  @Test
  void withoutGpusNothingIsWaitedFor() {
    GpuInventory none = GpuInventory.none(Category.NO_GPU, "none on the bus");
    assertThat(FreedMemory.afterKill(() -> none)).isSameAs(none);
  }
}
