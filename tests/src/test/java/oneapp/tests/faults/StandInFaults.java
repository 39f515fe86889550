package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.agent.AgentProcess;
import oneapp.tests.faults.Fault.Expected;
import oneapp.tests.faults.Fault.Step;

/**
 * The faults that happen to the stand-in for vLLM. To add one, add it here and write the document.
 */
final class StandInFaults {
  private static final int FLOOD_MIB = Integer.getInteger("faults.flood.mib", 200);

  /** The agent's own memory, whatever vLLM prints; -Xmx alone allows more. */
  private static final long MOST_RESIDENT_KIB = 160 * 1024;

  /** Five parts of 16 MiB, and the line that is too much. */
  private static final long LARGEST_LOG = 5 * 16 * 1024 * 1024L + 20_000;

  /** GuideLLM waits until the fault has struck, and then goes on. */
  private static final String SHORT_WAIT = "{\"guidellm\": {\"start_seconds\": 3}}";

  /** A log of vLLM that the diagnosis knows too; by its whole path, without the ending. */
  private static final Path BAD_HEADER =
      AgentProcess.HOUSE.resolve("agent/daemon/src/test/resources/diagnosis/weights-header");

  private StandInFaults() {}

  static List<Fault> all() {
    return Stream.of(Killed.all(), stopped(), starts(), disks(), noise())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Fault> stopped() {
    List<Fault> faults = new ArrayList<>();
    faults.add(
        new Fault(
            "SIGSTOP of the API server",
            Phase.SERVING,
            Step.NONE,
            scene -> scene.signal(Victim.API_SERVER, "STOP"),
            Expected.startedAgain("/health: no answer within")));
    for (Victim victim : List.of(Victim.ENGINE_CORE, Victim.WORKER)) {
      faults.add(
          new Fault(
              "SIGSTOP of " + victim,
              Phase.SERVING,
              Step.NONE,
              scene -> scene.signal(victim, "STOP"),
              Expected.startedAgain("a completion: no answer within")));
    }
    faults.add(
        new Fault(
            "SIGSTOP of the API server",
            Phase.BENCHMARKING,
            Step.NONE,
            scene -> scene.signal(Victim.API_SERVER, "STOP"),
            Expected.measuredAgain("/health: no answer within")));
    faults.add(
        new Fault(
            "SIGSTOP of the engine core",
            Phase.BENCHMARKING,
            scene -> scene.vllm(SHORT_WAIT),
            scene -> scene.signal(Victim.ENGINE_CORE, "STOP"),
            Expected.measuredAgain("a completion: no answer within")));
    for (Victim victim : List.of(Victim.API_SERVER, Victim.ENGINE_CORE)) {
      faults.add(
          new Fault(
              "SIGSTOP of " + victim,
              Phase.LOADING,
              scene -> scene.site.context.put("ONEAPP_VLLM_STARTUP_TIMEOUT", "30"),
              scene -> scene.signal(victim, "STOP"),
              Expected.ends(
                  Category.START_TIMEOUT, "vLLM was not ready after 30 s, while loading weights")));
    }
    return faults;
  }

  private static List<Fault> starts() {
    List<Fault> faults = new ArrayList<>();
    faults.add(
        Fault.builtIn(
            "the port is taken",
            Phase.LOADING,
            StandInFaults::takePort,
            Expected.ends(Category.PORT_IN_USE, "cannot be taken, held by process")));
    faults.add(
        Fault.builtIn(
            "weights with a bad header",
            Phase.LOADING,
            scene -> scene.vllm("{\"fail\": \"%s\", \"fail_at\": \"load\"}".formatted(BAD_HEADER)),
            Expected.ends(Category.CORRUPT_WEIGHTS, "SafetensorError")));
    faults.add(
        new Fault(
            "the model's folder is removed",
            Phase.LOADING,
            scene -> scene.vllm("{\"start_seconds\": 8}"),
            scene -> remove(scene.site.model),
            Expected.ends(Category.MODEL_NOT_FOUND, "Cannot find any model weights")));
    faults.add(
        new Fault(
            "the model's folder is removed",
            Phase.SERVING,
            Step.NONE,
            scene -> remove(scene.site.model),
            Expected.servesOn()));
    faults.add(
        new Fault(
            "the model's folder is removed, then kill -9 of the API server",
            Phase.SERVING,
            Step.NONE,
            scene -> {
              remove(scene.site.model);
              scene.kill(Victim.API_SERVER);
            },
            new Expected(
                Stage.FAILED,
                Optional.of(Category.MODEL_NOT_FOUND),
                "Repo id must use alphanumeric chars",
                Next.NOT_AGAIN)));
    return faults;
  }

  private static void takePort(Scene scene) throws IOException {
    int port = Integer.parseInt(scene.site.context.get("ONEAPP_VLLM_API_PORT")) + 1;
    ServerSocket taken = new ServerSocket();
    taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    scene.whenHealed(taken);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static List<Fault> disks() {
    return List.of(
        Fault.builtIn(
            "the disk of vLLM's cache is full",
            Phase.LOADING,
            scene -> {
              scene.smallDisk("4m");
              scene.vllm("{\"download_mb\": 16}");
            },
            Expected.ends(Category.DISK_FULL, "No space left on device")),
        new Fault(
            "the disk of logs and results fills up",
            Phase.SERVING,
            scene -> scene.smallDisk("4m"),
            Scene::fillDisk,
            Expected.servesOn()),
        new Fault(
            "the disk of logs and results fills up",
            Phase.BENCHMARKING,
            scene -> {
              scene.smallDisk("4m");
              scene.vllm(SHORT_WAIT);
            },
            Scene::fillDisk,
            new Expected(
                Stage.READY,
                Optional.of(Category.BENCHMARK_FAILED),
                "No space left on device",
                Next.NOT_MEASURED)),
        new Fault(
            "the disk of logs and results is full, then kill -9 of the API server",
            Phase.SERVING,
            scene -> scene.smallDisk("4m"),
            scene -> {
              scene.fillDisk();
              scene.kill(Victim.API_SERVER);
            },
            Expected.startedAgain("vLLM was ended by signal 9")),
        new Fault(
            "the kernel's out-of-memory killer ends the engine core",
            Phase.SERVING,
            Scene::requireMemoryLimits,
            Scene::outOfMemory,
            Expected.startedAgain("The kernel's out-of-memory killer ended")),
        new Fault(
            "the kernel's out-of-memory killer ends the engine core",
            Phase.LOADING,
            Scene::requireMemoryLimits,
            Scene::outOfMemory,
            Expected.ends(Category.ENGINE_DIED, "The kernel's out-of-memory killer ended")),
        new Fault(
            "the kernel's out-of-memory killer ends the engine core",
            Phase.BENCHMARKING,
            Scene::requireMemoryLimits,
            Scene::outOfMemory,
            Expected.measuredAgain("The kernel's out-of-memory killer ended")));
  }

  private static List<Fault> noise() {
    return List.of(
        Fault.builtIn(
                "a flood of log",
                Phase.LOADING,
                scene ->
                    scene.vllm(
                        "{\"log_flood_mb\": %d, \"log_flood_at\": \"load\"}".formatted(FLOOD_MIB)),
                Expected.servesOn())
            .checking(StandInFaults::assertBounded),
        Fault.builtIn(
                "a flood of log",
                Phase.SERVING,
                scene ->
                    scene.vllm(
                        "{\"log_flood_mb\": %d, \"log_flood_at\": \"serving\"}"
                            .formatted(FLOOD_MIB)),
                Expected.servesOn())
            .checking(StandInFaults::assertBounded),
        Fault.builtIn(
            "/health flaps",
            Phase.LOADING,
            scene -> scene.vllm("{\"unready\": 3, \"health_flaps\": [3, 1]}"),
            Expected.servesOn()),
        new Fault(
            "/health is bad once now and then",
            Phase.SERVING,
            scene -> scene.vllm("{\"health_flaps\": [3, 1]}"),
            Step.NONE,
            Expected.servesOn()),
        new Fault(
            "/health is bad twice in a row",
            Phase.SERVING,
            scene -> scene.vllm("{\"health_flaps\": [6, 2]}"),
            Step.NONE,
            Expected.startedAgain("/health answered HTTP 503")),
        new Fault(
            "an error inside the stream of a completion",
            Phase.SERVING,
            scene -> scene.vllm("{\"error_in_stream_after\": 3}"),
            Step.NONE,
            Expected.startedAgain("EngineCore encountered an issue")));
  }

  private static void assertBounded(Scene scene) throws Exception {
    scene.await("the flood in the log", () -> written(scene) > LARGEST_LOG / 2);
    Path status = Path.of("/proc", Long.toString(scene.agent().pid()), "status");
    long peak =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
    assertThat(peak).as("KiB of the agent's memory at most").isLessThan(MOST_RESIDENT_KIB);
    assertThat(written(scene)).as("bytes of log").isLessThan(LARGEST_LOG);
  }

  private static long written(Scene scene) throws IOException {
    long written = 0;
    try (Stream<Path> parts = Files.list(scene.state().resolve("log"))) {
      for (Path part : parts.toList()) {
        written += Files.size(part);
      }
    } catch (NoSuchFileException e) {
      return 0; // It is being rotated.
    }
    return written;
  }
}
