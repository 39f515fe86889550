package oneapp.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private static final GpuInventory TWO_L40S =
      InventoryText.read(
          "name, pci.device_id, memory.total [MiB]\n"
              + "NVIDIA L40S, 0x26B910DE, 46068 MiB\n".repeat(2));

  @Test
  void whatTheTemplateGivesAndTheGuestSeesAgree() {
    assertThat(
            TemplateComparison.findings(List.of("10de:26b9", "10DE:26B9", "15b3:101e"), TWO_L40S))
        .isEmpty();
  }

  @Test
  void aGpuThatTheGuestDoesNotSeeIsNamed() {
    assertThat(
            TemplateComparison.findings(List.of("10de:26b9", "10de:26b9", "10de:2321"), TWO_L40S))
        .singleElement()
        .asString()
        .contains("1 GPUs 10de:2321", "sees 0");
  }

  @Test
  void aGpuThatTheTemplateDoesNotNameIsNamed() {
    assertThat(TemplateComparison.findings(List.of("10de:26b9"), TWO_L40S))
        .singleElement()
        .asString()
        .contains("sees 2", "names 1");
  }

  @Test
  void withoutIdsOnlyTheNumberIsCompared() {
    GpuInventory unknown = InventoryText.read("name, memory.total [MiB]\nNew GPU, 46068 MiB\n");
    assertThat(TemplateComparison.findings(List.of("10de:9999"), unknown)).isEmpty();
    assertThat(TemplateComparison.findings(List.of(), unknown)).hasSize(1);
  }

  @Test
  void xidErrorsAreReadFromTheKernelLog() {
    assertThat(
            KernelLog.notes(
                """
                [1] NVRM: Xid (PCI:0000:9b:00): 119, pid=7, name=nvidia-smi, Timeout after 6s
                [2] NVRM: Xid (PCI:0000:9b:00): 119, pid=8, name=x
                [3] NVRM: Xid (PCI:0000:0a:00): 13, pid=9, name=y
                """))
        .hasSize(2)
        .anySatisfy(note -> assertThat(note).contains("0000:9b:00", "119", "power the VM off"))
        .anySatisfy(note -> assertThat(note).contains("0000:0a:00", "13").doesNotContain("power"));
  }

  @Test
  void linksAreReadWithAndWithoutTheFirstTab() {
    Topology topology =
        Topology.parse(
            """
            GPU0\tGPU1\tGPU2\tCPU Affinity
            GPU0\t X \tNV12\tSYS\t0-23
            GPU1\tNV12\t X \tNODE\t24-47
            GPU2\tSYS\tNODE\t X \t24-47
            """);
    assertThat(topology.between(0, 1)).isEqualTo(Topology.Link.NVLINK);
    assertThat(topology.between(2, 0)).isEqualTo(Topology.Link.SYS);
    assertThat(topology.between(1, 2)).isEqualTo(Topology.Link.NODE);
    assertThat(topology.between(0, 9)).isEqualTo(Topology.Link.UNKNOWN);
  }

  @Test
  void everyRowOfTheCatalogueIsFoundByItsIdAndItsName() {
    GpuCatalogue catalogue = GpuCatalogue.load();
    for (GpuModel gpu : catalogue.gpus()) {
      assertThat(catalogue.find(java.util.Optional.empty(), gpu.name())).contains(gpu);
      for (String id : gpu.pciIds()) {
        assertThat(catalogue.find(java.util.Optional.of(id), "")).contains(gpu);
      }
      assertThat(gpu.upperBandwidthGbs()).isGreaterThanOrEqualTo(gpu.bandwidthGbs());
    }
  }
}
