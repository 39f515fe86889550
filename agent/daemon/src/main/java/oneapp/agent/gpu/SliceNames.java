package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives MIG slices the profile and UUID from {@code nvidia-smi -L}, in the order listed. */
final class SliceNames {
  private static final Pattern GPU = Pattern.compile("GPU ([0-9]{1,4}):.*");
  private static final Pattern SLICE =
      Pattern.compile("\\s+MIG (\\S+)\\s+Device\\s+[0-9]+: \\(UUID: (MIG-[^)]+)\\)");

  private SliceNames() {}

  private record Slice(String profile, String uuid) {}

  static List<Gpu> fill(List<Gpu> gpus, String list) {
    Map<Integer, List<Slice>> slices = slices(list);
    Map<Integer, Integer> used = new HashMap<>();
    List<Gpu> filled = new ArrayList<>();
    for (Gpu gpu : gpus) {
      List<Slice> ofGpu = slices.getOrDefault(gpu.index(), List.of());
      int at = used.getOrDefault(gpu.index(), 0);
      if (gpu.kind() == Gpu.Kind.MIG_SLICE && at < ofGpu.size()) {
        used.put(gpu.index(), at + 1);
        filled.add(named(gpu, ofGpu.get(at)));
      } else {
        filled.add(gpu);
      }
    }
    return filled;
  }

  private static Map<Integer, List<Slice>> slices(String list) {
    Map<Integer, List<Slice>> slices = new HashMap<>();
    int index = -1;
    for (String line : list.lines().toList()) {
      Matcher gpu = GPU.matcher(line);
      Matcher slice = SLICE.matcher(line);
      if (gpu.matches()) {
        index = Integer.parseInt(gpu.group(1));
      } else if (slice.matches()) {
        slices
            .computeIfAbsent(index, i -> new ArrayList<>())
            .add(new Slice(slice.group(1), slice.group(2)));
      }
    }
    return slices;
  }

  private static Gpu named(Gpu gpu, Slice slice) {
    return gpu.withIdentity(
        new Gpu.Identity(
            gpu.name().replaceFirst(" MIG .*$", " MIG " + slice.profile()),
            Optional.of(slice.uuid()),
            gpu.identity().pciId()));
  }
}
