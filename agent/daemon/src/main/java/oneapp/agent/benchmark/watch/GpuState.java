package oneapp.agent.benchmark.watch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import oneapp.agent.benchmark.watch.GpuUse.Ecc;
import oneapp.agent.benchmark.watch.GpuUse.KernelErrors;
import oneapp.agent.benchmark.watch.GpuUse.Processes;
import oneapp.agent.benchmark.watch.GpuUse.Xid;

/**
 * The driver's account of the GPUs at one moment.
 *
 * @param ecc uncorrected errors of each GPU's memory by its index
 * @param errors its error reports in the kernel log by their lines; empty when it may not be read
 */
record GpuState(
    Map<Integer, OptionalLong> ecc, Optional<Map<String, Xid>> errors, Processes processes) {
  GpuState {
    ecc = Map.copyOf(ecc);
    errors = errors.map(Map::copyOf);
  }

  List<Ecc> eccUntil(GpuState later, List<Integer> gpus) {
    return gpus.stream()
        .map(
            gpu ->
                new Ecc(
                    gpu,
                    ecc.getOrDefault(gpu, OptionalLong.empty()),
                    later.ecc.getOrDefault(gpu, OptionalLong.empty())))
        .toList();
  }

  KernelErrors errorsUntil(GpuState later) {
    if (errors.isEmpty() || later.errors.isEmpty()) {
      return new KernelErrors(false, List.of());
    }
    Map<String, Xid> known = errors.get();
    return new KernelErrors(
        true,
        later.errors.get().entrySet().stream()
            .filter(entry -> !known.containsKey(entry.getKey()))
            .sorted(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue)
            .toList());
  }

  Processes processesUntil(GpuState later) {
    return Processes.joined(processes, later.processes);
  }
}
