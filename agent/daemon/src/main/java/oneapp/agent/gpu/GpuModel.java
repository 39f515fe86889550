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
 * @param dtypes number formats that its tensor cores take
 */
public record GpuModel(
    String name,
    List<String> names,
    List<String> pciIds,
    int memoryMib,
    double bandwidthGbs,
    double upperBandwidthGbs,
    int computeCapability,
    double tflops,
    List<String> dtypes) {
  public GpuModel {
    names = List.copyOf(names);
    pciIds = List.copyOf(pciIds);
    dtypes = List.copyOf(dtypes);
  }
}
