package oneapp.agent.gpu;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.data.Text;

/**
 * One device that could run a model: a whole GPU, a slice of one, or a virtual one.
 *
 * @param index the driver's index of the GPU, in order of PCI address
 * @param name as the driver says it
 * @param uuid as CUDA takes it, when the source says it
 * @param busId PCI address
 * @param pciId vendor and device, such as 10de:26b9
 * @param kind whole, slice or virtual
 * @param memoryMib total memory as nvidia-smi shows it
 * @param freeMib memory that nothing uses, when it is known
 * @param computeCapability 89 for 8.9, when it is known
 * @param model its row of the catalogue, when it has one
 * @param fault why it cannot be used, when it cannot
 * @param remarks things that are odd about it and no fault, one sentence each
 */
public record Gpu(
    int index,
    String name,
    Optional<String> uuid,
    Optional<String> busId,
    Optional<String> pciId,
    Kind kind,
    int memoryMib,
    OptionalInt freeMib,
    OptionalInt computeCapability,
    Optional<GpuModel> model,
    Optional<String> fault,
    List<String> remarks) {

  /** What kind of device it is. */
  public enum Kind {
    WHOLE,
    MIG_SLICE,
    VIRTUAL
  }

  public Gpu {
    remarks = List.copyOf(remarks);
    if (memoryMib < 0 || index < 0) {
      throw new IllegalArgumentException(
          Text.format("GPU %d with %d MiB is no GPU", index, memoryMib));
    }
  }

  Gpu asIfIdle() {
    return new Gpu(
        index,
        name,
        uuid,
        busId,
        pciId,
        kind,
        memoryMib,
        OptionalInt.empty(),
        computeCapability,
        model,
        fault,
        remarks.stream().filter(remark -> !remark.startsWith(RawGpu.PROCESSES)).toList());
  }

  public boolean isUsable() {
    return fault.isEmpty();
  }

  /** Memory bandwidth in GB/s; 0 when the GPU is not in the catalogue. */
  public double bandwidthGbs() {
    return model.map(GpuModel::bandwidthGbs).orElse(0.0) * shareOfModel();
  }

  /** The most bandwidth in GB/s that it can have; 0 when the GPU is not in the catalogue. */
  public double upperBandwidthGbs() {
    return model.map(GpuModel::upperBandwidthGbs).orElse(0.0)
        * (kind == Kind.MIG_SLICE ? shareOfModel() : 1);
  }

  /** A slice or profile has memory, and about as much bandwidth, in proportion. */
  private double shareOfModel() {
    return kind == Kind.WHOLE
        ? 1
        : model.map(whole -> Math.min(1.0, (double) memoryMib / whole.memoryMib())).orElse(1.0);
  }
}
