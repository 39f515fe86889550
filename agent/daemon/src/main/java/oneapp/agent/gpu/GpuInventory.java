package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import oneapp.agent.stage.Category;

/**
 * The GPUs of a machine, or why there is none.
 *
 * @param gpus every device, usable or not, by index
 * @param driverVersion of the NVIDIA driver, if it is known
 * @param topology how the GPUs are connected
 * @param problem why there are none or why the driver does not answer
 * @param machine memory and disks of the machine, if it is this one
 * @param notes what was noticed, one sentence each
 */
public record GpuInventory(
    List<Gpu> gpus,
    Optional<String> driverVersion,
    Topology topology,
    Optional<Problem> problem,
    Optional<Machine> machine,
    List<String> notes) {

  /**
   * Why there is no usable GPU.
   *
   * @param message what happened and what to do, on one line
   */
  public record Problem(Category category, String message) {}

  public GpuInventory {
    gpus = gpus.stream().sorted(Comparator.comparingInt(Gpu::index)).toList();
    notes = List.copyOf(notes);
    if (problem.isPresent() && !gpus.isEmpty()) {
      throw new IllegalArgumentException("an inventory has GPUs or a problem, not both");
    }
  }

  /** No GPU, for the reason given. */
  public static GpuInventory none(Category category, String message) {
    return new GpuInventory(
        List.of(),
        Optional.empty(),
        Topology.UNKNOWN,
        Optional.of(new Problem(category, message)),
        Optional.empty(),
        List.of());
  }

  /** These GPUs, of a machine of which nothing else is known. */
  static GpuInventory of(List<Gpu> gpus, Optional<String> driverVersion, List<String> notes) {
    return new GpuInventory(
        gpus, driverVersion, Topology.UNKNOWN, Optional.empty(), Optional.empty(), notes);
  }

  public List<Gpu> usable() {
    return gpus.stream().filter(Gpu::isUsable).toList();
  }

  /** The same GPUs as those of this machine, with further notes. */
  public GpuInventory on(Optional<Machine> thisMachine, List<String> furtherNotes) {
    return new GpuInventory(
        gpus, driverVersion, topology, problem, thisMachine, joined(furtherNotes));
  }

  /** The inventory as if nothing used the GPUs with these indexes, and why that is assumed. */
  public GpuInventory asIfIdle(List<Integer> indexes, String why) {
    List<Gpu> idle =
        gpus.stream()
            .map(gpu -> indexes.contains(gpu.index()) ? gpu.withUse(Gpu.Use.UNKNOWN) : gpu)
            .toList();
    return new GpuInventory(idle, driverVersion, topology, problem, machine, joined(List.of(why)));
  }

  private List<String> joined(List<String> furtherNotes) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(furtherNotes);
    return all;
  }
}
