package oneapp.agent.certify;

import java.util.List;
import java.util.Optional;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a use case demands of one request; a limit that is null does not count.
 *
 * @param name as in ONEAPP_VLLM_SLO_USE_CASES
 * @param title for people
 * @param latencyMs from the intended start to the end
 * @param ttftMs from the intended start to the first token
 * @param itlMs mean gap between tokens, (last - first) / (N - 1)
 */
public record Slo(
    String name,
    String title,
    @Nullable Integer latencyMs,
    @Nullable Integer ttftMs,
    @Nullable Integer itlMs) {

  /** The list, as in slos.yaml. */
  public record Table(List<Slo> slos) {
    public Table {
      slos = List.copyOf(slos);
    }

    public Optional<Slo> find(String name) {
      return slos.stream().filter(slo -> slo.name().equals(name)).findFirst();
    }
  }

  /** True when it asks the same of a request, whatever its title is. */
  boolean hasLimitsOf(Slo other) {
    return new Slo(other.name, other.title, latencyMs, ttftMs, itlMs).equals(other);
  }

  /** How one request stands to all the limits at once. */
  public enum Standing {
    WITHIN,
    OVER,
    UNDECIDED
  }

  public Slo {
    if (latencyMs == null && ttftMs == null && itlMs == null) {
      throw new IllegalArgumentException("use case " + name + " has no limit");
    }
  }

  /**
   * A failed request is over. One that was cut off is over when it had passed a limit before, else
   * undecided: what it would have done is not known.
   */
  public Standing standing(Request request) {
    if (request.outcome() == Outcome.ERROR) {
      return Standing.OVER;
    }
    boolean cut = request.outcome() == Outcome.CUT;
    if (isLatencyOver(request, cut) || isTtftOver(request, cut)) {
      return Standing.OVER;
    }
    if (cut) {
      return Standing.UNDECIDED;
    }
    return isItlOver(request) ? Standing.OVER : Standing.WITHIN;
  }

  private boolean isLatencyOver(Request request, boolean cut) {
    return latencyMs != null && waited(request, cut) > latencyMs * 1000L;
  }

  /** Of a request that was cut at an unknown time nobody knows how long it waited. */
  private static long waited(Request request, boolean cut) {
    return request.latency().orElse(cut ? 0 : Long.MAX_VALUE);
  }

  /** Without a first token it is at least as late as the request's end. */
  private boolean isTtftOver(Request request, boolean cut) {
    if (ttftMs == null) {
      return false;
    }
    long untilToken = request.ttft().orElseGet(() -> cut ? waited(request, true) : Long.MAX_VALUE);
    return untilToken > ttftMs * 1000L;
  }

  private boolean isItlOver(Request request) {
    return itlMs != null
        && request.outputTokens() > 1
        && request.streaming().orElse(Long.MAX_VALUE)
            > itlMs * 1000L * (request.outputTokens() - 1L);
  }
}
