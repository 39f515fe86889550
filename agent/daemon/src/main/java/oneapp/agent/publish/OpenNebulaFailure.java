package oneapp.agent.publish;

import oneapp.agent.stage.Category;

/** A call to OpenNebula that did not do what was meant; its message is one sentence, no secret. */
public final class OpenNebulaFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Category category;

  public OpenNebulaFailure(Category category, String sentence) {
    super(sentence);
    this.category = category;
  }

  /** OPENNEBULA_AUTH, _FORBIDDEN or _UNREACHABLE. */
  public Category category() {
    return category;
  }

  /** What happened and what to do, in one sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  /** The same as a value. */
  public Problem problem() {
    return new Problem(category, sentence());
  }
}
