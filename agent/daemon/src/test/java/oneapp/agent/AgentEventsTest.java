package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The event loop as a table, {@code agent-events.txt}: what the agent does about each event that
 * can come in each situation, without a process. {@code -Ddocs.write=true} writes the table anew.
 */
class AgentEventsTest {
  private static final Path TABLE =
      Path.of(
          System.getProperty("house"),
          "agent/daemon/src/test/resources/oneapp/agent/agent-events.txt");

  /** How the agent comes into a situation, by the events that lead there. */
  enum Situation {
    READING_CONTEXT(List.of()),
    FINDING_GPUS(List.of(Happening.CONTEXT_READ)),
    READING_MODEL(FINDING_GPUS, Happening.GPUS_FOUND),
    PLANNING(READING_MODEL, Happening.MODEL_READ),
    LOADING(PLANNING, Happening.PLANNED),
    READY(LOADING, Happening.SERVER_READY),
    BENCHMARKING(LOADING, Happening.DUE, Happening.SERVER_READY),
    BENCHMARKING_AS_ASKED(READY, Happening.BENCHMARK_REQUESTED),
    LOADING_AGAIN(READY, Happening.SERVER_EXITED),
    LOADING_OTHERWISE(READY, Happening.REPLANNED_OTHERWISE);

    @SuppressWarnings("ImmutableEnumChecker") // a list that is made here and never given away
    private final List<Happening> path;

    Situation(List<Happening> path) {
      this.path = path;
    }

    Situation(Situation before, Happening... then) {
      this(Stream.concat(before.path.stream(), Stream.of(then)).toList());
    }
  }

  /** An event, or a change around the agent. */
  enum Happening {
    CONTEXT_READ(Agents::finishStep),
    GPUS_FOUND(Agents::finishStep),
    MODEL_READ(Agents::finishStep),
    PLANNED(Agents::finishStep),
    SERVER_READY(Agents::finishStep),
    CERTIFIED(Agents::finishStep),
    STEP_FAILED(Agents::failStep),
    STEP_FAILED_FOR_GOOD(Agents::failStepForGood),
    SERVER_EXITED(agents -> agents.serverExited(true)),
    SERVER_EXITED_FOR_GOOD(Agents::serverExitedForGood),
    EARLIER_SERVER_EXITED(agents -> agents.serverExited(false)),
    SERVER_SICK(Agents::serverSick),
    DOOR_ENDED(Agents::doorEnded),
    REPLANNED_THE_SAME(agents -> agents.replanned(UnaryOperator.identity())),
    REPLANNED_TO_MEASURE_ANEW(agents -> agents.replanned(Agents::otherSamples)),
    REPLANNED_OTHERWISE(agents -> agents.replanned(Agents::otherLength)),
    REPLAN_FAILED(Agents::replanFailed),
    BENCHMARK_REQUESTED(Agents::benchmarkRequested),
    PCI_IDS_AGREE(agents -> agents.pciIds("10de:26b9", "10de:26b9")),
    PCI_IDS_DIFFER(agents -> agents.pciIds("10de:26b9", "10de:26b9", "10de:26b9")),
    PROGRESSED(Agents::progressed),
    CONTEXT_CHANGED(Agents::contextChanged),
    COMMAND_MEASURED(Agents::commandMeasured),
    TIME_PASSED(Agents::tick),
    STOPPED(Agents::stop),
    DUE(Agents::due);

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Act act;

    Happening(Act act) {
      this.act = act;
    }

    /** Done to the agent; a step may fail as the real one does. */
    interface Act {
      void on(Agents agents) throws StageFailure, InterruptedException;
    }

