package oneapp.agent.benchmark.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import oneapp.agent.benchmark.watch.GpuUse.Owner;
import oneapp.agent.benchmark.watch.GpuUse.Processes;
import oneapp.agent.gpu.KernelLog;
import oneapp.agent.gpu.Xid;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;

/** Asks the driver for memory errors, its error reports and the processes on the GPUs. */
final class GpuProbe {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int LARGEST_OUTPUT = 8 * 1024 * 1024;

  private final List<String> nvidiaSmi;
  private final KernelLog kernelLog;
  private final Path proc;
  private final Supplier<Set<Long>> server;

  /**
   * A probe.
   *
   * @param nvidiaSmi the program, then the options that select the GPUs
   * @param server process ids of the server; empty when they are not known
   */
  GpuProbe(List<String> nvidiaSmi, KernelLog kernelLog, Path proc, Supplier<Set<Long>> server) {
    this.nvidiaSmi = List.copyOf(nvidiaSmi);
    this.kernelLog = kernelLog;
    this.proc = proc;
    this.server = server;
  }

  GpuState read() throws InterruptedException {
    Map<Integer, OptionalLong> ecc = new TreeMap<>();
    Set<String> addresses = new TreeSet<>();
    for (String line :
        ask("--query-gpu=index,pci.bus_id,ecc.errors.uncorrected.volatile.total")
            .orElse("")
            .lines()
            .toList()) {
      String[] fields = line.split(",", -1);
      if (fields.length == 3 && fields[0].strip().matches("[0-9]{1,4}")) {
        String count = fields[2].strip();
        ecc.put(
            Integer.valueOf(fields[0].strip()),
            count.matches("[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(count))
                : OptionalLong.empty());
        addresses.add(slot(fields[1]));
      }
    }
    return new GpuState(ecc, errors(addresses), processes());
  }

  /** Bus and device: the domain has four digits in one place and eight in another. */
  private static String slot(String address) {
    String[] parts = address.strip().toLowerCase(Locale.ROOT).split("[:.]", -1);
    return parts.length < 3 ? address : parts[1] + ":" + parts[2];
  }

  private Optional<Map<String, GpuUse.Xid>> errors(Set<String> addresses)
      throws InterruptedException {
    Optional<String> read = kernelLog.read();
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while reading the kernel log");
    }
    return read.map(
        log -> {
          Map<String, GpuUse.Xid> found = new LinkedHashMap<>();
          for (String line : log.lines().toList()) {
            Xid.in(line)
                .filter(xid -> addresses.isEmpty() || addresses.contains(slot(xid.address())))
                .map(xid -> new GpuUse.Xid(xid.address(), xid.number(), xid.isOfHardware()))
                .ifPresent(xid -> found.put(line, xid));
          }
          return found;
        });
  }

  private Processes processes() throws InterruptedException {
    Set<Long> ours = server.get();
    List<String> rows =
        ask("--query-compute-apps=pid,process_name").orElse("").lines().map(String::strip).toList();
    List<String> others = new ArrayList<>();
    boolean known = !ours.isEmpty();
    boolean seen = false;
    for (String row : rows) {
      String[] fields = row.split(",", 2);
      if (fields[0].matches("[0-9]{1,10}")) {
        long id = Long.parseLong(fields[0]);
        if (ours.contains(id)) {
          seen = true;
        } else if (Files.exists(proc.resolve(Long.toString(id)))) {
          others.add(fields.length < 2 ? fields[0] : id + " " + fields[1].strip());
        } else {
          known = false;
        }
      }
    }
    if (ours.isEmpty() || (others.isEmpty() && !(known && seen))) {
      return new Processes(Owner.UNKNOWN, List.of());
    }
    return new Processes(others.isEmpty() ? Owner.OURS : Owner.OTHERS, others);
  }

  private Optional<String> ask(String query) throws InterruptedException {
    List<String> words = new ArrayList<>(nvidiaSmi);
    words.add(query);
    words.add("--format=csv,noheader,nounits");
    return output(words);
  }

  private static Optional<String> output(List<String> words) throws InterruptedException {
    try {
      Capture.Output output = Capture.run(Command.ofSystem(words), DEADLINE, LARGEST_OUTPUT);
      return output.timedOut() || output.exitCode() != 0
          ? Optional.empty()
          : Optional.of(output.output());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while asking " + words.getFirst());
      }
      return Optional.empty();
    }
  }
}
