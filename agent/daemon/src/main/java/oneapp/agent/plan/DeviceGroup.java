package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import oneapp.agent.gpu.Gpu;
import oneapp.agent.gpu.Topology;

/**
 * GPUs that are alike: the same name, memory and kind.
 *
 * @param devices at least one
 */
record DeviceGroup(List<Gpu> devices) {
  DeviceGroup {
    devices = List.copyOf(devices);
  }

  private record Likeness(String name, int memoryMib, Gpu.Kind kind) {}

  /** The groups, the one with the highest GPUs x bandwidth first. */
  static List<DeviceGroup> of(List<Gpu> gpus) {
    Map<Likeness, List<Gpu>> groups = new LinkedHashMap<>();
    for (Gpu gpu : gpus) {
      groups
          .computeIfAbsent(
              new Likeness(gpu.name(), gpu.memoryMib(), gpu.kind()), likeness -> new ArrayList<>())
          .add(gpu);
    }
    return groups.values().stream()
        .map(DeviceGroup::new)
        .sorted(
            Comparator.comparingDouble(DeviceGroup::bandwidthGbs)
                .thenComparingLong(DeviceGroup::memoryMib)
                .reversed())
        .toList();
  }

  Gpu first() {
    return devices.getFirst();
  }

  int size() {
    return devices.size();
  }

  String name() {
    return size() + " x " + first().name();
  }

  double bandwidthGbs() {
    return devices.stream().mapToDouble(Gpu::bandwidthGbs).sum();
  }

  private long memoryMib() {
    return devices.stream().mapToLong(Gpu::memoryMib).sum();
  }

  boolean isSliced() {
    return first().kind() == Gpu.Kind.MIG_SLICE;
  }

  OptionalInt capability() {
    return first().computeCapability();
  }

  /** The first {@code count} devices, so ordered that each replica has the quickest links. */
  List<Gpu> chosen(int tensorParallel, int count, Topology topology) {
    List<Gpu> left = new ArrayList<>(devices);
    List<Gpu> ordered = new ArrayList<>();
    while (ordered.size() < count) {
      List<Gpu> replica = new ArrayList<>(List.of(left.removeFirst()));
      while (replica.size() < tensorParallel) {
        Gpu nearest =
            left.stream()
                .min(Comparator.comparingInt(gpu -> distance(gpu, replica, topology)))
                .orElseThrow();
        left.remove(nearest);
        replica.add(nearest);
      }
      ordered.addAll(replica);
    }
    return ordered;
  }

  private static int distance(Gpu gpu, List<Gpu> replica, Topology topology) {
    return replica.stream()
        .mapToInt(other -> topology.between(gpu.index(), other.index()).distance())
        .sum();
  }
}
