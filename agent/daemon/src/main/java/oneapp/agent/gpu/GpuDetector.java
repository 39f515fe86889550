package oneapp.agent.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oneapp.agent.data.Text;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;
import oneapp.agent.stage.Category;

/**
 * Finds the GPUs of this VM by {@code nvidia-smi -q -x}: of nvidia-smi's forms only this one has
 * MIG slices, PCI ids, processes, ECC errors and the driver's version.
 */
public final class GpuDetector {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int LARGEST_OUTPUT = 8 * 1024 * 1024;

  private final String nvidiaSmi;
  private final Duration deadline;
  private final PciScan pci;
  private final MachineReader machine;

  /**
   * A detector.
   *
   * @param nvidiaSmi the program, by name or path
   * @param sysfs where sysfs is mounted
   * @param modelCache folder where weights are kept, for its free space
   * @param deadline for each question to nvidia-smi
   */
  public GpuDetector(String nvidiaSmi, Path sysfs, Path modelCache, Duration deadline) {
    this.nvidiaSmi = nvidiaSmi;
    this.deadline = deadline;
    this.pci = new PciScan(sysfs);
    this.machine = new MachineReader(modelCache);
  }

  /** The detector for this VM. */
  public static GpuDetector ofThisVm(String nvidiaSmi, Path modelCache) {
    return new GpuDetector(nvidiaSmi, Path.of("/sys"), modelCache, DEADLINE);
  }

  /** The GPUs, or why there are none; never fails. */
  public GpuInventory detect() {
    // The kernel's log is read while nvidia-smi answers, which takes a second on many drivers.
    try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
      Future<String> kernelLog = beside.submit(() -> KernelLog.ofThisVm().read().orElse(""));
      try {
        GpuInventory found = found();
        return found.on(
            machine.read(),
            found.gpus().isEmpty() ? List.of() : KernelLog.notes(answer(kernelLog)));
      } finally {
        beside.shutdownNow(); // Without GPUs its answer is not awaited.
      }
    }
  }

  private GpuInventory found() {
    List<PciScan.Device> devices = pci.nvidiaGpus();
    Capture.Output output;
    try {
      output = ask("-q", "-x");
    } catch (IOException e) {
      return absent(devices, "nvidia-smi could not be started");
    }
    if (output.timedOut()) {
      return GpuInventory.none(
          Category.DRIVER_PROBLEM,
          Text.format(
                  "nvidia-smi did not answer within %d s: the driver hangs; look at `dmesg | grep -E",
                  deadline.toSeconds())
              + " 'NVRM|Xid'` and power the VM off and on"
              + seen(devices));
    }
    if (output.exitCode() == 127) {
      return absent(devices, "nvidia-smi is not installed");
    }
    String text = output.output().strip();
    if (text.startsWith("<")) {
      return parsed(text, devices);
    }
    String message = (text + "\n" + output.errors()).strip();
    return SmiFailure.of(message)
        .map(problem -> GpuInventory.none(problem.category(), problem.message() + seen(devices)))
        .orElseGet(
            () ->
                GpuInventory.none(
                    Category.DRIVER_PROBLEM,
                    Text.format(
                            "nvidia-smi ended with code %d and printed \"%s\"",
                            output.exitCode(), Text.firstLine(message))
                        + seen(devices)));
  }

  private GpuInventory parsed(String text, List<PciScan.Device> devices) {
    try {
      GpuInventory inventory = XmlInventory.read(GpuCatalogue.load(), text);
      if (inventory.gpus().isEmpty()) {
        return GpuInventory.none(
            devices.isEmpty() ? Category.NO_GPU : Category.DRIVER_PROBLEM,
            "the driver lists no GPU" + seen(devices));
      }
      return enriched(inventory, devices);
    } catch (InventoryException e) {
      return GpuInventory.none(
          Category.DRIVER_PROBLEM, "the output of nvidia-smi cannot be read: " + e.getMessage());
    }
  }

  private GpuInventory enriched(GpuInventory inventory, List<PciScan.Device> devices) {
    List<String> notes = new ArrayList<>(inventory.notes());
    if (devices.size() > inventory.gpus().stream().map(Gpu::index).distinct().count()) {
      notes.add(
          Text.format(
              "the VM has %d NVIDIA GPUs on its PCI bus and the driver lists fewer%s",
              devices.size(), seen(devices)));
    }
    List<Gpu> gpus = inventory.gpus();
    boolean sliced = gpus.stream().anyMatch(gpu -> gpu.kind() == Gpu.Kind.MIG_SLICE);
    return new GpuInventory(
        sliced ? SliceNames.fill(gpus, output("-L")) : gpus,
        inventory.driverVersion(),
        gpus.size() > 1 ? Topology.parse(output("topo", "-m")) : Topology.UNKNOWN,
        inventory.problem(),
        inventory.machine(),
        notes);
  }

  private static String answer(Future<String> question) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer to a question that may stay open; "" if there is none. */
  private String output(String... arguments) {
    try {
      Capture.Output output = ask(arguments);
      return output.timedOut() || output.exitCode() != 0 ? "" : output.output();
    } catch (IOException e) {
      return "";
    }
  }

  private Capture.Output ask(String... arguments) throws IOException {
    List<String> argv = new ArrayList<>(List.of(nvidiaSmi));
    argv.addAll(List.of(arguments));
    return Capture.run(Command.ofSystem(argv), deadline, LARGEST_OUTPUT);
  }

  private static GpuInventory absent(List<PciScan.Device> devices, String what) {
    return devices.isEmpty()
        ? GpuInventory.none(
            Category.NO_GPU, "this VM has no NVIDIA GPU on its PCI bus, and " + what)
        : GpuInventory.none(
            Category.DRIVER_PROBLEM,
            what + seen(devices) + ": use an image with the NVIDIA driver, or install it");
  }

  private static String seen(List<PciScan.Device> devices) {
    GpuCatalogue catalogue = GpuCatalogue.load();
    List<String> names =
        devices.stream()
            .map(
                device ->
                    device.address()
                        + " "
                        + catalogue
                            .find(Optional.of(device.id()), "")
                            .map(GpuModel::name)
                            .orElse(device.id())
                        + device.driver().map(driver -> " bound to " + driver).orElse(""))
            .toList();
    return names.isEmpty() ? "" : " (on the PCI bus: " + String.join(", ", names) + ")";
  }
}
