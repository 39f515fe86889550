package oneapp.agent.publish;

import oneapp.agent.stage.Category;

/**
 * Why something could not be written.
 *
 * @param category OPENNEBULA_AUTH, _FORBIDDEN or _UNREACHABLE
 * @param sentence what happened and what to do, without secret and endpoint
 */
public record Problem(Category category, String sentence) {
  /** {@code OPENNEBULA_FORBIDDEN: what happened}. */
  @Override
  public String toString() {
    return category + ": " + sentence;
  }
}
