package oneapp.agent.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import oneapp.agent.data.Digest;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the VM attribute VLLM_BENCHMARK_REQUEST, which people write, and answers in
 * VLLM_BENCHMARK_REQUEST_DONE. A new value is on disk as handled before anything starts, so that it
 * never counts twice; what is there when this VM first boots counts as handled.
 */
public final class RequestWatch {
  private static final Logger log = LoggerFactory.getLogger(RequestWatch.class);

  /**
   * What is kept over restarts.
   *
   * @param vmId a disk may be copied into another VM
   * @param handled the last value dealt with, or a mark of one that is no request
   * @param answer what VLLM_BENCHMARK_REQUEST_DONE says
   * @param running the accepted value that is not yet answered
   * @param accepted when a value was last accepted
   */
  record Memory(
      int vmId,
      Optional<String> handled,
      Optional<String> answer,
      Optional<String> running,
      Optional<Instant> accepted) {
    Memory {
      if (Stream.of(handled, answer, running)
          .anyMatch(text -> text.filter(String::isEmpty).isPresent())) {
        throw new IllegalArgumentException("an empty text stands for an absent one");
      }
    }
  }

  private final Publisher publisher;
  private final Path file;
  private final InstantSource clock;
  private RequestRules rules;
  private final Consumer<BenchmarkRequest> accepted;
  private @Nullable Memory memory;

  /**
   * Begins to watch.
   *
   * @param stateFolder survives reboots
   * @param accepted gets each accepted request on the publisher's thread, and must not block; the
   *     agent answers with {@link #done} or {@link #failed}
   */
  public RequestWatch(
      Publisher publisher,
      Path stateFolder,
      RequestRules rules,
      InstantSource clock,
      Consumer<BenchmarkRequest> accepted) {
    this.publisher = publisher;
    this.file = stateFolder.resolve("request.json");
    this.rules = rules;
    this.clock = clock;
    this.accepted = accepted;
    this.memory = CheckedFile.readOrSetAside(file, Memory.class).orElse(null);
    synchronized (this) {
      Memory earlier = memory;
      if (earlier != null && earlier.running().isPresent()) {
        end(earlier, "rejected: the agent stopped before the run ended; ask with a new value");
      } else if (earlier != null) {
        earlier.answer().ifPresent(text -> publisher.publish(Attributes.REQUEST_DONE, text));
      }
    }
    publisher.onRead(this::seen);
  }

  /** Other rules from now on: the context changed. */
  public synchronized void rules(RequestRules changed) {
    rules = changed;
  }

  /** The requested benchmark is over and published. */
  public synchronized void done(BenchmarkRequest request) {
    finish(request, request.value());
  }

  /** The requested benchmark gave no result; {@code why} is one short line. */
  public synchronized void failed(BenchmarkRequest request, String why) {
    finish(request, "rejected: " + why);
  }

  private void finish(BenchmarkRequest request, String text) {
    Memory now = memory;
    if (now != null && now.running().filter(request.value()::equals).isPresent()) {
      end(now, text);
    }
  }

  private synchronized void seen(StoredObject vm) {
    List<Attribute> found = vm.all(Attributes.REQUEST);
    Optional<String> value = found.isEmpty() ? Optional.empty() : value(found.getLast());
    Memory now = memory;
    if (now == null || now.vmId() != vm.id()) {
      keep(new Memory(vm.id(), value, Optional.empty(), Optional.empty(), Optional.empty()));
    } else if (value.isPresent() && !value.equals(now.handled())) {
      Optional<String> refusal = refusal(value.get(), now);
      if (refusal.isPresent()) {
        log.info("a request from outside is rejected: {}", refusal.get());
        reject(now, value, "rejected: " + refusal.get());
      } else {
        accept(now, value.get());
      }
    }
  }

  /** The value, or for one that is not valid a mark that no request can equal. */
  private static Optional<String> value(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Single(String value) when BenchmarkRequest.isValid(value) ->
          Optional.of(value);
      case Attribute.Single(String value) ->
          value.isEmpty() ? Optional.empty() : Optional.of(mark(value));
      case Attribute.Vector vector -> Optional.of(mark(vector.toString()));
    };
  }

  private static String mark(String value) {
    return "no request, sha256 " + Digest.sha256(value);
  }

  private Optional<String> refusal(String value, Memory now) {
    Instant time = clock.instant();
    if (!BenchmarkRequest.isValid(value)) {
      return Optional.of("a request is 1 to 64 of the characters A-Z a-z 0-9 . _ : -");
    }
    if (!rules.allowed()) {
      return Optional.of("ONEAPP_VLLM_BENCHMARK is NEVER");
    }
    if (now.running().isPresent()) {
      return Optional.of("an earlier request is still running");
    }
    // An instant in the future was kept before the clock was set back.
    return now.accepted()
        .filter(last -> !last.isAfter(time))
        .map(last -> last.plus(rules.minInterval()))
        .filter(next -> next.isAfter(time))
        .map(
            next ->
                "too early, the next is accepted after " + next.truncatedTo(ChronoUnit.SECONDS));
  }

  private void accept(Memory now, String value) {
    Optional<Instant> time = Optional.of(clock.instant());
    // Not on disk means not started: the value is seen again at the next look.
    Optional<String> request = Optional.of(value);
    if (keep(new Memory(now.vmId(), request, now.answer(), request, time))) {
      log.info("a request from outside is accepted: {}", value);
      accepted.accept(new BenchmarkRequest(value));
    }
  }

  private void reject(Memory now, Optional<String> value, String text) {
    // Rejecting a request does not end the run of an earlier one.
    Optional<String> answer = Optional.of(text);
    if (keep(new Memory(now.vmId(), value, answer, now.running(), now.accepted()))) {
      publisher.publish(Attributes.REQUEST_DONE, text);
    }
  }

  private void end(Memory now, String text) {
    Memory ended =
        new Memory(now.vmId(), now.handled(), Optional.of(text), Optional.empty(), now.accepted());
    keep(ended);
    // Ended even if the disk is full: otherwise every later request would wait for this one.
    memory = ended;
    publisher.publish(Attributes.REQUEST_DONE, text);
  }

  private boolean keep(Memory next) {
    try {
      DurableFile.write(file, CheckedFile.text(next));
      memory = next;
      return true;
    } catch (IOException e) {
      log.error("{} cannot be written, requests wait: {}", file, FileFailure.words(e));
      return false;
    }
  }
}
