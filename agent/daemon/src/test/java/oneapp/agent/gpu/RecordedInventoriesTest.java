package oneapp.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Runs where recordings of nvidia-smi lie beside the project. */
class RecordedInventoriesTest {
  private static final Path FIXTURES =
      Path.of(System.getProperty("house", ".")).resolve("../shared/fixtures/nvidia-smi");

  @Test
  void recordedQueriesGiveTheirGpus() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(FIXTURES));
    Map<String, Integer> counts =
        Map.of(
            "query-1x-l40s-compute-cap-free.csv", 1,
            "query-2x-h100-nvl.csv", 2,
            "query-4x-l40s-noheader-units.csv", 4,
            "query-6-of-8x-h200-part.csv", 6,
            "query-8-l40s-first-6.csv", 6,
            "query-8x-h200.csv", 8,
            "query-na-mig-field.csv", 1);
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      GpuInventory inventory = read(entry.getKey());
      assertThat(inventory.usable()).as(entry.getKey()).hasSize(entry.getValue());
      assertThat(inventory.usable())
          .allSatisfy(gpu -> assertThat(gpu.memoryMib()).isGreaterThan(6000));
    }
  }

  @Test
  void recordedFailuresGiveTheirCategory() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(FIXTURES));
    Map<String, Category> categories =
        Map.of(
            "fail-command-not-found.txt", Category.NO_GPU,
            "fail-no-devices.txt", Category.NO_GPU,
            "fail-no-driver.txt", Category.DRIVER_PROBLEM,
            "fail-version-mismatch.txt", Category.DRIVER_PROBLEM,
            "fail-gpu-lost.txt", Category.DRIVER_PROBLEM);
    for (Map.Entry<String, Category> entry : categories.entrySet()) {
      assertThat(read(entry.getKey()).problem().orElseThrow().category())
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
  }

  @Test
  void theRecordedKernelLogNamesItsGpu() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(FIXTURES));
    String log = Files.readString(FIXTURES.resolve("kernel-log-xid-119-gsp-timeout.txt"));
    assertThat(KernelLog.notes(log)).singleElement().asString().contains("0000:9b:00", "119");
  }

  private static GpuInventory read(String name) throws Exception {
    return InventoryText.read(Files.readString(FIXTURES.resolve(name)));
  }
}
