package oneapp.tests.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.agent.AgentSite;
import oneapp.tests.opennebula.LoggedRequest;

/** The states of the VM in the order in which OpenNebula was told of them. */
final class History {
  private static final String STATE = "VLLM_STATE";
  private static final String REASON = "VLLM_STATE_REASON";

  private final AgentSite site;

  History(AgentSite site) {
    this.site = site;
  }

  /** A state, and when OpenNebula heard of it. */
  record Entry(Instant time, Stage state, String reason) {
    boolean is(Stage wanted, Optional<Category> category, String part) {
      return state == wanted
          && reason.contains(part)
          && category.map(one -> reason.contains(one + ": ")).orElse(true);
    }
  }

  /** An update says only what is new. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    Stage state = Stage.CONTEXT;
    String reason = "";
    for (LoggedRequest request : site.cloud.requests()) {
      Optional<String> newState = value(request, STATE);
      Optional<String> newReason = value(request, REASON);
      if (newState.isPresent() || newReason.isPresent()) {
        state = newState.map(Stage::valueOf).orElse(state);
        reason = newReason.orElse(reason);
        entries.add(new Entry(request.time(), state, reason));
      }
    }
    return entries;
  }

  private Optional<String> value(LoggedRequest request, String name) {
    if (request.object() != site.vm() || !request.method().equals("one.vm.update")) {
      return Optional.empty();
    }
    Matcher element =
        Pattern.compile("<" + name + ">(.*?)</" + name + ">", Pattern.DOTALL)
            .matcher(request.template());
    return element.find() ? Optional.of(unescaped(element.group(1))) : Optional.empty();
  }

  private static String unescaped(String text) {
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }

  /** What OpenNebula heard, in essence. */
  List<Stage> states() {
    return essential(entries().stream().map(Entry::state).toList());
  }

  /** What the agent printed. */
  static List<Stage> printed(String output) {
    List<Stage> stages = new ArrayList<>();
    for (String line : output.lines().toList()) {
      for (Stage stage : Stage.values()) {
        if (line.startsWith(stage + " ")) {
          stages.add(stage);
        }
      }
    }
    return stages;
  }

  /**
   * The states from LOADING on; no state stands twice in a row, and a READY that a benchmark
   * follows is left out.
   */
  static List<Stage> essential(List<Stage> all) {
    List<Stage> kept = new ArrayList<>();
    for (Stage stage : all) {
      boolean early =
          switch (stage) {
            case CONTEXT, GPU, MODEL, PLANNING -> true;
            case LOADING, READY, BENCHMARKING, FAILED, STOPPED -> false;
          };
      if (stage == Stage.BENCHMARKING && !kept.isEmpty() && kept.getLast() == Stage.READY) {
        kept.removeLast();
      }
      if (!early && (kept.isEmpty() || kept.getLast() != stage)) {
        kept.add(stage);
      }
    }
    return kept;
  }
}
