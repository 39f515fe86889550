package oneapp.agent.gpu;

import java.util.Optional;
import oneapp.agent.stage.Category;

/** Reads an inventory of another machine: CSV or XML of nvidia-smi, or its failure. */
public final class InventoryText {
  private static final String HOW =
      " Give what `nvidia-smi --query-gpu=index,name,memory.total,memory.free,compute_cap"
          + " --format=csv` or `nvidia-smi -q -x` prints.";

  private InventoryText() {}

  /** The inventory; a text that is none becomes an inventory without GPUs and with the reason. */
  public static GpuInventory read(String text) {
    String clean = text.replace("\uFEFF", "").strip();
    if (clean.isEmpty()) {
      return GpuInventory.none(Category.NO_GPU, "the inventory is empty." + HOW);
    }
    GpuCatalogue catalogue = GpuCatalogue.load();
    try {
      GpuInventory inventory = parse(catalogue, clean);
      return inventory.gpus().isEmpty()
          ? GpuInventory.none(Category.NO_GPU, "the inventory lists no GPU.")
          : inventory;
    } catch (InventoryException e) {
      Optional<GpuInventory.Problem> failure = SmiFailure.of(clean);
      return failure.isPresent()
          ? GpuInventory.none(failure.get().category(), failure.get().message())
          : GpuInventory.none(
              Category.CONTEXT_INVALID,
              "the inventory cannot be read: " + e.getMessage() + "." + HOW);
    }
  }

  static GpuInventory parse(GpuCatalogue catalogue, String text) throws InventoryException {
    if (text.startsWith("<")) {
      return XmlInventory.read(catalogue, text);
    }
    if (text.contains("+----")) {
      throw new InventoryException("it is nvidia-smi's table for people");
    }
    return CsvInventory.read(catalogue, text);
  }
}
