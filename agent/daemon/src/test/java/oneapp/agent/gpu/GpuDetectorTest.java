package oneapp.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuDetectorTest {
  private static final String TWO_L40S =
      """
      <?xml version="1.0" ?>
      <!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
      <nvidia_smi_log>
        <driver_version>580.126.09</driver_version>
        <cuda_version>13.0</cuda_version>
        <gpu id="00000000:01:00.0"><product_name>NVIDIA L40S</product_name>
          <pci><pci_device_id>26B910DE</pci_device_id></pci>
          <fb_memory_usage><total>46068 MiB</total><free>45469 MiB</free></fb_memory_usage></gpu>
        <gpu id="00000000:02:00.0"><product_name>NVIDIA L40S</product_name>
          <pci><pci_device_id>26B910DE</pci_device_id></pci>
          <fb_memory_usage><total>46068 MiB</total><free>45469 MiB</free></fb_memory_usage></gpu>
      </nvidia_smi_log>
      """;

  @TempDir Path folder;

  @Test
  void twoGpusAreFoundWithTheirLinks() throws IOException {
    Path smi =
        smi(
            """
            case "$1" in
              -q) cat "$0.xml" ;;
              topo) printf '\\tGPU0\\tGPU1\\tCPU Affinity\\nGPU0\\t X \\tPIX\\t0-15\\n' ;;
            esac
            """);
    Files.writeString(Path.of(smi + ".xml"), TWO_L40S);
    GpuInventory inventory = detect(smi, Duration.ofSeconds(20));

    assertThat(inventory.problem()).isEmpty();
    assertThat(inventory.usable()).extracting(Gpu::name).containsOnly("NVIDIA L40S").hasSize(2);
    assertThat(inventory.usable().getFirst().identity().pciId()).contains("10de:26b9");
    assertThat(inventory.driverVersion()).contains("580.126.09");
    assertThat(inventory.topology().between(1, 0)).isEqualTo(Topology.Link.PIX);
    assertThat(inventory.machine()).isPresent();
  }

  @Test
  void aMissingProgramIsToldFromAMissingGpu() throws IOException {
    Path nothing = folder.resolve("none/nvidia-smi");
    assertThat(problem(detect(nothing, Duration.ofSeconds(20))).category())
        .isEqualTo(Category.NO_GPU);

    pciDevice("0000:07:00.0", "0x26b9", "0x030200");
    GpuInventory.Problem problem = problem(detect(nothing, Duration.ofSeconds(20)));
    assertThat(problem.category()).isEqualTo(Category.DRIVER_PROBLEM);
    assertThat(problem.message()).contains("0000:07:00.0 NVIDIA L40S", "install");
  }

  @Test
  void switchesAndAudioFunctionsAreNoGpus() throws IOException {
    pciDevice("0000:08:00.0", "0x22a3", "0x060400");
    pciDevice("0000:09:00.1", "0x22ba", "0x040300");
    assertThat(problem(detect(folder.resolve("none"), Duration.ofSeconds(20))).category())
        .isEqualTo(Category.NO_GPU);
  }

  @Test
  void aHangEndsAtTheDeadline() throws IOException {
    GpuInventory inventory = detect(smi("sleep 60\n"), Duration.ofMillis(500));
    assertThat(problem(inventory).category()).isEqualTo(Category.DRIVER_PROBLEM);
    assertThat(problem(inventory).message()).contains("did not answer");
  }

  @Test
  void eachFailureHasItsOwnAdvice() throws IOException {
    assertFailure("No devices were found", Category.NO_GPU, "template");
    assertFailure(
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
        Category.DRIVER_PROBLEM,
        "kernel module is not loaded");
    assertFailure(
        "Failed to initialize NVML: Driver/library version mismatch",
        Category.DRIVER_PROBLEM,
        "different versions");
    assertFailure(
        "Unable to determine the device handle for GPU 0000:05:00.0: GPU is lost.",
        Category.DRIVER_PROBLEM,
        "fallen off");
    assertFailure(
        "nvidia-smi: error while loading shared libraries: libnvidia-ml.so.1: No such file",
        Category.DRIVER_PROBLEM,
        "libraries are missing");
    assertFailure("Segmentation fault", Category.DRIVER_PROBLEM, "code 3");
  }

  @Test
  void slicesGetTheUuidOfTheList() throws IOException {
    Path smi =
        smi(
            """
            case "$1" in
              -q) cat "$0.xml" ;;
              -L) echo 'GPU 0: NVIDIA H100 NVL (UUID: GPU-1)'
                  echo '  MIG 3g.47gb     Device  0: (UUID: MIG-aa)' ;;
            esac
            """);
    Files.writeString(
        Path.of(smi + ".xml"),
        """
        <nvidia_smi_log><gpu id="0"><product_name>NVIDIA H100 NVL</product_name>
        <mig_mode><current_mig>Enabled</current_mig></mig_mode>
        <mig_devices><mig_device><fb_memory_usage><total>47488 MiB</total></fb_memory_usage>
        </mig_device></mig_devices>
        <fb_memory_usage><total>95830 MiB</total></fb_memory_usage></gpu></nvidia_smi_log>
        """);
    GpuInventory inventory = detect(smi, Duration.ofSeconds(20));

    assertThat(inventory.usable()).hasSize(1);
    assertThat(inventory.usable().getFirst().identity().uuid()).contains("MIG-aa");
    assertThat(inventory.usable().getFirst().name()).isEqualTo("NVIDIA H100 NVL MIG 3g.47gb");
  }

  private void assertFailure(String said, Category category, String advice) throws IOException {
    GpuInventory inventory = detect(smi("echo \"" + said + "\"; exit 3\n"), Duration.ofSeconds(20));
    assertThat(inventory.gpus()).isEmpty();
    assertThat(problem(inventory).category()).as(said).isEqualTo(category);
    assertThat(problem(inventory).message()).as(said).contains(advice);
  }

  private static GpuInventory.Problem problem(GpuInventory inventory) {
    return inventory.problem().orElseThrow();
  }

  private GpuInventory detect(Path smi, Duration deadline) {
    return new GpuDetector(smi.toString(), folder.resolve("sys"), folder, deadline).detect();
  }

  private Path smi(String script) throws IOException {
    Path smi = folder.resolve("nvidia-smi");
    Files.writeString(smi, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));
    return smi;
  }

  private void pciDevice(String address, String device, String type) throws IOException {
    Path at = Files.createDirectories(folder.resolve("sys/bus/pci/devices").resolve(address));
    Files.writeString(at.resolve("vendor"), "0x10de\n");
    Files.writeString(at.resolve("device"), device + "\n");
    Files.writeString(at.resolve("class"), type + "\n");
  }
}
