package oneapp.agent.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
  private static final String FORM = "[A-Za-z0-9._:-]{1,64}";

  /**
   * What is kept over restarts.
   *
   * @param vmId a disk may be copied into another VM
   * @param handled the last value dealt with, or a mark of one that is none; empty for none
   * @param answer what VLLM_BENCHMARK_REQUEST_DONE says; empty for nothing
   * @param running the accepted value that is not yet answered; empty for none
   * @param accepted when a value was last accepted
   */
  record Memory(
      int vmId, String handled, String answer, String running, Optional<Instant> accepted) {}

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
      if (earlier != null && !earlier.running().isEmpty()) {
        end(earlier, "rejected: the agent stopped before the run ended; ask with a new value");
      } else if (earlier != null && !earlier.answer().isEmpty()) {
        publisher.publish(Attributes.REQUEST_DONE, earlier.answer());
      }
    }
    publisher.onRead(this::seen);
  }

  /** Other rules from now on: the context changed. */
  public synchronized void rules(RequestRules changed) {
    rules = changed;
  }

  /** The benchmark that was asked for is over and published. */
  public synchronized void done(BenchmarkRequest request) {
    finish(request, request.value());
  }

  /** The benchmark that was asked for came to no result; {@code why} is one short line. */
  public synchronized void failed(BenchmarkRequest request, String why) {
    finish(request, "rejected: " + why);
  }

  private void finish(BenchmarkRequest request, String text) {
    Memory now = memory;
    if (now != null && now.running().equals(request.value())) {
      end(now, text);
    }
  }

  private synchronized void seen(StoredObject vm) {
    List<Attribute> found = vm.all(Attributes.REQUEST);
    String value = found.isEmpty() ? "" : value(found.getLast());
    Memory now = memory;
    if (now == null || now.vmId() != vm.id()) {
      keep(new Memory(vm.id(), value, "", "", Optional.empty()));
    } else if (!value.isEmpty() && !value.equals(now.handled())) {
      Optional<String> refusal = refusal(value, now);
      if (refusal.isPresent()) {
        log.info("a request from outside is rejected: {}", refusal.get());
        reject(now, value, "rejected: " + refusal.get());
      } else {
        accept(now, value);
      }
    }
  }

  /** The value, or for one that is no request a mark that no request can equal. */
  private static String value(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Single single when single.value().matches(FORM) -> single.value();
      case Attribute.Single single ->
          single.value().isEmpty() ? "" : "no request, sha256 " + Digest.sha256(single.value());
      case Attribute.Vector vector -> "no request, sha256 " + Digest.sha256(vector.toString());
    };
  }

  private Optional<String> refusal(String value, Memory now) {
    Instant time = clock.instant();
    if (!value.matches(FORM)) {
      return Optional.of("a request is 1 to 64 of the characters A-Z a-z 0-9 . _ : -");
    }
    if (!rules.allowed()) {
      return Optional.of("ONEAPP_VLLM_BENCHMARK is NEVER");
    }
    if (!now.running().isEmpty()) {
      return Optional.of("the run of an earlier request is not over");
    }
    // A time that is not yet come is from a clock that was set back since.
    return now.accepted()
        .filter(last -> !last.isAfter(time))
        .map(last -> last.plus(rules.minInterval()))
        .filter(next -> next.isAfter(time))
        .map(
            next ->
                "too early, the next is possible after " + next.truncatedTo(ChronoUnit.SECONDS));
  }

  private void accept(Memory now, String value) {
    Optional<Instant> time = Optional.of(clock.instant());
    // Not on disk means not started: the value is seen again at the next look.
    if (keep(new Memory(now.vmId(), value, now.answer(), value, time))) {
      log.info("a request from outside is accepted: {}", value);
      accepted.accept(new BenchmarkRequest(value));
    }
  }

  private void reject(Memory now, String value, String text) {
    // A run that goes on is not ended by the refusal of another.
    if (keep(new Memory(now.vmId(), value, text, now.running(), now.accepted()))) {
      publisher.publish(Attributes.REQUEST_DONE, text);
    }
  }

  private void end(Memory now, String text) {
    Memory ended = new Memory(now.vmId(), now.handled(), text, "", now.accepted());
    keep(ended);
    // Over is over, on a full disk too: else every later request would wait for this one.
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
