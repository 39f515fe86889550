package oneapp.agent.benchmark;

import java.util.OptionalLong;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/**
 * One request of a run, as its client saw it. Times are nanoseconds of the wall clock since 1970;
 * differences are whole microseconds, because engines write times as doubles, which resolve a
 * quarter of a microsecond. They are null, and not optional, for their size: a benchmark keeps up
 * to a million of them.
 *
 * @param due when it was meant to be sent, or null when nothing was planned
 * @param sent when it was sent, or null when it never was
 * @param firstToken arrival of the first token, or null when none came
 * @param lastToken arrival of the last token
 * @param end when it ended, or when it was cut off
 * @param promptTokens tokens sent, as the server counted them
 * @param outputTokens tokens received
 * @param error the engine's words for what went wrong, or empty
 */
public record Request(
    Outcome outcome,
    @Nullable Long due,
    @Nullable Long sent,
    @Nullable Long firstToken,
    @Nullable Long lastToken,
    @Nullable Long end,
    int promptTokens,
    int outputTokens,
    String error) {

  /** How a request ended: answered, failed, or cut off by the end of the run. */
  public enum Outcome {
    OK,
    ERROR,
    CUT
  }

  public Request {
    if (promptTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException(
          Text.format("a request has %d and %d tokens", promptTokens, outputTokens));
    }
  }

  /** The same request with another end. */
  Request endedAt(long time) {
    return new Request(
        outcome, due, sent, firstToken, lastToken, time, promptTokens, outputTokens, error);
  }

  /** The intended start; the real one where nothing was planned. */
  public @Nullable Long start() {
    return due == null ? sent : due;
  }

  /** Microseconds from the intended start to the first token. */
  public OptionalLong ttft() {
    return between(start(), firstToken);
  }

  /** Microseconds from the intended start to the end, or to the cut. */
  public OptionalLong latency() {
    return between(start(), end);
  }

  /** Microseconds from the real start to the first token. */
  public OptionalLong ttftFromSending() {
    return between(sent, firstToken);
  }

  /** Microseconds from the real start to the end. */
  public OptionalLong latencyFromSending() {
    return between(sent, end);
  }

  /** Microseconds from the first token to the last. */
  public OptionalLong streaming() {
    return between(firstToken, lastToken);
  }

  /** Microseconds from the real start to the last token. */
  public OptionalLong sendingToLastToken() {
    return between(sent, lastToken);
  }

  /** Microseconds by which it was sent after it was due; negative when before. */
  public OptionalLong sendDelay() {
    return between(due, sent);
  }

  private static OptionalLong between(@Nullable Long from, @Nullable Long to) {
    return from == null || to == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.floorDiv(to - from + 500, 1000L));
  }
}
