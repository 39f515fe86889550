package oneapp.agent.gpu;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import oneapp.agent.data.Yaml;

/** The known GPUs, found by PCI id, else by name. */
public final class GpuCatalogue {
  /** Words that nvidia-smi puts before the name of a GPU. */
  private static final Pattern VENDOR = Pattern.compile("^(NVIDIA|GRID|TESLA)\\s+");

  /** The name of a vGPU ends with its memory in GB and the kind of licence. */
  private static final Pattern PROFILE = Pattern.compile("-([0-9]-)?[0-9]+(-[0-9]+)?[ABCQ](ME)?$");

  private final List<GpuModel> gpus;

  private record File(List<GpuModel> gpus) {}

  private GpuCatalogue(List<GpuModel> gpus) {
    this.gpus = List.copyOf(gpus);
  }

  /** The catalogue that ships with the agent. */
  public static GpuCatalogue load() {
    return new GpuCatalogue(Yaml.resource("appliance/catalogue/gpus.yaml", File.class).gpus());
  }

  public List<GpuModel> gpus() {
    return gpus;
  }

  /** True if the name is a vGPU profile, such as NVIDIA L40S-24Q. */
  public static boolean isVirtual(String name) {
    return PROFILE.matcher(name.strip().toUpperCase(Locale.ROOT)).find();
  }

  /**
   * The row of a GPU.
   *
   * @param pciId such as 10de:26b9; it decides if it is known
   * @param name as the driver reports it
   */
  public Optional<GpuModel> find(Optional<String> pciId, String name) {
    Optional<GpuModel> byId =
        gpus.stream()
            .filter(gpu -> pciId.map(id -> gpu.pciIds().contains(id)).orElse(false))
            .findFirst();
    return byId.isPresent() ? byId : findByName(name);
  }

  private Optional<GpuModel> findByName(String name) {
    String plain = plain(name);
    return gpus.stream()
        .filter(
            gpu ->
                plain(gpu.name()).equals(plain)
                    || gpu.names().stream().anyMatch(part -> plain(part).equals(plain)))
        .min(Comparator.comparing(GpuModel::name));
  }

  private static String plain(String name) {
    String upper = name.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    return PROFILE.matcher(VENDOR.matcher(upper).replaceFirst("")).replaceFirst("");
  }
}
