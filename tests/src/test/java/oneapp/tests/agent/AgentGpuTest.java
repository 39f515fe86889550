package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A VM with a GPU, whose memory vLLM fills while it runs. */
class AgentGpuTest extends OneSite {
  private Path smi = Path.of("nvidia-smi");

  @BeforeEach
  void aGpu() throws IOException {
    gpus("");
    site.devices = "PCI=[ VENDOR=\"10de\", DEVICE=\"26b9\", CLASS=\"0302\" ]\n";
    site.context.remove("ONEAPP_VLLM_CPU_FALLBACK");
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
  }

  /** A GPU of this site alone, and an nvidia-smi for it, found before the system's. */
  private void gpus(String knobs) throws IOException {
    Path place = Files.createDirectories(folder.resolve("gpu"));
    smi = place.resolve("nvidia-smi");
    Files.copy(
        AgentProcess.HOUSE.resolve("tests/standins/gpu/nvidia-smi"),
        smi,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(
        place.resolve("gpus.json"),
        "{\"count\": 1, \"home\": \"%s\"%s}".formatted(site.state(), knobs));
    site.launcher = List.of("env", "PATH=" + place + ":" + System.getenv("PATH"));
  }

  @Test
  void whatIsServedIsMeasuredThoughItLeavesNoMemoryForAPlan() throws Exception {
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(AgentGpuTest::isReady);
      assertThat(usedMib()).isEqualTo("41461");
      try (AgentProcess command = site.start("plan")) {
        assertGood(command);
        assertThat(command.output())
            .contains("fits: NVIDIA L40S", "the GPU memory it uses counts as free")
            .doesNotContain("other processes");
      }
      try (AgentProcess command = site.start("benchmark")) {
        assertGood(command);
      }
      stop(daemon);
    }
    assertThat(site.vmAttributes())
        .containsEntry("VLLM_GPUS", "1 x NVIDIA L40S")
        .containsEntry("VLLM_TENSOR_PARALLEL_SIZE", "1");
    JsonNode certificate = Json.MAPPER.readTree(Files.readAllBytes(site.newest().certificate()));
    assertThat(certificate.at("/evidence/gpu").asString()).isEqualTo("NVIDIA L40S");
    assertThat(certificate.at("/evidence/gpus").asInt()).isEqualTo(1);
    assertThat(certificate.at("/evidence/provenance").propertyNames())
        .as("what vLLM logged at its start, which the command has not seen")
        .contains("KV cache tokens");
    assertThat(certificate.path("findings").findValuesAsString("code"))
        .doesNotContain("GPU_SHARED", "GPU_PROCESSES_UNKNOWN");
    assertThat(usedMib()).as("when all is over").isEqualTo("0");
  }

  @Test
  void theCommandHasNothingToMeasureWhenTheDaemonHasEnded() throws Exception {
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(AgentGpuTest::isReady);
      stop(daemon);
    }
    try (AgentProcess command = site.start("benchmark")) {
      assertThat(command.awaitExit()).isNotZero();
      assertThat(command.errors()).contains("start the daemon and wait until it is READY");
    }
  }

  @Test
  void memoryThatAKilledVllmHeldIsWaitedFor() throws Exception {
    gpus(", \"release_seconds\": 2");
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(AgentGpuTest::isReady);
      assertThat(usedMib()).isEqualTo("41461");
      daemon.signal("KILL");
      daemon.awaitExit();
      daemon.awaitThat(() -> site.processes().isEmpty());
    }
    assertThat(usedMib()).as("not free yet").isEqualTo("41461");
    assertMeasuresNothing("it is free soon", site.run("--once"));
  }

  private String usedMib() throws Exception {
    Process process =
        new ProcessBuilder(
                smi.toString(), "--query-gpu=memory.used", "--format=csv,noheader,nounits")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return printed.strip();
  }
}
