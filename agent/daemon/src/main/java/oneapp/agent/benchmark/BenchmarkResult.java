package oneapp.agent.benchmark;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import oneapp.agent.data.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a benchmark measured, with any engine.
 *
 * @param schema version of this shape
 * @param engine name of the load generator, such as guidellm
 * @param engineVersion its version, or empty
 * @param workload name of the preset, or empty when it is not known
 * @param plannedLooks how often each run may be looked at: fixed before the first request
 * @param runs the throughput run first, then from the lowest rate up, as the procedure orders them
 * @param remarks events that matter to a reader, one sentence each
 */
public record BenchmarkResult(
    int schema,
    String engine,
    String engineVersion,
    String workload,
    int plannedLooks,
    List<BenchmarkRun> runs,
    List<String> remarks) {
  /** The version that this agent writes. */
  public static final int SCHEMA = 1;

  /** Most requests of one result: as many as the agent's small heap holds. */
  public static final int MOST_REQUESTS = 200_000;

  public BenchmarkResult {
    runs = List.copyOf(runs);
    remarks = List.copyOf(remarks);
    if (plannedLooks < 1) {
      throw new IllegalArgumentException("a benchmark has at least one look");
    }
  }

  /** The end of the last request; nothing when there is none. */
  public Optional<Instant> finished() {
    return runs.stream()
        .flatMap(run -> run.requests().stream())
        .map(Request::end)
        .filter(Objects::nonNull)
        .max(Long::compare)
        .map(nanos -> Instant.ofEpochSecond(0, nanos).truncatedTo(ChronoUnit.SECONDS));
  }

  /** A name that only these measurements have: their date and a hash of their times. */
  public String id() {
    MessageDigest hash = Digest.sha256();
    for (BenchmarkRun run : runs) {
      for (Request request : run.requests()) {
        hash.update(
            ByteBuffer.allocate(16)
                .putLong(time(request.sent()))
                .putLong(time(request.end()))
                .flip());
      }
    }
    String date =
        finished()
            .map(time -> DateTimeFormatter.ISO_INSTANT.format(time).replaceAll("[-:]", ""))
            .orElse("none");
    return date + "-" + Digest.hex(hash).substring(0, 8);
  }

  private static long time(@Nullable Long nanos) {
    return nanos == null ? 0 : nanos;
  }
}
