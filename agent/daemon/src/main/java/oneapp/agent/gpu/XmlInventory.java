package oneapp.agent.gpu;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import oneapp.agent.data.Text;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads what {@code nvidia-smi -q -x} prints. */
final class XmlInventory {
  private final GpuCatalogue catalogue;

  private XmlInventory(GpuCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  static GpuInventory read(GpuCatalogue catalogue, String text) throws InventoryException {
    return new XmlInventory(catalogue).read(root(text));
  }

  private GpuInventory read(Element root) throws InventoryException {
    if (!root.getTagName().equals("nvidia_smi_log")) {
      throw new InventoryException(
          Text.format("its root is <%s> and not <nvidia_smi_log>", root.getTagName()));
    }
    List<Gpu> gpus = new ArrayList<>();
    int index = 0;
    for (Element gpu : children(root, "gpu")) {
      gpus.addAll(gpu(gpu, index++));
    }
    return GpuInventory.of(gpus, List.of())
        .versions(
            RawGpu.known(text(root, "driver_version")), RawGpu.known(text(root, "cuda_version")));
  }

  private List<Gpu> gpu(Element gpu, int index) {
    RawGpu raw = new RawGpu();
    raw.index = index;
    raw.name = text(gpu, "product_name");
    raw.uuid = text(gpu, "uuid");
    raw.busId = gpu.getAttribute("id");
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
    raw.broken = RawGpu.isBroken(text(gpu, "fb_memory_usage", "used"));
    for (Element process : children(first(gpu, "processes"), "process_info")) {
      raw.processes.add(
          Text.format(
              "%s (pid %s, %s)",
              text(process, "process_name"), text(process, "pid"), text(process, "used_memory")));
    }
    List<Gpu> devices = new ArrayList<>();
    devices.add(raw.build(catalogue));
    if (raw.isMig()) {
      for (Element slice : children(first(gpu, "mig_devices"), "mig_device")) {
        String total = text(slice, "fb_memory_usage", "total");
        devices.add(
            raw.slice(
                catalogue, total, text(slice, "fb_memory_usage", "free"), text(slice, "uuid")));
      }
    }
    return devices;
  }

  /** The document names a DTD, which must not be fetched, nor any entity resolved. */
  private static Element root(String text) throws InventoryException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new InventoryException("it is no well-formed XML: " + e.getMessage());
    }
  }

  private static String text(Element element, String... path) {
    Optional<Element> at = Optional.of(element);
    for (String name : path) {
      at = first(at, name);
    }
    return at.map(Element::getTextContent).map(String::strip).orElse("");
  }

  private static Optional<Element> first(Element element, String name) {
    return first(Optional.of(element), name);
  }

  private static Optional<Element> first(Optional<Element> element, String name) {
    return children(element, name).stream().findFirst();
  }

  private static List<Element> children(Element element, String name) {
    return children(Optional.of(element), name);
  }

  private static List<Element> children(Optional<Element> element, String name) {
    List<Element> found = new ArrayList<>();
    if (element.isPresent()) {
      NodeList nodes = element.get().getChildNodes();
      for (int i = 0; i < nodes.getLength(); i++) {
        Node node = nodes.item(i);
        if (node instanceof Element child && child.getTagName().equals(name)) {
          found.add(child);
        }
      }
    }
    return found;
  }
}
