package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Text;

/** A GPU's fields as text, whatever they were read from; builds the {@link Gpu}. */
final class RawGpu {
  /** nvidia-smi's placeholders for a missing value. */
  private static final Pattern NO_VALUE =
      Pattern.compile("(?i)\\[?\\s*(n/?a|not supported|not available|requested .*)\\s*]?|-|");

  private static final Pattern BROKEN =
      Pattern.compile("(?i).*(ERR!|unknown error|GPU is lost|reset required).*");
  private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGT]i?B)?");

  int index;
  String name = "";
  String uuid = "";
  String deviceId = "";
  String total = "";
  String free = "";
  String used = "";
  String reserved = "";
  String capability = "";
  String architecture = "";
  String mig = "";
  String virtualization = "";
  String computeMode = "";
  String eccUncorrected = "";
  boolean broken;
  final List<String> processes = new ArrayList<>();

  static boolean isBroken(String value) {
    return BROKEN.matcher(value).matches();
  }

  static Optional<String> known(String value) {
    String text = value.strip();
    return NO_VALUE.matcher(text).matches() || isBroken(text)
        ? Optional.empty()
        : Optional.of(text);
  }

  /** A figure in MiB, with or without its unit. */
  static OptionalInt mib(String value) {
    Matcher matcher = NUMBER.matcher(value.strip());
    if (!matcher.matches()) {
      return OptionalInt.empty();
    }
    String unit = matcher.group(2);
    double factor = unit == null ? 1 : factor(unit.charAt(0));
    double mib = Double.parseDouble(matcher.group(1)) * factor;
    return mib <= 100_000_000 ? OptionalInt.of((int) mib) : OptionalInt.empty();
  }

  private static double factor(char unit) {
    return switch (unit) {
      case 'K' -> 1.0 / 1024;
      case 'G' -> 1024;
      case 'T' -> 1024 * 1024;
      default -> 1;
    };
  }

  /** Vendor and device as lspci writes them, from 0x26B910DE. */
  static Optional<String> pciId(String value) {
    String hex = value.strip().toLowerCase(Locale.ROOT).replaceFirst("^0x", "");
    return hex.matches("[0-9a-f]{8}")
        ? Optional.of(hex.substring(4) + ":" + hex.substring(0, 4))
        : Optional.empty();
  }

  boolean isMig() {
    return mig.strip().equalsIgnoreCase("Enabled");
  }

  Gpu build(GpuCatalogue catalogue) {
    Optional<GpuModel> model = catalogue.find(pciId(deviceId), name);
    boolean virtual =
        GpuCatalogue.isVirtual(name) || virtualization.strip().equalsIgnoreCase("VGPU");
    int mib = mib(total).orElse(virtual ? 0 : model.map(GpuModel::memoryMib).orElse(0));
    return new Gpu(
        index,
        identity(uuid, ""),
        virtual ? Gpu.Kind.VIRTUAL : Gpu.Kind.WHOLE,
        mib,
        new Gpu.Use(freeMib(mib), processes),
        capability(model),
        model,
        fault(mib),
        oddities(model, virtual));
  }

  /** A MIG slice of this GPU, with the memory and UUID of its own entry. */
  Gpu slice(GpuCatalogue catalogue, String sliceTotal, String sliceFree, String sliceUuid) {
    Optional<GpuModel> model = catalogue.find(pciId(deviceId), name);
    int mib = mib(sliceTotal).orElse(0);
    return new Gpu(
        index,
        identity(sliceUuid, " MIG slice of " + sliceTotal),
        Gpu.Kind.MIG_SLICE,
        mib,
        new Gpu.Use(mib(sliceFree), List.of()),
        capability(model),
        model,
        mib == 0 ? Optional.of("the memory of this slice is not known") : Optional.empty(),
        List.of());
  }

  private Gpu.Identity identity(String ownUuid, String suffix) {
    String shown = name.isBlank() ? "unnamed GPU" : name.strip();
    return new Gpu.Identity(shown + suffix, known(ownUuid), pciId(deviceId));
  }

  private OptionalInt freeMib(int mib) {
    OptionalInt known = mib(free);
    if (known.isPresent()) {
      return known;
    }
    OptionalInt taken = mib(used);
    return taken.isPresent() && mib > 0
        ? OptionalInt.of(Math.max(0, mib - taken.getAsInt() - mib(reserved).orElse(0)))
        : OptionalInt.empty();
  }

  private OptionalInt capability(Optional<GpuModel> model) {
    Matcher matcher = Pattern.compile("([0-9]{1,2})\\.([0-9])").matcher(capability.strip());
    if (matcher.matches()) {
      return OptionalInt.of(
          Integer.parseInt(matcher.group(1)) * 10 + Integer.parseInt(matcher.group(2)));
    }
    if (model.isPresent()) {
      return OptionalInt.of(model.get().computeCapability());
    }
    return switch (architecture.strip().toLowerCase(Locale.ROOT)) {
      case "volta" -> OptionalInt.of(70);
      case "turing" -> OptionalInt.of(75);
      case "ampere" -> OptionalInt.of(80);
      case "ada lovelace" -> OptionalInt.of(89);
      case "hopper" -> OptionalInt.of(90);
      case "blackwell" -> OptionalInt.of(100);
      default -> OptionalInt.empty();
    };
  }

  private Optional<String> fault(int mib) {
    if (broken || isBroken(name) || isBroken(total)) {
      return Optional.of(
          "nvidia-smi reports errors in place of its values: reset it or power the VM off and on");
    }
    if (isMig()) {
      return Optional.of(
          "it is in MIG mode, in which only its slices run work: plan on its slices"
              + " (nvidia-smi -q -x lists them)");
    }
    if (computeMode.strip().equalsIgnoreCase("Prohibited")) {
      return Optional.of("its compute mode is Prohibited: nvidia-smi -c 0 allows work on it");
    }
    return mib == 0
        ? Optional.of("its memory is not known: add memory.total to the query")
        : Optional.empty();
  }

  private List<String> oddities(Optional<GpuModel> model, boolean virtual) {
    List<String> oddities = new ArrayList<>();
    if (model.isEmpty()) {
      oddities.add("it is not in the catalogue: the plan uses the driver's figures");
    }
    if (virtual) {
      oddities.add("it is a vGPU: its bandwidth is shared, and it needs a licence to run at speed");
    }
    OptionalInt errors = mib(eccUncorrected);
    if (errors.isPresent() && errors.getAsInt() > 0) {
      oddities.add(Text.format("it has %d uncorrected ECC errors", errors.getAsInt()));
    }
    return oddities;
  }
}
