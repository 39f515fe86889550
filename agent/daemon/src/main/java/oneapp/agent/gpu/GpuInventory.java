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
 * @param driverVersion of the NVIDIA driver, when it is known
 * @param cudaVersion the newest CUDA that the driver serves, when it is known
 * @param topology how the GPUs are connected
 * @param problem why there are none or why the driver does not answer
 * @param machine memory and disks of the machine, when it is this one
 * @param notes what was noticed, one sentence each
 */
public record GpuInventory(
    List<Gpu> gpus,
    Optional<String> driverVersion,
    Optional<String> cudaVersion,
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
  }

  /** No GPU, for the reason given. */
  public static GpuInventory none(Category category, String message) {
    return new GpuInventory(
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Topology.UNKNOWN,
        Optional.of(new Problem(category, message)),
        Optional.empty(),
        List.of());
  }

  /** These GPUs and nothing else known. */
  public static GpuInventory of(List<Gpu> gpus, List<String> notes) {
    return new GpuInventory(
        gpus,
        Optional.empty(),
        Optional.empty(),
        Topology.UNKNOWN,
        Optional.empty(),
        Optional.empty(),
        notes);
  }

  public List<Gpu> usable() {
    return gpus.stream().filter(Gpu::isUsable).toList();
  }

  public GpuInventory with(Optional<Machine> newMachine) {
    return new GpuInventory(gpus, driverVersion, cudaVersion, topology, problem, newMachine, notes);
  }

  public GpuInventory with(Topology newTopology) {
    return new GpuInventory(gpus, driverVersion, cudaVersion, newTopology, problem, machine, notes);
  }

  /** The same devices with others in their place and more notes. */
  public GpuInventory with(List<Gpu> newGpus, List<String> newNotes) {
    return new GpuInventory(
        newGpus, driverVersion, cudaVersion, topology, problem, machine, newNotes);
  }

  /** The same when nothing used the GPUs with these indexes, and why that is supposed. */
  public GpuInventory asIfIdle(List<Integer> indexes, String why) {
    List<String> more = new ArrayList<>(notes);
    more.add(why);
    return with(
        gpus.stream().map(gpu -> indexes.contains(gpu.index()) ? gpu.asIfIdle() : gpu).toList(),
        more);
  }

  /** The same with the versions of driver and CUDA. */
  public GpuInventory versions(Optional<String> driver, Optional<String> cuda) {
    return new GpuInventory(gpus, driver, cuda, topology, problem, machine, notes);
  }
}
