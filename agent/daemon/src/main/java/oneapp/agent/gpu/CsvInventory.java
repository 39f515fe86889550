package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import oneapp.agent.data.Text;

/** Reads what {@code nvidia-smi --query-gpu=... --format=csv} prints: any fields, in any order. */
final class CsvInventory {
  private static final Map<String, BiConsumer<RawGpu, String>> FIELDS = fields();

  /** The form of a header cell; no value of a usable field has it. */
  private static final String HEADER_CELL = "[a-z_]+(\\.[a-z_]+)*( \\[.*])?";

  private final GpuCatalogue catalogue;
  private final List<String> notes = new ArrayList<>();
  private Optional<String> driver = Optional.empty();

  CsvInventory(GpuCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  private static Map<String, BiConsumer<RawGpu, String>> fields() {
    return Map.ofEntries(
        Map.entry("name", (gpu, value) -> gpu.name = value),
        Map.entry("gpu_name", (gpu, value) -> gpu.name = value),
        Map.entry("uuid", (gpu, value) -> gpu.uuid = value),
        Map.entry("gpu_uuid", (gpu, value) -> gpu.uuid = value),
        Map.entry("pci.device_id", (gpu, value) -> gpu.deviceId = value),
        Map.entry("memory.total", (gpu, value) -> gpu.total = value),
        Map.entry("memory.free", (gpu, value) -> gpu.free = value),
        Map.entry("memory.used", (gpu, value) -> gpu.used = value),
        Map.entry("memory.reserved", (gpu, value) -> gpu.reserved = value),
        Map.entry("compute_cap", (gpu, value) -> gpu.capability = value),
        Map.entry("mig.mode.current", (gpu, value) -> gpu.mig = value),
        Map.entry("compute_mode", (gpu, value) -> gpu.computeMode = value),
        Map.entry(
            "ecc.errors.uncorrected.volatile.total", (gpu, value) -> gpu.eccUncorrected = value));
  }

  /** Reads the text; the exception names a line that is not a row of the table. */
  static GpuInventory read(GpuCatalogue catalogue, String text) throws InventoryException {
    return new CsvInventory(catalogue).read(text);
  }

  private GpuInventory read(String text) throws InventoryException {
    List<String> lines =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("WARNING:"))
            .toList();
    if (lines.isEmpty()) {
      throw new InventoryException("it has no line with a GPU");
    }
    List<String> header = cells(lines.getFirst());
    boolean headed = isHeader(header);
    if (!headed) {
      notes.add(
          "the inventory has no header: the largest figure of a row counts as its total memory,"
              + " and free memory is not known");
    }
    Map<Integer, Gpu> gpus = new LinkedHashMap<>();
    for (String line : headed ? lines.subList(1, lines.size()) : lines) {
      List<String> cells = cells(line);
      if (isHeader(cells)) {
        continue;
      }
      RawGpu raw = headed ? row(header, cells, line) : headless(cells, line);
      raw.index = headed ? index(header, cells, gpus.size()) : raw.index;
      if (raw.index < 0) {
        raw.index = gpus.size();
      }
      gpus.put(raw.index, raw.build(catalogue));
    }
    return GpuInventory.of(List.copyOf(gpus.values()), driver, notes);
  }

  private RawGpu row(List<String> header, List<String> cells, String line)
      throws InventoryException {
    if (cells.size() != header.size()) {
      throw new InventoryException(
          Text.format(
              "the line \"%s\" has %d fields and the header has %d",
              Text.firstLine(line), cells.size(), header.size()));
    }
    RawGpu raw = new RawGpu();
    boolean named = false;
    for (int i = 0; i < cells.size(); i++) {
      String field = field(header.get(i));
      String value = cells.get(i);
      raw.broken |= RawGpu.isBroken(value) && FIELDS.containsKey(field);
      BiConsumer<RawGpu, String> setter = FIELDS.get(field);
      if (setter != null) {
        setter.accept(raw, value);
      }
      if (field.equals("driver_version")) {
        driver = RawGpu.known(value);
      }
      named |= field.equals("name") || field.equals("gpu_name") || field.equals("memory.total");
    }
    if (!named) {
      throw new InventoryException(
          "it has neither name nor memory.total: query at least index,name,memory.total");
    }
    return raw;
  }

  private static int index(List<String> header, List<String> cells, int otherwise) {
    int column = header.stream().map(CsvInventory::field).toList().indexOf("index");
    if (column < 0 || !cells.get(column).matches("[0-9]{1,4}")) {
      return otherwise;
    }
    return Integer.parseInt(cells.get(column));
  }

  /** Values without a header: each is recognised by its form. */
  private RawGpu headless(List<String> cells, String line) throws InventoryException {
    RawGpu raw = new RawGpu();
    raw.index = cells.getFirst().matches("[0-9]{1,3}") ? Integer.parseInt(cells.getFirst()) : -1;
    int largest = 0;
    for (String cell : cells) {
      OptionalInt mib = cell.endsWith("iB") ? RawGpu.mib(cell) : OptionalInt.empty();
      if (mib.isPresent()) {
        largest = Math.max(largest, mib.getAsInt());
      } else if (cell.startsWith("GPU-")) {
        raw.uuid = cell;
      } else if (cell.matches("(?i)0x[0-9a-f]{4}10de")) {
        raw.deviceId = cell;
      } else if (cell.matches("[0-9]{3}\\.[0-9]{1,3}(\\.[0-9]{1,3})?")) {
        driver = Optional.of(cell);
      } else if (isName(cell)) {
        raw.name = cell;
      }
    }
    raw.total = largest > 0 ? largest + " MiB" : "";
    if (raw.name.isEmpty()) {
      throw new InventoryException(
          Text.format(
                  "the line \"%s\" names no GPU and there is no header: print the inventory with its header",
                  Text.firstLine(line))
              + " (--format=csv without noheader)");
    }
    if (largest == 0 && catalogue.find(Optional.empty(), raw.name).isEmpty()) {
      throw new InventoryException(
          "without header and units no figure can be recognised as the memory: print it with"
              + " --format=csv");
    }
    return raw;
  }

  private boolean isName(String cell) {
    return cell.matches("(?i)(NVIDIA|GRID|TESLA|QUADRO|GEFORCE) .*")
        || catalogue.find(Optional.empty(), cell).isPresent();
  }

  private static boolean isHeader(List<String> cells) {
    return cells.stream().allMatch(cell -> cell.matches(HEADER_CELL));
  }

  private static String field(String headerCell) {
    return headerCell.replaceFirst("\\s*\\[.*", "").strip().toLowerCase(Locale.ROOT);
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }
}
