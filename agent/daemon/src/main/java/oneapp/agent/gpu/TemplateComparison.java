package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import oneapp.agent.data.Text;

/** Compares the PCI devices that OpenNebula gave the VM with the GPUs that the guest sees. */
public final class TemplateComparison {
  private static final String NVIDIA = "10de";

  private TemplateComparison() {}

  /**
   * The differences, one sentence each; none if both agree.
   *
   * @param given vendor and device of each PCI entry of the VM, such as 10de:26b9
   * @param inventory what the guest sees
   */
  public static List<String> findings(List<String> given, GpuInventory inventory) {
    Map<String, Long> expected =
        counted(
            given.stream()
                .map(id -> id.strip().toLowerCase(Locale.ROOT))
                .filter(id -> id.startsWith(NVIDIA + ":"))
                .toList());
    List<Gpu> whole =
        inventory.gpus().stream().filter(gpu -> gpu.kind() != Gpu.Kind.MIG_SLICE).toList();
    List<String> seen =
        whole.stream().map(TemplateComparison::id).flatMap(Optional::stream).toList();
    if (seen.size() < whole.size()) {
      return byNumber(expected, whole.size());
    }
    List<String> findings = new ArrayList<>();
    Map<String, Long> actual = counted(seen);
    expected.forEach(
        (id, count) -> {
          long there = actual.getOrDefault(id, 0L);
          if (there < count) {
            findings.add(
                Text.format(
                    "OpenNebula gave the VM %d GPUs %s and the guest sees %d: check dmesg and the host's IOMMU and vfio binding",
                    count, id, there));
          }
        });
    actual.forEach(
        (id, count) -> {
          if (count > expected.getOrDefault(id, 0L)) {
            findings.add(
                Text.format(
                    "the guest sees %d GPUs %s, and OpenNebula's template names %d of them",
                    count, id, expected.getOrDefault(id, 0L)));
          }
        });
    return findings;
  }

  private static List<String> byNumber(Map<String, Long> expected, int seen) {
    long given = expected.values().stream().mapToLong(Long::longValue).sum();
    return given == seen
        ? List.of()
        : List.of(
            Text.format(
                "OpenNebula gave the VM %d NVIDIA devices and the guest sees %d GPUs",
                given, seen));
  }

  /** The id from the driver, else from the catalogue if the model has only one. */
  private static Optional<String> id(Gpu gpu) {
    return gpu.identity()
        .pciId()
        .or(
            () ->
                gpu.model()
                    .filter(model -> model.pciIds().size() == 1)
                    .map(model -> model.pciIds().getFirst()));
  }

  private static Map<String, Long> counted(List<String> ids) {
    return ids.stream()
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }
}
