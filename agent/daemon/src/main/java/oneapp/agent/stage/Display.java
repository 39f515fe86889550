package oneapp.agent.stage;

/** Where a person sees the state while it changes, such as a terminal. */
public interface Display {
  /** A new stage or reason. */
  void stage(State state);

  /** Progress within the stage. */
  void progress(Progress.Update update);
}
