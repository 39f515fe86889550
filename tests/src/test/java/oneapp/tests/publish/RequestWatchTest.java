package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.RequestRules;
import oneapp.agent.publish.RequestWatch;
import oneapp.agent.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestWatchTest {
  private static final RequestRules HOURLY = new RequestRules(true, Duration.ofHours(1));

  private final Site site = new Site();
  private final AtomicReference<Instant> now = new AtomicReference<>(Site.NOW);
  private final List<String> runs = new CopyOnWriteArrayList<>();

  RequestWatchTest() throws IOException {}

  @AfterEach
  void stop() {
    site.close();
  }

  private RequestWatch watch(Publisher publisher, RequestRules rules) {
    InstantSource clock = now::get;
    return new RequestWatch(
        publisher, site.disk, rules, clock, request -> runs.add(request.value()));
  }

  private Publisher publisher() {
    Publisher publisher = site.publisher();
    publisher.state(Site.state(Stage.READY, "serves"));
    return publisher;
  }

  private void ask(String value) {
    site.cloud.updateVm(site.vm, "VLLM_BENCHMARK_REQUEST=\"" + value + "\"");
  }

  private void answered(String start) {
    Waiting.until(
        () -> String.valueOf(site.shown("VLLM_BENCHMARK_REQUEST_DONE")).startsWith(start));
  }

  /** The first look at the VM is over: what is there from now on is new. */
  private void booted() {
    Waiting.until(() -> Files.exists(site.disk.resolve("request.json")));
  }

  @Test
  void newValueRunsOnceAndIsAnswered() {
    try (Publisher publisher = publisher()) {
      RequestWatch watch = watch(publisher, HOURLY);
      booted();
      ask("ticket-1");
      Waiting.until(() -> !runs.isEmpty());
      assertThat(site.cloud.userTemplate(site.vm)).doesNotContainKey("VLLM_BENCHMARK_REQUEST_DONE");
      watch.done(new BenchmarkRequest("ticket-1"));
      answered("ticket-1");
      ask("ticket-1");
      looks(3);
      assertThat(runs).containsExactly("ticket-1");
    }
  }

  private void looks(int count) {
    long before = site.cloud.requests().size();
    Waiting.until(() -> site.cloud.requests().size() >= before + count);
  }

  @Test
  void whatIsThereAtFirstBootCountsAsHandled() {
    ask("inherited");
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      booted();
      looks(3);
      assertThat(runs).isEmpty();
      ask("new");
      Waiting.until(() -> runs.equals(List.of("new")));
    }
  }

  @Test
  void crashBetweenRequestAndAnswerDoesNotRunItTwice() {
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      booted();
      ask("ticket-1");
      Waiting.until(() -> !runs.isEmpty());
    }
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      answered("rejected: the agent stopped before the run ended");
      looks(3);
      assertThat(runs).containsExactly("ticket-1");
    }
  }

  @Test
  void minIntervalHoldsOverRestarts() {
    try (Publisher publisher = publisher()) {
      RequestWatch watch = watch(publisher, HOURLY);
      booted();
      ask("one");
      Waiting.until(() -> !runs.isEmpty());
      ask("meanwhile");
      answered("rejected: an earlier request is still running");
      watch.done(new BenchmarkRequest("one"));
      answered("one");
    }
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      ask("too-early");
      answered("rejected: too early, the next is accepted after 2026-11-24T04:10:37Z");
      now.set(Site.NOW.plus(Duration.ofHours(1)));
      ask("late-enough");
      Waiting.until(() -> runs.equals(List.of("one", "late-enough")));
    }
  }

  @Test
  void clockThatWasSetBackDoesNotBlockForYears() {
    now.set(Instant.parse("2099-01-01T00:00:00Z"));
    try (Publisher publisher = publisher()) {
      RequestWatch watch = watch(publisher, HOURLY);
      booted();
      ask("one");
      Waiting.until(() -> !runs.isEmpty());
      watch.done(new BenchmarkRequest("one"));
      now.set(Site.NOW);
      ask("two");
      Waiting.until(() -> runs.equals(List.of("one", "two")));
    }
  }

  @Test
  void neverIsOff() {
    try (Publisher publisher = publisher()) {
      watch(publisher, new RequestRules(false, Duration.ZERO));
      booted();
      ask("please");
      answered("rejected: ONEAPP_VLLM_BENCHMARK is NEVER");
      assertThat(runs).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "$(reboot)",
        "../../etc/passwd",
        "x\u202ey",
        "\u4e16",
        "12345678901234567890123456789012345678901234567890123456789012345",
        "<script>",
        "a\nb"
      })
  void hostileValueIsRejectedAndNotRepeated(String value) {
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      booted();
      ask(value);
      answered("rejected: a request is 1 to 64 of the characters");
      assertThat(String.valueOf(site.shown("VLLM_BENCHMARK_REQUEST_DONE"))).doesNotContain(value);
      assertThat(runs).isEmpty();
    }
  }

  @Test
  void vectorsAndRepeatedAttributesAreNoRequest() {
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      booted();
      site.cloud.updateVm(site.vm, "VLLM_BENCHMARK_REQUEST=[A=\"b\"]");
      answered("rejected: a request is");
      assertThat(runs).isEmpty();
    }
  }

  @Test
  void floodOfValuesRunsAtMostOneBenchmark() {
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      booted();
      for (int i = 0; i < 300; i++) {
        ask("flood-" + i);
      }
      Waiting.until(() -> !runs.isEmpty());
      looks(5);
      assertThat(runs).hasSize(1);
    }
  }

  @Test
  void requestThatCannotBeKeptIsNotRun() throws IOException {
    try (Publisher publisher = publisher()) {
      watch(publisher, HOURLY);
      booted();
      // The place of the temporary file is taken, so that no file can be written.
      Path taken = site.disk.resolve("request.json.tmp");
      Files.createDirectories(taken.resolve("full"));
      ask("ticket-1");
      looks(3);
      assertThat(runs).isEmpty();
      Files.delete(taken.resolve("full"));
      Waiting.until(() -> runs.equals(List.of("ticket-1")));
    }
  }

  @Test
  void fullDiskAtTheEndOfARunBlocksNoLaterRequest() throws IOException {
    try (Publisher publisher = publisher()) {
      RequestWatch watch = watch(publisher, new RequestRules(true, Duration.ZERO));
      booted();
      ask("one");
      Waiting.until(() -> !runs.isEmpty());
      Path taken = site.disk.resolve("request.json.tmp");
      Files.createDirectories(taken.resolve("full"));
      watch.done(new BenchmarkRequest("one"));
      answered("one");
      Files.delete(taken.resolve("full"));
      Files.delete(taken);
      ask("two");
      Waiting.until(() -> runs.equals(List.of("one", "two")));
    }
  }

  @Test
  void itWorksThroughOneGate() {
    try (Publisher publisher = site.publisher(site.oneGate())) {
      publisher.state(Site.state(Stage.READY, "serves"));
      RequestWatch watch = watch(publisher, HOURLY);
      booted();
      ask("ticket-1");
      Waiting.until(() -> !runs.isEmpty());
      watch.failed(new BenchmarkRequest("ticket-1"), "the engine died");
      answered("rejected: the engine died");
    }
  }
}