    /** Where it can come; elsewhere the worker takes it back, or nobody can cause it. */
    private Set<Situation> possible() {
      Set<Situation> starting =
          EnumSet.of(Situation.LOADING, Situation.LOADING_AGAIN, Situation.LOADING_OTHERWISE);
      Set<Situation> serving =
          EnumSet.of(Situation.READY, Situation.BENCHMARKING, Situation.BENCHMARKING_AS_ASKED);
      Set<Situation> measuring =
          EnumSet.of(Situation.BENCHMARKING, Situation.BENCHMARKING_AS_ASKED);
      Set<Situation> planned = EnumSet.copyOf(starting);
      planned.addAll(serving);
      return switch (this) {
        case CONTEXT_READ -> EnumSet.of(Situation.READING_CONTEXT);
        case GPUS_FOUND -> EnumSet.of(Situation.FINDING_GPUS);
        case MODEL_READ -> EnumSet.of(Situation.READING_MODEL);
        case PLANNED -> EnumSet.of(Situation.PLANNING);
        case SERVER_READY -> starting;
        case CERTIFIED -> measuring;
        case STEP_FAILED, STEP_FAILED_FOR_GOOD -> EnumSet.complementOf(EnumSet.of(Situation.READY));
        case SERVER_EXITED, SERVER_EXITED_FOR_GOOD, SERVER_SICK, COMMAND_MEASURED -> serving;
        case EARLIER_SERVER_EXITED,
            DOOR_ENDED,
            REPLANNED_THE_SAME,
            REPLANNED_TO_MEASURE_ANEW,
            REPLANNED_OTHERWISE,
            REPLAN_FAILED,
            PCI_IDS_AGREE,
            PCI_IDS_DIFFER ->
            planned;
        case BENCHMARK_REQUESTED -> {
          planned.remove(Situation.LOADING);
          yield planned;
        }
        case PROGRESSED, CONTEXT_CHANGED, TIME_PASSED, STOPPED -> EnumSet.allOf(Situation.class);
        case DUE -> EnumSet.noneOf(Situation.class);
      };
    }
  }

  private static String row(Situation situation, Happening event) {
    try {
      Agents agents = new Agents();
      for (Happening step : situation.path) {
        step.act.on(agents);
      }
      agents.forget();
      event.act.on(agents);
      return agents.seen();
    } catch (StageFailure | InterruptedException e) {
      throw new IllegalStateException(situation + ", " + event, e);
    }
  }

  private static Stream<String> keys() {
    return Stream.of(Situation.values())
        .flatMap(
            situation ->
                Stream.of(Happening.values())
                    .filter(event -> event.possible().contains(situation))
                    .map(event -> situation + ", " + event));
  }

  private static Map<String, String> table() {
    try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" -> ", 2))
          .collect(
              Collectors.toMap(part -> part[0], part -> part[1], (a, b) -> b, LinkedHashMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String actual(String key) {
    String[] pair = key.split(", ", 2);
    return row(Situation.valueOf(pair[0]), Happening.valueOf(pair[1]));
  }

  @Test
  void theTableHasEveryPairThatCanHappen() throws IOException {
    if (Boolean.getBoolean("docs.write")) {
      String head = "# situation, event -> state; effects in their order\n";
      Files.writeString(
          TABLE,
          head
              + keys().map(key -> key + " -> " + actual(key)).collect(Collectors.joining("\n"))
              + "\n");
    }
    assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(keys().toList());
  }

  @TestFactory
  Stream<DynamicTest> theAgentDoesAsTheTableSays() {
    return table().entrySet().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.getKey(),
                    () -> assertThat(actual(row.getKey())).isEqualTo(row.getValue())));
  }

  /** With --once the first end of what is asked for is the end of the agent. */
  @Test
  void onceEndsAfterTheBenchmarkOrTheFirstFailure() throws Exception {
    assertThat(Agents.once(List.of(Happening.DUE.act), Happening.CERTIFIED.act))
        .startsWith("STOPPED");
    assertThat(Agents.once(List.of(), agents -> {})).startsWith("STOPPED");
    assertThat(Agents.once(List.of(Happening.DUE.act), Happening.SERVER_EXITED.act))
        .startsWith("FAILED SERVER_DIED");
    assertThat(Agents.once(List.of(Happening.DUE.act), Happening.STEP_FAILED.act))
        .startsWith("FAILED BENCHMARK_FAILED");
  }

  /** Five starts again within half an hour, then the end. */
  @Test
  void aServerThatEndsTooOftenIsNotStartedAgain() throws Exception {
    Agents agents = new Agents();
    for (Happening step : Situation.READY.path) {
      step.act.on(agents);
    }
    for (int end = 1; end <= 5; end++) {
      Happening.SERVER_EXITED.act.on(agents);
      assertThat(agents.seen()).as("end %d", end).startsWith("LOADING SERVER_DIED");
      Happening.SERVER_READY.act.on(agents);
      agents.forget();
    }
    Happening.SERVER_EXITED.act.on(agents);
    assertThat(agents.seen()).startsWith("FAILED SERVER_DIED");
  }
}
