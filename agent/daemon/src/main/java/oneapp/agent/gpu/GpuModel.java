package oneapp.agent.gpu;

import java.util.List;

/**
 * A row of the catalogue of GPUs (appliance/catalogue/gpus.yaml).
 *
 * @param name as nvidia-smi writes it
 * @param names parts of other names that mean the same GPU
 * @param pciIds vendor and device in lower case, such as 10de:26b9
 * @param memoryMib total memory as nvidia-smi shows it
 * @param bandwidthGbs memory bandwidth in GB/s
 * @param upperBandwidthGbs the most that a lower bound on a time may assume, in GB/s
 * @param computeCapability 89 for 8.9
 * @param tflops dense 16-bit tensor throughput
 */
public record GpuModel(
    String name,
    List<String> names,
    List<String> pciIds,
    int memoryMib,
    double bandwidthGbs,
    double upperBandwidthGbs,
    int computeCapability,
    double tflops) {
  public GpuModel {
    names = List.copyOf(names);
    pciIds = List.copyOf(pciIds);
    if (memoryMib < 1 || !(bandwidthGbs > 0 && upperBandwidthGbs >= bandwidthGbs && tflops > 0)) {
      throw new IllegalArgumentException(name + " needs memory, bandwidth and tflops above 0");
    }
  }
}
