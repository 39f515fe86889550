package oneapp.agent.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.Lock;
import oneapp.agent.process.ProcessGroup;
import oneapp.agent.process.ProcessIdentity;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The one place for a running vLLM: a lock against a second agent, and a record on disk by which a
 * server that outlived a crashed agent is found and ended.
 */
final class ServerSlot implements AutoCloseable {
  static final String LOCK = "vllm.lock";
  static final String RECORD = "vllm-session.json";

  private final Lock lock;
  private final Path record;

  private ServerSlot(Lock lock, Path record) {
    this.lock = lock;
    this.record = record;
  }

  /**
   * Takes the place in {@code folder} and ends what a crashed agent left in it.
   *
   * @throws StageFailure INTERNAL when another agent has it, or the left-over cannot be ended
   */
  static ServerSlot take(Path folder) throws StageFailure {
    try {
      Lock lock =
          Lock.tryTake(folder.resolve(LOCK))
              .orElseThrow(() -> new IOException("another agent serves from here"));
      ServerSlot slot = new ServerSlot(lock, folder.resolve(RECORD));
      if (!slot.endLeftOver()) {
        slot.close();
        throw failure("a vLLM of an earlier agent still runs and cannot be ended", null);
      }
      return slot;
    } catch (IOException e) {
      throw new StageFailure(
          Stage.LOADING,
          DurableFile.isFull(e) ? Category.DISK_FULL : Category.INTERNAL,
          "taking the place for vLLM in " + folder + ": " + e.getMessage(),
          e);
    }
  }

  /** Remembers who runs here; one that has ended already is no left-over, and is not written. */
  void record(long pid) throws IOException {
    Optional<ProcessIdentity> identity = ProcessIdentity.of(pid);
    if (identity.isPresent()) {
      DurableFile.write(record, Json.MAPPER.writeValueAsString(identity.get()));
    }
  }

  /** Process ids of the vLLM that an agent runs from {@code folder}; empty when there is none. */
  static Set<Long> processes(Path folder) {
    try {
      ProcessIdentity server =
          Json.MAPPER.readValue(Files.readString(folder.resolve(RECORD)), ProcessIdentity.class);
      return isOurs(server) ? Set.copyOf(ProcessGroup.members(server.pid())) : Set.of();
    } catch (IOException | JacksonException e) {
      return Set.of();
    }
  }

  /** An agent runs a vLLM from {@code folder}, or was killed while it did. */
  static boolean isRecorded(Path folder) {
    return Files.exists(folder.resolve(RECORD));
  }

  private boolean endLeftOver() throws IOException {
    if (!Files.exists(record)) {
      return true;
    }
    ProcessIdentity left;
    try {
      left = Json.MAPPER.readValue(Files.readString(record), ProcessIdentity.class);
    } catch (JacksonException e) {
      DurableFile.delete(record);
      return true;
    }
    boolean ended = !isOurs(left) || ProcessGroup.killAll(left.pid());
    if (ended) {
      DurableFile.delete(record);
    }
    return ended;
  }

  /**
   * A process id may have gone to a stranger; its start time tells. Workers whose first process is
   * gone still carry its session id, which the kernel gives to nobody else meanwhile.
   */
  private static boolean isOurs(ProcessIdentity left) {
    List<Long> members = ProcessGroup.members(left.pid());
    if (members.contains(left.pid())) {
      return ProcessIdentity.of(left.pid()).equals(Optional.of(left));
    }
    return members.stream().anyMatch(pid -> isWorker(pid, left));
  }

  private static boolean isWorker(long pid, ProcessIdentity left) {
    return ProcessIdentity.of(pid)
            .filter(one -> one.bootId().equals(left.bootId()))
            .filter(one -> one.startTicks() >= left.startTicks())
            .isPresent()
        && ProcessIdentity.commandLine(pid).toLowerCase(Locale.ROOT).contains("vllm");
  }

  /**
   * Gives the place back once nothing runs in it; a second call leaves the record of a successor.
   */
  synchronized void release() throws IOException {
    if (lock.isHeld()) {
      DurableFile.delete(record);
      close();
    }
  }

  @Override
  public void close() {
    lock.close();
  }

  private static StageFailure failure(String text, @Nullable Throwable cause) {
    return new StageFailure(Stage.LOADING, Category.INTERNAL, text, cause);
  }
}
