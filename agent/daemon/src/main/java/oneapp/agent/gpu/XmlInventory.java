package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import oneapp.agent.data.Text;
import oneapp.agent.data.Xml;
import oneapp.agent.data.Xml.Element;

/** Reads what {@code nvidia-smi -q -x} prints. */
final class XmlInventory {
  private XmlInventory() {}

  static GpuInventory read(GpuCatalogue catalogue, String text) throws InventoryException {
    Element root = root(text);
    if (!root.name().equals("nvidia_smi_log")) {
      throw new InventoryException(
          Text.format("its root is <%s> and not <nvidia_smi_log>", root.name()));
    }
    List<Gpu> gpus = new ArrayList<>();
    int index = 0;
    for (Element gpu : root.children("gpu")) {
      gpus.addAll(devices(catalogue, gpu, index++));
    }
    return GpuInventory.of(gpus, RawGpu.known(text(root, "driver_version")), List.of());
  }

  /** nvidia-smi's DOCTYPE names a DTD that comes with no driver. */
  private static Element root(String text) throws InventoryException {
    try {
      return Xml.parseWithDoctype(text);
    } catch (XMLStreamException e) {
      String reason = String.valueOf(e.getMessage()).replaceFirst("(?s).*\\RMessage: ", "");
      throw new InventoryException("it is not well-formed XML: " + reason);
    }
  }

  /** The GPU itself, then its MIG slices. */
  private static List<Gpu> devices(GpuCatalogue catalogue, Element gpu, int index) {
    RawGpu raw = new RawGpu();
    raw.index = index;
    raw.name = text(gpu, "product_name");
    raw.uuid = text(gpu, "uuid");
    raw.deviceId = text(gpu, "pci", "pci_device_id");
    raw.total = text(gpu, "fb_memory_usage", "total");
    raw.free = text(gpu, "fb_memory_usage", "free");
    raw.used = text(gpu, "fb_memory_usage", "used");
    raw.reserved = text(gpu, "fb_memory_usage", "reserved");
    raw.architecture = text(gpu, "product_architecture");
    raw.mig = text(gpu, "mig_mode", "current_mig");
    raw.virtualization = text(gpu, "gpu_virtualization_mode", "virtualization_mode");
    raw.computeMode = text(gpu, "compute_mode");
    raw.eccUncorrected = text(gpu, "ecc_errors", "volatile", "dram_uncorrectable");
    raw.broken = RawGpu.isBroken(raw.used);
    for (Element process : children(gpu, "processes", "process_info")) {
      raw.processes.add(
          Text.format(
              "%s (pid %s, %s)",
              text(process, "process_name"), text(process, "pid"), text(process, "used_memory")));
    }
    List<Gpu> devices = new ArrayList<>();
    devices.add(raw.build(catalogue));
    if (raw.isMig()) {
      for (Element slice : children(gpu, "mig_devices", "mig_device")) {
        devices.add(
            raw.slice(
                catalogue,
                text(slice, "fb_memory_usage", "total"),
                text(slice, "fb_memory_usage", "free"),
                text(slice, "uuid")));
      }
    }
    return devices;
  }

  private static List<Element> children(Element element, String parent, String name) {
    return element.child(parent).map(found -> found.children(name)).orElse(List.of());
  }

  private static String text(Element element, String... path) {
    return element.text(path).map(String::strip).orElse("");
  }
}
