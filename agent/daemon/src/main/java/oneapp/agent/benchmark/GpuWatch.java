package oneapp.agent.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import oneapp.agent.benchmark.GpuUse.Reading;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import org.jspecify.annotations.Nullable;

/** Reads the GPUs each second by nvidia-smi while a benchmark goes on. */
final class GpuWatch implements AutoCloseable {
  private static final String FIELDS =
      "index,utilization.gpu,power.draw,memory.used,clocks.sm,clocks_throttle_reasons.active";

  private static final Duration GRACE = Duration.ofSeconds(1);

  private final List<Reading> readings = new ArrayList<>();
  private @Nullable ProcessGroup process;

  private GpuWatch() {}

  /** Watches these GPUs; none, and a program that will not start, give no readings. */
  static GpuWatch start(List<Integer> gpus, String program) {
    GpuWatch watch = new GpuWatch();
    if (!gpus.isEmpty()) {
      String ids = gpus.stream().map(String::valueOf).collect(Collectors.joining(","));
      List<String> words =
          List.of(
              program,
              "--id=" + ids,
              "--query-gpu=" + FIELDS,
              "--format=csv,noheader,nounits",
              "-l",
              "1");
      try {
        watch.process =
            ProcessGroup.start(
                new Command(words, Map.of("PATH", "/usr/local/bin:/usr/bin:/bin")), watch::line);
      } catch (IOException e) {
        // The benchmark is worth having without the GPUs' own figures.
      }
    }
    return watch;
  }

  private void line(String line) {
    parse(line)
        .ifPresent(
            reading -> {
              synchronized (readings) {
                readings.add(reading);
              }
            });
  }

  /** {@code 0, 87, 310.25, 41023, 1980, 0x0000000000000004}; "[N/A]" counts as 0. */
  static Optional<Reading> parse(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != 6 || !fields[0].strip().matches("[0-9]+")) {
      return Optional.empty();
    }
    String reasons = fields[5].strip();
    return Optional.of(
        new Reading(
            Integer.parseInt(fields[0].strip()),
            number(fields[1]) / 100,
            number(fields[2]),
            number(fields[3]),
            number(fields[4]),
            reasons.matches("0x[0-9a-fA-F]{1,16}")
                ? Long.parseUnsignedLong(reasons.substring(2), 16)
                : 0));
  }

  private static double number(String field) {
    String text = field.strip();
    return text.matches("[0-9]+([.][0-9]+)?") ? Double.parseDouble(text) : 0;
  }

  /** What was read since the last call; null when nothing was. */
  @Nullable GpuUse take() {
    synchronized (readings) {
      GpuUse use = readings.isEmpty() ? null : GpuUse.of(readings);
      readings.clear();
      return use;
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.stop(GRACE);
    }
  }
}
