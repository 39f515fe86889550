package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.process.ProcessIdentity;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.Deadline;

/** The plot: faults happen on a scene, and what comes of them is proved. */
final class Play {
  /** Long enough for the agent's health watch to ask several times. */
  private static final Duration QUIET = Duration.ofSeconds(6);

  private static final int KILLED = 128 + 9;

  private final Scene scene;
  private final Set<ProcessIdentity> ran = new HashSet<>();
  private final List<Stage> expected = new ArrayList<>();

  private Play(Scene scene) {
    this.scene = scene;
  }

  /**
   * Lets faults of one phase happen, one after the other, each on what the one before left.
   *
   * @return for each the time until OpenNebula had it right
   */
  static List<Duration> of(Scene scene, List<Fault> faults) throws Exception {
    return new Play(scene).run(faults);
  }

  private List<Duration> run(List<Fault> faults) throws Exception {
    Fault first = faults.getFirst();
    scene.site.context.put(
        "ONEAPP_VLLM_BENCHMARK", first.phase() == Phase.BENCHMARKING ? "ONCE" : "NEVER");
    slow(first.phase());
    first.setup().on(scene);
    scene.start();
    expected.addAll(first.phase().sofar());
    List<Duration> until = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      Instant struck = strike(fault);
      until.add(awaitRight(fault.expected(), struck));
      follow(fault, fault.phase() == Phase.LOADING && i + 1 < faults.size());
    }
    if (expected.getLast() != Stage.FAILED) {
      stop(faults.getLast().expected().next());
      expected.add(Stage.STOPPED);
    }
    List<Stage> wanted = History.essential(expected);
    assertThat(scene.printed()).as(scene.agent().output()).isEqualTo(wanted);
    assertThat(wanted)
        .as("what OpenNebula heard, where a state that was short may be left out")
        .containsSubsequence(scene.history().states());
    assertNothingRuns();
    return until;
  }

  /** Makes the phase last until the fault strikes. */
  private void slow(Phase phase) throws IOException {
    switch (phase) {
      case LOADING -> scene.vllm("{\"hang_at\": \"load\"}");
      case SERVING -> scene.heal();
      case BENCHMARKING -> scene.vllm("{\"guidellm\": {\"hang\": true}}");
    }
  }

  private Instant strike(Fault fault) throws Exception {
    Instant now = Instant.now();
    if (fault.strike().isPresent()) {
      awaitPhase(fault.phase());
      scene.heal();
      ran.addAll(scene.processes().running());
      now = Instant.now();
      fault.strike().get().on(scene);
    }
    return now;
  }

  private void awaitPhase(Phase phase) throws Exception {
    switch (phase) {
      case LOADING -> {
        scene.await("LOADING", () -> scene.history().states().contains(Stage.LOADING));
        scene.await("its workers", () -> isThere(Victim.WORKER));
        if (scene.engine().knobs()) {
          scene.await("loading weights", () -> scene.log().contains("Starting to load model"));
        }
      }
      case SERVING ->
          scene.await("READY", () -> History.printed(scene.agent().output()).contains(Stage.READY));
      case BENCHMARKING -> {
        scene.await("BENCHMARKING", () -> scene.history().states().contains(Stage.BENCHMARKING));
        scene.await("GuideLLM at work", this::isMeasuring);
      }
    }
  }

  private boolean isMeasuring() {
    return scene.engine().knobs()
        ? scene.processes().isLoadGeneratorWaiting()
        : Files.exists(scene.state().resolve("benchmark/run-1.json"))
            && isThere(Victim.LOAD_GENERATOR);
  }

  private boolean isThere(Victim victim) {
    return scene.processes().find(victim).isPresent();
  }

  private Duration awaitRight(Fault.Expected outcome, Instant struck) throws Exception {
    return switch (outcome.next()) {
      case SERVES_ON -> {
        scene.await("READY", () -> scene.history().states().contains(Stage.READY));
        Deadline.quiet(QUIET);
        yield Duration.ZERO;
      }
      case MEASURED, AGENT_AGAIN, MEASURED_BY_NEXT_AGENT ->
          Duration.ZERO; // the state was right and stays so
      case STARTED_AGAIN, MEASURED_AGAIN, NOT_MEASURED, GIVEN_UP, NOT_AGAIN, ENDS -> {
        scene.await(
            "%s %s %s"
                .formatted(outcome.state(), outcome.category().orElse(null), outcome.reason()),
            () -> right(outcome, struck).isPresent());
        yield Duration.between(struck, right(outcome, struck).orElseThrow().time());
      }
    };
  }

  private Optional<History.Entry> right(Fault.Expected outcome, Instant struck) {
    return scene.history().entries().stream()
        .filter(entry -> !entry.time().isBefore(struck))
        .filter(entry -> entry.is(outcome.state(), outcome.category(), outcome.reason()))
        .findFirst();
  }

  /** With {@code loading} the next fault strikes while the agent that follows is still loading. */
  private void follow(Fault fault, boolean loading) throws Exception {
    Next next = fault.expected().next();
    switch (next) {
      case SERVES_ON, STARTED_AGAIN, NOT_MEASURED -> {}
      case MEASURED, MEASURED_AGAIN -> awaitResult();
      case GIVEN_UP, NOT_AGAIN -> assertEnds(fault.expected());
      case ENDS -> {
        assertEnds(fault.expected());
        scene.heal();
        scene.start();
      }
      case AGENT_AGAIN, MEASURED_BY_NEXT_AGENT -> {
        assertThat(scene.agent().awaitExit()).isEqualTo(KILLED);
        assertNothingRuns();
        scene.start();
      }
    }
    if (next == Next.MEASURED_BY_NEXT_AGENT) {
      awaitResult();
    }
    expected.addAll(next.states());
    if (loading) {
      expected.removeLast();
    } else if (expected.getLast() != Stage.FAILED) {
      assertServes();
      assertGoneIfReplaced(next);
      fault.check().on(scene);
    }
  }

  private void awaitResult() throws Exception {
    scene.await(
        "the result",
        () ->
            scene.site.vmAttributes().containsKey("VLLM_RESULT_ID")
                && !scene.site.resultIds().isEmpty());
  }

  /** The states are the right ones, and a user gets tokens. */
  private void assertServes() throws Exception {
    scene.await(
        "to serve again",
        () ->
            scene.printed().equals(History.essential(expected))
                && scene.history().states().getLast() == Stage.READY);
    int port = Integer.parseInt(scene.site.context.get("ONEAPP_VLLM_API_PORT")) + 1;
    User.getsTokens(port, scene.site.model.getFileName().toString(), scene.engine().patience());
  }

  /** What ran when the fault struck is gone once a new server answers. */
  private void assertGoneIfReplaced(Next next) {
    if (next.replacesServer()) {
      assertThat(Processes.left(ran)).as("processes of the vLLM that was hit").isEmpty();
    }
  }

  private void assertEnds(Fault.Expected outcome) throws Exception {
    assertThat(scene.agent().awaitExit())
        .as(scene.agent().output() + scene.agent().errors())
        .isEqualTo(outcome.exitCode());
    String line = "vllm-agent: " + outcome.category().orElseThrow() + ": ";
    assertThat(scene.agent().errors().lines().filter(said -> said.startsWith(line)))
        .singleElement()
        .asString()
        .contains(outcome.reason());
    assertNothingRuns();
  }

  private void assertNothingRuns() throws Exception {
    scene.await(
        "the end of all processes",
        () -> Processes.left(ran).isEmpty() && scene.processes().marked().isEmpty());
  }

  /** A benchmark that came to nothing is still in the exit code of an agent that was stopped. */
  private void stop(Next last) throws Exception {
    ran.addAll(scene.processes().running());
    scene.agent().signal("TERM");
    int code = last == Next.NOT_MEASURED ? Category.BENCHMARK_FAILED.exitCode() : 0;
    assertThat(scene.agent().awaitExit())
        .as(scene.agent().output() + scene.agent().errors())
        .isEqualTo(code);
  }
}
