package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.data.Text;

/**
 * One device that could run a model: a whole GPU, a slice of one, or a virtual one.
 *
 * @param index the driver's index of the GPU, in order of PCI address
 * @param memoryMib total memory as nvidia-smi shows it
 * @param computeCapability 89 for 8.9, if it is known
 * @param model its row of the catalogue, if it has one
 * @param fault why it cannot be used, if it cannot
 * @param oddities what is odd about the device but no fault, one sentence each
 */
public record Gpu(
    int index,
    Identity identity,
    Kind kind,
    int memoryMib,
    Use use,
    OptionalInt computeCapability,
    Optional<GpuModel> model,
    Optional<String> fault,
    List<String> oddities) {

  /** What kind of device it is. */
  public enum Kind {
    WHOLE,
    MIG_SLICE,
    VIRTUAL
  }

  /**
   * Which device it is.
   *
   * @param name the driver's name for it
   * @param uuid as CUDA takes it, if the source names it
   * @param pciId vendor and device, such as 10de:26b9
   */
  public record Identity(String name, Optional<String> uuid, Optional<String> pciId) {
    public Identity {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a GPU without a name");
      }
    }
  }

  /**
   * What other processes use of it.
   *
   * @param freeMib memory that nothing uses, if it is known
   * @param processes name, id and memory of each process
   */
  public record Use(OptionalInt freeMib, List<String> processes) {
    static final Use UNKNOWN = new Use(OptionalInt.empty(), List.of());

    public Use {
      processes = List.copyOf(processes);
    }
  }

  public Gpu {
    oddities = List.copyOf(oddities);
    if (memoryMib < 0 || index < 0) {
      throw new IllegalArgumentException(
          Text.format("GPU %d with %d MiB is no GPU", index, memoryMib));
    }
  }

  public String name() {
    return identity.name();
  }

  public OptionalInt freeMib() {
    return use.freeMib();
  }

  Gpu withIdentity(Identity other) {
    return new Gpu(index, other, kind, memoryMib, use, computeCapability, model, fault, oddities);
  }

  Gpu withUse(Use other) {
    return new Gpu(
        index, identity, kind, memoryMib, other, computeCapability, model, fault, oddities);
  }

  /** What an administrator should know about it, one sentence each. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>(oddities);
    if (!use.processes().isEmpty()) {
      remarks.add("other processes use it: " + String.join(", ", use.processes()));
    }
    return remarks;
  }

  public boolean isUsable() {
    return fault.isEmpty();
  }

  /** Memory bandwidth in GB/s; 0 if the GPU is not in the catalogue. */
  public double bandwidthGbs() {
    return model.map(GpuModel::bandwidthGbs).orElse(0.0) * shareOfModel();
  }

  /** The most bandwidth in GB/s that it can have; 0 if the GPU is not in the catalogue. */
  public double upperBandwidthGbs() {
    return model.map(GpuModel::upperBandwidthGbs).orElse(0.0)
        * (kind == Kind.MIG_SLICE ? shareOfModel() : 1);
  }

  /** A slice or profile has bandwidth about in proportion to its memory. */
  private double shareOfModel() {
    return kind == Kind.WHOLE
        ? 1
        : model.map(whole -> Math.min(1.0, (double) memoryMib / whole.memoryMib())).orElse(1.0);
  }
}
