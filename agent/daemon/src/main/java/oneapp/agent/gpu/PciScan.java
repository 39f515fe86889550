package oneapp.agent.gpu;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks for NVIDIA GPUs on the PCI bus, which needs no driver. */
final class PciScan {
  private static final String NVIDIA = "0x10de";

  /** Class 03 is a display controller; NVSwitches and audio functions have others. */
  private static final String DISPLAY = "0x03";

  private final Path devices;

  /**
   * A GPU on the bus.
   *
   * @param address such as 0000:07:00.0
   * @param id vendor and device, such as 10de:26b9
   * @param driver kernel driver that has it, when one has
   */
  record Device(String address, String id, Optional<String> driver) {}

  PciScan(Path sysfs) {
    this.devices = sysfs.resolve("bus/pci/devices");
  }

  /** The GPUs by address; none when there is no such bus. */
  List<Device> nvidiaGpus() {
    List<Device> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(devices)) {
      for (Path folder : folders) {
        if (read(folder, "vendor").equals(NVIDIA) && read(folder, "class").startsWith(DISPLAY)) {
          found.add(
              new Device(
                  folder.getFileName().toString(),
                  "10de:" + read(folder, "device").replaceFirst("^0x", ""),
                  driver(folder)));
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    found.sort(Comparator.comparing(Device::address));
    return List.copyOf(found);
  }

  private static Optional<String> driver(Path folder) {
    try {
      return Optional.of(folder.resolve("driver").toRealPath().getFileName().toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String read(Path folder, String name) {
    try {
      return Files.readString(folder.resolve(name)).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
