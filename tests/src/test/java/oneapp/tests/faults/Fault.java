package oneapp.tests.faults;

import java.util.Optional;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;

/**
 * One row of the table: what is broken, when, and what must come of it.
 *
 * @param name unique together with the phase
 * @param setup done before the agent starts
 * @param strike done when the phase is reached; empty when the fault lies in the setup
 * @param expected what must come of it
 * @param check what else must hold before the agent is stopped
 */
record Fault(
    String name, Phase phase, Step setup, Optional<Step> strike, Expected expected, Step check) {

  /** Something that is done to a scene. */
  @FunctionalInterface
  interface Step {
    Step NONE = _ -> {};

    void on(Scene scene) throws Exception;
  }

  /**
   * What the user sees, and what follows.
   *
   * @param state the state in OpenNebula that is right after the fault
   * @param category what its reason begins with, if it is a failure's
   * @param reason a part of that reason which names the cause; may be empty
   */
  record Expected(Stage state, Optional<Category> category, String reason, Next next) {

    static Expected startedAgain(String reason) {
      return new Expected(
          Stage.LOADING, Optional.of(Category.SERVER_DIED), reason, Next.STARTED_AGAIN);
    }

    static Expected measuredAgain(String reason) {
      return new Expected(
          Stage.LOADING, Optional.of(Category.SERVER_DIED), reason, Next.MEASURED_AGAIN);
    }

    static Expected servesOn() {
      return new Expected(Stage.READY, Optional.empty(), "", Next.SERVES_ON);
    }

    /** The agent ends; whether it is started again is the category's matter. */
    static Expected ends(Category category, String reason) {
      return new Expected(
          Stage.FAILED,
          Optional.of(category),
          reason,
          category.isPermanent() ? Next.GIVEN_UP : Next.ENDS);
    }

    int exitCode() {
      return category.map(Category::exitCode).orElse(0);
    }
  }

  Fault(String name, Phase phase, Step setup, Step strike, Expected expected) {
    this(name, phase, setup, Optional.of(strike), expected, Step.NONE);
  }

  /** A fault that lies in the setup. */
  static Fault builtIn(String name, Phase phase, Step setup, Expected expected) {
    return new Fault(name, phase, setup, Optional.empty(), expected, Step.NONE);
  }

  Fault checking(Step further) {
    return new Fault(name, phase, setup, strike, expected, further);
  }

  @Override
  public String toString() {
    return name + ", " + phase;
  }

  /** The same is done in the same phase; what comes of it may differ. */
  boolean isLike(Fault other) {
    return name.equals(other.name) && phase == other.phase;
  }
}
