package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oneapp.agent.benchmark.GpuUse.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuWatchTest {
  @Test
  void readsALineOfNvidiaSmi() {
    assertThat(GpuWatch.parse("1, 87, 310.25, 41023, 1980, 0x0000000000000004"))
        .hasValue(new Reading(1, 0.87, 310.25, 41023, 1980, 4));
    assertThat(GpuWatch.parse("0, [N/A], [N/A], 10, 210, [N/A]"))
        .hasValue(new Reading(0, 0, 0, 10, 210, 0));
    assertThat(GpuWatch.parse("NVIDIA-SMI has failed")).isEmpty();
    assertThat(GpuWatch.parse("")).isEmpty();
  }

  @Test
  void sumsOverGpusAndTime() {
    GpuUse use =
        GpuUse.of(
            List.of(
                new Reading(0, 0.5, 100, 10, 1900, 0),
                new Reading(1, 1.0, 300, 20, 1500, 0x40),
                new Reading(0, 0.5, 100, 30, 1900, 4),
                new Reading(1, 1.0, 300, 20, 1900, 0)));
    assertThat(use).isEqualTo(new GpuUse(4, 0.75, 400, 30, 1500, 0x44));
    assertThat(use.wasThrottled()).isTrue();
    assertThat(use.wasPowerCapped()).isTrue();
    assertThat(use.and(new GpuUse(4, 0.25, 200, 50, 1400, 0)))
        .isEqualTo(new GpuUse(8, 0.5, 300, 50, 1400, 0x44));
  }

  @Test
  void withoutGpusThereIsNothingToRead() {
    try (GpuWatch watch = GpuWatch.start(List.of(), "/no/such/program")) {
      assertThat(watch.take()).isNull();
    }
  }

  @Test
  void aProgramThatIsNotThereIsNoFailure() {
    try (GpuWatch watch = GpuWatch.start(List.of(0), "/no/such/program")) {
      assertThat(watch.take()).isNull();
    }
  }

  @Test
  void followsTheProgramUntilItIsClosed(@TempDir Path folder) throws Exception {
    Path program = folder.resolve("smi");
    Path ready = folder.resolve("ready");
    Files.writeString(
        program,
        "#!/bin/sh\necho \"$*\" > " + ready + "\necho '0, 50, 200, 10, 1900, 0x0'\nsleep 600\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    try (GpuWatch watch = GpuWatch.start(List.of(0, 1), program.toString())) {
      GpuUse use = watch.take();
      while (use == null) {
        Thread.sleep(10);
        use = watch.take();
      }
      assertThat(use.utilization()).isEqualTo(0.5);
      assertThat(watch.take()).isNull();
    }
    assertThat(Files.readString(ready)).contains("--id=0,1", "-l 1");
  }
}
