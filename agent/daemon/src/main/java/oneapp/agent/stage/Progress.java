package oneapp.agent.stage;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** How a stage tells what it is doing; a call returns at once and never fails. */
@FunctionalInterface
public interface Progress {
  Progress NONE = update -> {};

  void report(Update update);

  default void report(String text) {
    report(new Update(text, OptionalDouble.empty(), Optional.empty()));
  }

  default void report(String text, double fraction, Optional<Duration> left) {
    report(new Update(text, OptionalDouble.of(fraction), left));
  }

  /**
   * One step of progress.
   *
   * @param text one line, such as {@code run 4/11 at 3.2 req/s}
   * @param fraction share of the stage that is done, 0 to 1, when it is known
   * @param left estimated time to the end of the stage, when it is known
   * @param figures what was measured so far, such as {@code TTFT 61.8 ms}, or empty
   */
  record Update(String text, OptionalDouble fraction, Optional<Duration> left, String figures) {
    public Update(String text, OptionalDouble fraction, Optional<Duration> left) {
      this(text, fraction, left, "");
    }

    public Update {
      if (fraction.isPresent()) {
        fraction = OptionalDouble.of(Math.clamp(fraction.getAsDouble(), 0.0, 1.0));
      }
    }

    /** The published form: {@code run 4/11, 37 %, about 12 min left}. */
    public String line() {
      StringBuilder line = new StringBuilder(text);
      if (!figures.isEmpty()) {
        line.append(", ").append(figures);
      }
      if (fraction.isPresent()) {
        line.append(", ").append(Math.round(fraction.getAsDouble() * 100)).append(" %");
      }
      if (left.isPresent()) {
        line.append(", ").append(timeLeft());
      }
      return line.toString();
    }

    /** {@code about 12 min left}, or empty. */
    public String timeLeft() {
      return left.map(time -> "about " + rounded(time) + " left").orElse("");
    }

    private static String rounded(Duration time) {
      long seconds = Math.max(0, time.toSeconds());
      return seconds < 90 ? seconds + " s" : Math.ceilDiv(seconds, 60) + " min";
    }
  }
}
