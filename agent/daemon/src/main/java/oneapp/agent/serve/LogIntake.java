package oneapp.agent.serve;

import oneapp.agent.data.Secrets;
import oneapp.agent.stage.Progress;

/** Takes every line of the server: redacted, to the log file, the diagnosis and the progress. */
final class LogIntake {
  private final Secrets secrets;
  private final ServerLog log;
  private final Diagnoser diagnoser = new Diagnoser();
  private final StartupLog startup;
  private long lines;

  LogIntake(Secrets secrets, ServerLog log, Progress progress) {
    this.secrets = secrets;
    this.log = log;
    this.startup = new StartupLog(progress);
  }

  synchronized void accept(String raw) {
    String line = secrets.redact(raw);
    lines++;
    log.write(line);
    diagnoser.accept(line);
    startup.accept(line);
  }

  synchronized Diagnosis diagnosis() {
    return diagnoser.result();
  }

  /** How many lines came so far: a sign of life. */
  synchronized long lines() {
    return lines;
  }

  StartupLog startup() {
    return startup;
  }
}
