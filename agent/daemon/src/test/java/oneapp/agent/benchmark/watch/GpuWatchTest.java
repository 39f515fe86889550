package oneapp.agent.benchmark.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import oneapp.agent.benchmark.watch.GpuUse.Owner;
import oneapp.agent.benchmark.watch.GpuUse.Processes;
import oneapp.agent.gpu.KernelLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GpuWatchTest {
  private static final KernelLog NO_LOG = new KernelLog(List.of());

  private static final GpuState NOTHING =
      new GpuState(Map.of(), Optional.empty(), new Processes(Owner.UNKNOWN, List.of()));

  @TempDir private Path folder = Path.of("");

  private Path program(String name, String script) throws Exception {
    Path program = folder.resolve(name);
    Files.writeString(program, "#!/bin/sh\n" + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  @Test
  void readsALineOfNvidiaSmi() {
    GpuPoint point =
        GpuWatch.Reading.parse("1, 87, 310.25, 41023, 1980, 64, 0x0000000000000004")
            .orElseThrow()
            .point(7, 1);
    assertThat(point)
        .isEqualTo(
            new GpuPoint(
                7,
                1,
                OptionalDouble.of(0.87),
                OptionalDouble.of(310.25),
                OptionalDouble.of(41023),
                OptionalDouble.of(1980),
                OptionalDouble.of(64),
                OptionalLong.of(4)));
    assertThat(point.wasPowerCapped()).isTrue();
    assertThat(point.wasThrottled()).isFalse();
    assertThat(GpuWatch.Reading.parse("NVIDIA-SMI has failed")).isEmpty();
    assertThat(GpuWatch.Reading.parse("")).isEmpty();
  }

  @Test
  void whatTheDriverDoesNotSayIsNotZero() {
    GpuPoint point =
        GpuWatch.Reading.parse(
                "0, [N/A], [Not Supported], [Unknown Error], [GPU is lost], ERR!, [N/A]")
            .orElseThrow()
            .point(7, 1);
    assertThat(point.utilization()).isEmpty();
    assertThat(point.watts()).isEmpty();
    assertThat(point.memoryMib()).isEmpty();
    assertThat(point.clockMhz()).isEmpty();
    assertThat(point.throttleReasons()).isEmpty();
    assertThat(point.wasThrottled()).isFalse();
  }

  @Test
  void withoutGpusThereIsNothingToWatch() throws Exception {
    Path smi = program("smi", "touch " + folder.resolve("asked"));
    try (GpuWatch watch = GpuWatch.start(List.of(), smi.toString(), NO_LOG, Set::of)) {
      assertThat(watch.begin()).isEmpty();
    }
    assertThat(folder.resolve("asked")).doesNotExist();
  }

  @Test
  void aProgramThatIsNotThereIsNoFailure() throws Exception {
    try (GpuWatch watch = GpuWatch.start(List.of(0), "/no/such/program", NO_LOG, Set::of)) {
      GpuUse use = watch.end(watch.begin().orElseThrow());
      assertThat(use.timelines()).containsExactly(new GpuUse.Timeline(0, List.of()));
      assertThat(use.kernel().readable()).isFalse();
      assertThat(use.processes().owner()).isEqualTo(Owner.UNKNOWN);
      assertThat(use.ecc())
          .containsExactly(new GpuUse.Ecc(0, OptionalLong.empty(), OptionalLong.empty()));
    }
  }

  @Test
  void followsTheProgramUntilItIsClosed() throws Exception {
    Path asked = folder.resolve("asked");
    Path smi =
        program(
            "smi",
            "echo \"$*\" >> "
                + asked
                + "\n"
                + """
                case "$*" in
                  *clocks_event_reasons.active*-l*) exit 2 ;;
                  *--query-gpu=clocks_event_reasons*)
                    echo 'Field "clocks_event_reasons.active" is not a valid field to query.'
                    exit 2 ;;
                  *'-l 1'*) echo '0, 50, 200, 10, 1900, 60, 0x0'; sleep 600 ;;
                esac
                """);
    try (GpuWatch watch = GpuWatch.start(List.of(0, 1), smi.toString(), NO_LOG, Set::of)) {
      List<GpuPoint> points = List.of();
      while (points.isEmpty()) {
        Thread.sleep(10);
        points = watch.end(NOTHING).timelines().getFirst().points();
      }
      assertThat(points.getFirst().utilization()).hasValue(0.5);
      assertThat(points.getFirst().seconds()).isEqualTo(1);
      watch.begin();
      assertThat(watch.end(NOTHING).timelines().getFirst().points()).isEmpty();
    }
    assertThat(Files.readString(asked))
        .contains("--id=0,1", "clocks_throttle_reasons.active --format=csv,noheader,nounits -l 1");
  }

  @Test
  void asksForErrorsAndForOtherProcesses() throws Exception {
    Path smi =
        program(
            "smi",
            """
            case "$*" in
              *ecc.errors*)
                echo '0, 00000000:9B:00.0, 3'
                echo '1, 00000000:9C:00.0, [N/A]' ;;
              *compute-apps*) cat "$(dirname "$0")/apps" ;;
            esac
            """);
    Path apps = folder.resolve("apps");
    Path dmesg =
        program(
            "dmesg",
            """
            echo '[ 10.1] NVRM: Xid (PCI:0000:9b:00): 31, pid=8, name=python'
            echo '[ 11.1] NVRM: Xid (PCI:0000:01:00): 79, pid=8, GPU has fallen off the bus.'
            [ ! -e "$(dirname "$0")/later" ] ||
              printf '[ %s] NVRM: Xid (PCI:0000:9b:00): %s, pid=8\n' 97.1 43 98.1 777 99.1 48
            """);
    Files.createDirectories(folder.resolve("proc/11"));
    Files.createDirectories(folder.resolve("proc/12"));
    GpuProbe probe =
        new GpuProbe(
            List.of(smi.toString(), "--id=0,1"),
            new KernelLog(List.of(List.of(dmesg.toString()))),
            folder.resolve("proc"),
            () -> Set.of(11L));
    Files.writeString(apps, "11, VLLM::Worker\n");
    GpuState before = probe.read();
    assertThat(before.ecc()).containsEntry(0, OptionalLong.of(3));
    assertThat(before.ecc()).containsEntry(1, OptionalLong.empty());
    assertThat(before.processes()).isEqualTo(new Processes(Owner.OURS, List.of()));
    Files.writeString(apps, "11, VLLM::Worker\n12, /usr/bin/python3\n");
    Files.createFile(folder.resolve("later"));
    GpuState after = probe.read();
    assertThat(before.errorsUntil(after).errors())
        .containsExactly(
            new GpuUse.Xid("0000:9b:00", 43, false),
            new GpuUse.Xid("0000:9b:00", 777, true),
            new GpuUse.Xid("0000:9b:00", 48, true));
    assertThat(before.processesUntil(after))
        .isEqualTo(new Processes(Owner.OTHERS, List.of("12 /usr/bin/python3")));
    Files.writeString(apps, "4711, [Not Found]\n");
    assertThat(probe.read().processes().owner()).isEqualTo(Owner.UNKNOWN);
    Files.writeString(apps, "No running processes found\n");
    assertThat(probe.read().processes().owner()).isEqualTo(Owner.UNKNOWN);
  }
}
