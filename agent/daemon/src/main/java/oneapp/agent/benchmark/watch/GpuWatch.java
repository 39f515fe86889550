package oneapp.agent.benchmark.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.gpu.KernelLog;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import org.jspecify.annotations.Nullable;

/** Reads the GPUs of the plan each second by nvidia-smi while a benchmark goes on. */
public final class GpuWatch implements AutoCloseable {
  private static final String FIELDS =
      "index,utilization.gpu,power.draw,memory.used,clocks.sm,temperature.gpu";

  /** The newer name first, then the one of drivers before 535. */
  private static final List<String> REASONS =
      List.of("clocks_event_reasons.active", "clocks_throttle_reasons.active");

  private static final double SECONDS = 1;
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int LARGEST_OUTPUT = 64 * 1024;

  private final List<Integer> gpus;
  private final GpuProbe probe;
  private final Map<Integer, Series<GpuPoint>> series = new TreeMap<>();
  private final Map<Integer, Long> lastNanos = new TreeMap<>();
  private @Nullable ProcessGroup process;

  private GpuWatch(List<Integer> gpus, GpuProbe probe) {
    this.gpus = List.copyOf(gpus);
    this.probe = probe;
  }

  /**
   * Watches these GPUs; without any, nothing is started. A program that does not start gives no
   * readings: the benchmark is worth having without the GPUs' own figures.
   */
  public static GpuWatch start(
      List<Integer> gpus, String nvidiaSmi, KernelLog kernelLog, Supplier<Set<Long>> server) {
    List<String> words =
        List.of(
            nvidiaSmi,
            "--id=" + gpus.stream().map(String::valueOf).collect(Collectors.joining(",")));
    GpuWatch watch = new GpuWatch(gpus, new GpuProbe(words, kernelLog, Path.of("/proc"), server));
    if (gpus.isEmpty()) {
      return watch;
    }
    try {
      List<String> all = new ArrayList<>(words);
      all.add("--query-gpu=" + FIELDS + reasons(words));
      all.add("--format=csv,noheader,nounits");
      all.addAll(List.of("-l", "1"));
      watch.process = ProcessGroup.start(Command.ofSystem(all), watch::line);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
      }
    }
    return watch;
  }

  /** This driver's name of the reasons for a low clock; with a wrong name it prints no readings. */
  private static String reasons(List<String> nvidiaSmi) throws IOException {
    for (String name : REASONS) {
      List<String> words = new ArrayList<>(nvidiaSmi);
      words.addAll(List.of("--query-gpu=" + name, "--format=csv,noheader"));
      Capture.Output output = Capture.run(Command.ofSystem(words), DEADLINE, LARGEST_OUTPUT);
      if (!output.timedOut() && output.exitCode() == 0) {
        return "," + name;
      }
    }
    return "";
  }

  private void line(String line) {
    long at = System.currentTimeMillis() * 1_000_000;
    Reading.parse(line)
        .ifPresent(
            reading -> {
              synchronized (series) {
                long now = System.nanoTime();
                Long last = lastNanos.put(reading.gpu, now);
                double seconds = last == null ? SECONDS : (now - last) / 1e9;
                series
                    .computeIfAbsent(reading.gpu, gpu -> new Series<>())
                    .add(reading.point(at, seconds));
              }
            });
  }

  /**
   * One line of nvidia-smi, {@code 0, 87, 310.25, 41023, 1980, 64, 0x0000000000000004}: one GPU at
   * one moment. A figure that the driver does not know is "[N/A]", "[Not Supported]", "[Unknown
   * Error]" and the like.
   */
  record Reading(int gpu, List<String> fields) {
    static Optional<Reading> parse(String line) {
      List<String> fields = Stream.of(line.split(",", -1)).map(String::strip).toList();
      return fields.size() < 6 || fields.size() > 7 || !fields.getFirst().matches("[0-9]{1,4}")
          ? Optional.empty()
          : Optional.of(new Reading(Integer.parseInt(fields.getFirst()), fields));
    }

    GpuPoint point(long at, double seconds) {
      String reasons = fields.size() < 7 ? "" : fields.get(6);
      OptionalDouble percent = number(1);
      return new GpuPoint(
          at,
          seconds,
          percent.orElse(101) > 100
              ? OptionalDouble.empty()
              : OptionalDouble.of(percent.getAsDouble() / 100),
          number(2),
          number(3),
          number(4),
          number(5),
          reasons.matches("0x[0-9a-fA-F]{1,16}")
              ? OptionalLong.of(Long.parseUnsignedLong(reasons.substring(2), 16))
              : OptionalLong.empty());
    }

    private OptionalDouble number(int field) {
      String text = fields.get(field);
      return text.matches("[0-9]{1,12}([.][0-9]{1,6})?")
          ? OptionalDouble.of(Double.parseDouble(text))
          : OptionalDouble.empty();
    }
  }

  /** A run begins: readings from now on belong to it. Nothing where there are no GPUs. */
  Optional<GpuState> begin() throws InterruptedException {
    if (gpus.isEmpty()) {
      return Optional.empty();
    }
    GpuState state = probe.read();
    synchronized (series) {
      series.clear();
    }
    return Optional.of(state);
  }

  /** A run has ended. */
  GpuUse end(GpuState before) throws InterruptedException {
    List<GpuUse.Timeline> timelines;
    synchronized (series) {
      timelines =
          gpus.stream()
              .map(
                  gpu ->
                      new GpuUse.Timeline(gpu, series.getOrDefault(gpu, new Series<>()).points()))
              .toList();
    }
    GpuState after = probe.read();
    return new GpuUse(
        timelines,
        before.eccUntil(after, gpus),
        before.errorsUntil(after),
        before.processesUntil(after));
  }

  @Override
  public void close() {
    if (process != null) {
      process.stop(GRACE);
    }
  }
}
