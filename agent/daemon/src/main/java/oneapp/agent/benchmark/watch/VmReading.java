package oneapp.agent.benchmark.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The VM at one moment, read from /proc; two readings make a {@link VmUse.Point}.
 *
 * @param wallNanos wall clock, nanoseconds since 1970
 * @param monotonicNanos clock that is never set
 * @param cpu jiffies of all processors since boot, when known
 * @param memoryStallMicros time in which some process waited for memory, since boot
 */
record VmReading(
    long wallNanos,
    long monotonicNanos,
    Optional<Cpu> cpu,
    OptionalDouble load,
    OptionalDouble availableMib,
    OptionalLong memoryStallMicros) {
  /** Places of the numbers in the line "cpu" (proc_stat(5)). */
  private static final int IDLE = 3;

  private static final int WAITING_FOR_DISK = 4;
  private static final int STEAL = 7;

  private static final double NANOS_PER_MS = 1e6;
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +([0-9]{1,15}) kB");
  private static final Pattern STALL = Pattern.compile("(?m)^some .*total=([0-9]{1,18})");

  /** Jiffies of all processors together. */
  record Cpu(long total, long busy, long stolen) {}

  /** Reads {@code proc}, which is /proc; figures that are not there stay empty. */
  static VmReading of(Path proc) {
    Matcher available = AVAILABLE.matcher(text(proc.resolve("meminfo")));
    Matcher stall = STALL.matcher(text(proc.resolve("pressure/memory")));
    String load = text(proc.resolve("loadavg")).split(" ", 2)[0];
    return new VmReading(
        System.currentTimeMillis() * 1_000_000,
        System.nanoTime(),
        cpu(text(proc.resolve("stat"))),
        load.matches("[0-9]{1,6}\\.[0-9]+")
            ? OptionalDouble.of(Double.parseDouble(load))
            : OptionalDouble.empty(),
        available.find()
            ? OptionalDouble.of(Long.parseLong(available.group(1)) / 1024.0)
            : OptionalDouble.empty(),
        stall.find() ? OptionalLong.of(Long.parseLong(stall.group(1))) : OptionalLong.empty());
  }

  private static Optional<Cpu> cpu(String stat) {
    String line = stat.lines().findFirst().orElse("");
    if (!line.matches("cpu +[0-9]{1,18}( [0-9]{1,18}){7,}")) {
      return Optional.empty();
    }
    long[] jiffies =
        Arrays.stream(line.replaceFirst("^cpu +", "").split(" "))
            .limit(STEAL + 1)
            .mapToLong(Long::parseLong)
            .toArray();
    long total = Arrays.stream(jiffies).sum();
    long busy = total - jiffies[IDLE] - jiffies[WAITING_FOR_DISK] - jiffies[STEAL];
    return Optional.of(new Cpu(total, busy, jiffies[STEAL]));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  double secondsUntil(VmReading later) {
    return (later.monotonicNanos - monotonicNanos) / 1e9;
  }

  /** How far the wall clock moves against the monotonic one meanwhile. */
  double clockStepMs(VmReading later) {
    return ((later.wallNanos - wallNanos) - (later.monotonicNanos - monotonicNanos)) / NANOS_PER_MS;
  }

  OptionalDouble busyShare(VmReading later) {
    return cpuShare(later, Cpu::busy);
  }

  OptionalDouble stealShare(VmReading later) {
    return cpuShare(later, Cpu::stolen);
  }

  private OptionalDouble cpuShare(VmReading later, ToDoubleFunction<Cpu> what) {
    return cpu.isEmpty() || later.cpu.isEmpty()
        ? OptionalDouble.empty()
        : share(
            what.applyAsDouble(later.cpu.get()) - what.applyAsDouble(cpu.get()),
            (double) (later.cpu.get().total - cpu.get().total));
  }

  OptionalDouble memoryStallShare(VmReading later) {
    return memoryStallMicros.isEmpty() || later.memoryStallMicros.isEmpty()
        ? OptionalDouble.empty()
        : share(
            (double) (later.memoryStallMicros.getAsLong() - memoryStallMicros.getAsLong()),
            1e6 * secondsUntil(later));
  }

  private static OptionalDouble share(double part, double whole) {
    return whole > 0 ? OptionalDouble.of(Math.clamp(part / whole, 0, 1)) : OptionalDouble.empty();
  }

  VmUse.Point until(VmReading later) {
    return new VmUse.Point(
        later.wallNanos,
        secondsUntil(later),
        busyShare(later),
        stealShare(later),
        later.load,
        later.availableMib);
  }
}
