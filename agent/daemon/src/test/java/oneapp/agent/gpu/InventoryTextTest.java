package oneapp.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InventoryTextTest {
  @Test
  void freeMemoryIsWhatIsLeftWhenOnlyUsedIsKnown() {
    GpuInventory inventory =
        InventoryText.read(
            "memory.used [MiB], name, memory.total [MiB]\n803 MiB, NVIDIA L40S, 46068 MiB\n");
    assertThat(inventory.usable().getFirst().freeMib()).isEqualTo(OptionalInt.of(45_265));
  }

  @Test
  void valuesThatAreUnknownAreNotZero() {
    GpuInventory inventory =
        InventoryText.read(
            "name, memory.total [MiB], memory.free [MiB]\nNVIDIA L40S, 46068 MiB, [N/A]\n");
    assertThat(inventory.usable().getFirst().freeMib()).isEmpty();
    GpuInventory broken =
        InventoryText.read("name, memory.total [MiB]\nNVIDIA L40S, [Unknown Error]\n");
    assertThat(broken.usable()).isEmpty();
    assertThat(broken.gpus().getFirst().fault()).isPresent();
  }

  @Test
  void theCatalogueIsFoundByPciIdThenByName() {
    GpuInventory inventory =
        InventoryText.read(
            """
            pci.device_id, name, memory.total [MiB]
            0x232110DE, Graphics Device, 95830 MiB
            0x000010DE, NVIDIA H200 NVL, 143771 MiB
            """);
    assertThat(inventory.gpus().get(0).model().orElseThrow().name()).isEqualTo("NVIDIA H100 NVL");
    assertThat(inventory.gpus().get(1).model().orElseThrow().name()).isEqualTo("NVIDIA H200 NVL");
  }

  @Test
  void aVirtualGpuIsFoundByTheNameOfItsProfile() {
    Gpu gpu = InventoryText.read("name, memory.total\nGRID A100D-10C, 10240\n").gpus().getFirst();
    assertThat(gpu.kind()).isEqualTo(Gpu.Kind.VIRTUAL);
    assertThat(gpu.model().orElseThrow().name()).isEqualTo("NVIDIA A100 80GB PCIe");
    assertThat(gpu.bandwidthGbs()).isLessThan(300);
  }

  @Test
  void aRepeatedSampleReplacesTheOneBefore() {
    GpuInventory inventory =
        InventoryText.read(
            """
            index, name, memory.total [MiB]
            0, NVIDIA L40S, 46068 MiB
            index, name, memory.total [MiB]
            0, NVIDIA L40S, 46068 MiB
            """);
    assertThat(inventory.gpus()).hasSize(1);
  }

  @Test
  void theDocumentTypeIsNeitherFetchedNorExpanded() {
    String log =
        "<!DOCTYPE nvidia_smi_log [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
            + "<nvidia_smi_log><gpu id=\"0\"><product_name>a%sb</product_name>"
            + "<fb_memory_usage><total>1000 MiB</total></fb_memory_usage></gpu></nvidia_smi_log>";
    assertThat(InventoryText.read(log.formatted("&lt;")).gpus())
        .singleElement()
        .satisfies(gpu -> assertThat(gpu.name()).isEqualTo("a<b"));
    assertThat(InventoryText.read(log.formatted("&x;")).problem())
        .hasValueSatisfying(
            problem -> assertThat(problem.message()).contains("cannot be read", "entity"));
  }

  @Property(tries = 2000)
  void noTextIsTooOdd(@ForAll String text) {
    assertThatCode(() -> InventoryText.read(text)).doesNotThrowAnyException();
    assertThatCode(() -> InventoryText.read("name, memory.total\n" + text))
        .doesNotThrowAnyException();
    assertThatCode(() -> InventoryText.read("<nvidia_smi_log>" + text)).doesNotThrowAnyException();
  }
}
