package oneapp.agent.plan;

import java.util.List;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;

/**
 * No plan: why, what is missing, and the nearest settings that would work.
 *
 * @param message one line for the published reason
 * @param missing what is missing, with its amount
 * @param nearest settings that would work, the nearest first
 * @param reasons how the planner came to this, one sentence each
 */
public record Refused(
    Stage stage,
    Category category,
    String message,
    String missing,
    List<String> nearest,
    List<String> reasons)
    implements Sizing {
  public Refused {
    nearest = List.copyOf(nearest);
    reasons = List.copyOf(reasons);
  }
}
