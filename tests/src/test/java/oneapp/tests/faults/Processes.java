package oneapp.tests.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import oneapp.agent.data.Json;
import oneapp.agent.process.ProcessGroup;
import oneapp.agent.process.ProcessIdentity;
import tools.jackson.core.JacksonException;

/**
 * What an agent has started, as /proc shows it: the members of vLLM's session, and whoever carries
 * the HOME in its environment that only this agent gives.
 */
final class Processes {
  private static final Path PROC = Path.of("/proc");

  private final String marker;
  private final Supplier<Path> record;

  /**
   * Looks for the processes of one agent.
   *
   * @param state the state folder, as the agent names it
   * @param record where to find its file that names vLLM's first process, as this process sees it
   */
  Processes(Path state, Supplier<Path> record) {
    this.marker = "HOME=" + state.resolve("home");
    this.record = record;
  }

  /** Everything that runs now. */
  Set<ProcessIdentity> running() {
    Set<ProcessIdentity> running = new HashSet<>();
    Stream.concat(session().stream(), marked().stream())
        .forEach(pid -> ProcessIdentity.of(pid).ifPresent(running::add));
    return running;
  }

  /** Those that carry the agent's mark. */
  List<Long> marked() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(this::isMarked).toList();
  }

  private boolean isMarked(long pid) {
    try {
      byte[] environment = Files.readAllBytes(PROC.resolve(pid + "/environ"));
      return List.of(new String(environment, StandardCharsets.ISO_8859_1).split("\0", -1))
          .contains(marker);
    } catch (IOException e) {
      return false; // Another user's, or gone.
    }
  }

  private List<Long> session() {
    return first().map(ProcessGroup::members).orElse(List.of());
  }

  /** The API server: the first process of the session. */
  private Optional<Long> first() {
    try {
      long pid = Json.MAPPER.readValue(Files.readString(record.get()), ProcessIdentity.class).pid();
      return ProcessHandle.of(pid).map(ProcessHandle::pid);
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  /** The victim, when it is there. */
  Optional<Long> find(Victim victim) {
    return switch (victim) {
      case API_SERVER -> first();
      case ENGINE_CORE -> titled("VLLM::EngineCore");
      case WORKER -> worker();
      case LOAD_GENERATOR ->
          marked().stream()
              .filter(
                  pid ->
                      ProcessIdentity.commandLine(pid).matches("\\S*python\\S* .*guidellm run .*"))
              .max(Comparator.naturalOrder());
      case AGENT -> Optional.empty();
    };
  }

  /**
   * True while the stand-in for GuideLLM, which has read how it is to behave, sends nothing yet.
   */
  boolean isLoadGeneratorWaiting() {
    return find(Victim.LOAD_GENERATOR)
        .filter(pid -> comm(pid).equals("guidellm-waits"))
        .isPresent();
  }

  private static String comm(long pid) {
    try {
      return Files.readString(PROC.resolve(pid + "/comm")).strip();
    } catch (IOException e) {
      return ""; // It is gone.
    }
  }

  private Optional<Long> titled(String title) {
    return session().stream()
        .filter(pid -> ProcessIdentity.commandLine(pid).startsWith(title))
        .findFirst();
  }

  /** The last one, and only when all are there; before it has a title it is a spawned Python. */
  private Optional<Long> worker() {
    return find(Victim.ENGINE_CORE).stream()
        .flatMap(core -> ProcessHandle.of(core).stream())
        .flatMap(ProcessHandle::children)
        .map(ProcessHandle::pid)
        .filter(pid -> ProcessIdentity.commandLine(pid).matches("VLLM::Worker.*|.*spawn_main.*"))
        .sorted()
        .skip(1)
        .findFirst();
  }

  /** Of those that ran, the ones that still do. */
  static List<ProcessIdentity> left(Set<ProcessIdentity> ran) {
    return ran.stream()
        .filter(one -> ProcessIdentity.of(one.pid()).filter(one::equals).isPresent())
        .filter(one -> !ProcessIdentity.commandLine(one.pid()).isEmpty()) // no zombie
        .toList();
  }
}
