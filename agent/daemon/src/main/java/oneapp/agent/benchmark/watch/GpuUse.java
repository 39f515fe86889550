package oneapp.agent.benchmark.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The GPUs of the plan during a run: their readings, their errors and who used them.
 *
 * @param timelines readings of each GPU; without any where it could not be read
 * @param ecc uncorrected errors of each GPU's memory since the driver was loaded
 * @param kernel the driver's own error reports during the run
 * @param processes the processes on these GPUs
 */
public record GpuUse(
    List<Timeline> timelines, List<Ecc> ecc, KernelErrors kernel, Processes processes) {

  /** The readings of one GPU in the order of time, by its index. */
  public record Timeline(int gpu, List<GpuPoint> points) {
    public Timeline {
      points = List.copyOf(points);
    }
  }

  /** Uncorrected errors before and after the run; empty when the GPU does not say. */
  public record Ecc(int gpu, OptionalLong before, OptionalLong after) {}

  /**
   * Errors in the kernel log (Xid) that came during the run.
   *
   * @param readable false when the log cannot be read: then errors are not known
   */
  public record KernelErrors(boolean readable, List<Xid> errors) {
    public KernelErrors {
      errors = List.copyOf(errors);
    }
  }

  /**
   * One error report of the driver.
   *
   * @param address of the GPU on the PCI bus
   * @param code of NVIDIA's Xid catalogue
   * @param fatal the hardware failed, or the code is unknown; false for errors of the application
   */
  public record Xid(String address, int code, boolean fatal) {}

  /**
   * The processes on the GPUs.
   *
   * @param others processes that vLLM did not start, by id and name
   */
  public record Processes(Owner owner, List<String> others) {
    public Processes {
      others = List.copyOf(others);
    }

    /** Others that were seen at either time were there. */
    static Processes joined(Processes first, Processes second) {
      return first.owner == Owner.OTHERS || second.owner == Owner.OURS ? first : second;
    }
  }

  /** Whether the GPUs served only what is measured. */
  public enum Owner {
    /** Every process on them is vLLM's. */
    OURS,
    /** Some process is not vLLM's. */
    OTHERS,
    /** The driver does not name vLLM's own processes either, as in many containers and vGPUs. */
    UNKNOWN
  }

  public GpuUse {
    timelines = List.copyOf(timelines);
    ecc = List.copyOf(ecc);
  }

  /** Two uses, one after the other. */
  GpuUse and(GpuUse later) {
    Map<Integer, List<GpuPoint>> points = new TreeMap<>();
    for (Timeline line : Series.joined(timelines, later.timelines)) {
      points.computeIfAbsent(line.gpu, gpu -> new ArrayList<>()).addAll(line.points);
    }
    return new GpuUse(
        points.entrySet().stream()
            .map(entry -> new Timeline(entry.getKey(), entry.getValue()))
            .toList(),
        ecc.stream()
            .map(before -> new Ecc(before.gpu, before.before, later.eccOf(before)))
            .toList(),
        new KernelErrors(
            kernel.readable && later.kernel.readable,
            Series.joined(kernel.errors, later.kernel.errors)),
        Processes.joined(processes, later.processes));
  }

  private OptionalLong eccOf(Ecc before) {
    return ecc.stream()
        .filter(one -> one.gpu == before.gpu)
        .findFirst()
        .map(Ecc::after)
        .orElse(OptionalLong.empty());
  }
}
