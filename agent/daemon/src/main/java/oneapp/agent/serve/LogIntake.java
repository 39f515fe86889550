package oneapp.agent.serve;

import oneapp.agent.data.Secrets;
import oneapp.agent.stage.Progress;
import org.jspecify.annotations.Nullable;

/** Takes every line of the server: redacted, to the log file, the diagnosis and the progress. */
final class LogIntake {
  private final Secrets secrets;
  private final ServerLog log;
  private final StartupLog startup;

  /** Made when the first line comes: reading its rules must not keep vLLM from starting. */
  private @Nullable Diagnoser diagnoser;

  LogIntake(Secrets secrets, ServerLog log, Progress progress) {
    this.secrets = secrets;
    this.log = log;
    this.startup = new StartupLog(progress);
  }

  synchronized void accept(String raw) {
    String line = secrets.redact(raw);
    log.write(line);
    diagnoser().accept(line);
    startup.accept(line);
  }

  /**
   * What its log says.
   *
   * @param failed true when it is known to have failed, so that the answer is never NONE
   */
  synchronized Diagnosis diagnosis(boolean failed) {
    return failed ? diagnoser().resultOfFailure() : diagnoser().result();
  }

  private Diagnoser diagnoser() {
    Diagnoser made = diagnoser == null ? new Diagnoser() : diagnoser;
    diagnoser = made;
    return made;
  }

  StartupLog startup() {
    return startup;
  }
}
