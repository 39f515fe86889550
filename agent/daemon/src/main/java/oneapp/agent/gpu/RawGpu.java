package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A GPU's fields as text, whatever they were read from; builds the {@link Gpu}. */
final class RawGpu {
  /** What nvidia-smi writes in the place of a value that it does not have. */
  private static final Pattern NO_VALUE =
      Pattern.compile("(?i)\\[?\\s*(n/?a|not supported|not available|requested .*)\\s*]?|-|");

  private static final Pattern BROKEN =
      Pattern.compile("(?i).*(ERR!|unknown error|GPU is lost|reset required).*");
  private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGT]i?B)?");

  int index;
  String name = "";
  String uuid = "";
  String busId = "";
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
    return build(catalogue, Gpu.Kind.WHOLE, total, free, uuid, fault());
  }

  /** One slice of this GPU. */
  Gpu slice(
      GpuCatalogue catalogue, String profile, String sliceTotal, String sliceFree, String id) {
    String whole = name;
    name = whole + " MIG " + profile;
    try {
      Optional<GpuModel> model = catalogue.find(pciId(deviceId), whole);
      Gpu gpu = build(catalogue, Gpu.Kind.MIG_SLICE, sliceTotal, sliceFree, id, null);
      return new Gpu(
          index,
          gpu.name(),
          gpu.uuid(),
          gpu.busId(),
          gpu.pciId(),
          gpu.kind(),
          gpu.memoryMib(),
          gpu.freeMib(),
          capability(model),
          model,
          gpu.fault(),
          List.of());
    } finally {
      name = whole;
    }
  }

  private Gpu build(
      GpuCatalogue catalogue,
      Gpu.Kind kind,
      String memory,
      String freeMemory,
      String id,
      @Nullable String fault) {
    Optional<GpuModel> model = catalogue.find(pciId(deviceId), name);
    boolean virtual =
        kind == Gpu.Kind.WHOLE
            && (GpuCatalogue.isVirtual(name) || virtualization.strip().equalsIgnoreCase("VGPU"));
    int mib = mib(memory).orElse(virtual ? 0 : model.map(GpuModel::memoryMib).orElse(0));
    String reason = fault;
    if (reason == null && mib == 0) {
      reason = "its memory is not known: add memory.total to the query";
    }
    return new Gpu(
        index,
        name.isBlank() ? "unnamed GPU" : name.strip(),
        known(id),
        known(busId),
        pciId(deviceId),
        virtual ? Gpu.Kind.VIRTUAL : kind,
        mib,
        freeMib(mib, freeMemory),
        capability(model),
        model,
        Optional.ofNullable(reason),
        remarks(model, virtual));
  }

  private OptionalInt freeMib(int mib, String freeMemory) {
    OptionalInt free = mib(freeMemory);
    if (free.isPresent()) {
      return free;
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

  private @Nullable String fault() {
    if (broken || isBroken(name) || isBroken(total)) {
      return "nvidia-smi reads errors from it: reset it or power the VM off and on";
    }
    if (isMig()) {
      return "it is in MIG mode, and a whole GPU in MIG mode takes no work: plan on its slices"
          + " (nvidia-smi -q -x lists them)";
    }
    if (computeMode.strip().equalsIgnoreCase("Prohibited")) {
      return "its compute mode is Prohibited: nvidia-smi -c 0 allows work on it";
    }
    return null;
  }

  private List<String> remarks(Optional<GpuModel> model, boolean virtual) {
    List<String> remarks = new ArrayList<>();
    if (model.isEmpty()) {
      remarks.add("it is not in the catalogue and is planned from what the driver says");
    }
    if (virtual) {
      remarks.add("it is a vGPU: its bandwidth is shared, and it needs a licence to run at speed");
    }
    OptionalInt errors = mib(eccUncorrected);
    if (errors.isPresent() && errors.getAsInt() > 0) {
      remarks.add("it has %d uncorrected ECC errors".formatted(errors.getAsInt()));
    }
    if (!processes.isEmpty()) {
      remarks.add("other processes use it: " + String.join(", ", processes));
    }
    return remarks;
  }
}
