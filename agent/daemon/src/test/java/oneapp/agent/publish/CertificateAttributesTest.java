package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.context.Price;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;

class CertificateAttributesTest {
  private static final Evidence EVIDENCE =
      Measured.on("Qwen/Qwen2.5-3B-Instruct", "NVIDIA L40S").inVm().replicas(2).evidence();

  static Certificate certificate() {
    Standards standards = Standards.load();
    return Certifier.certify(
        Requests.result(
            1, Requests.throughput(10, 1000), Requests.run(5, 1000, 0), Requests.run(8, 900, 100)),
        EVIDENCE,
        standards.slos(),
        standards.references(),
        Set.of("CHAT"),
        Optional.of(new Price(1.8, "EUR")));
  }

  @Test
  void theVmShowsTheVerdictAndTheFiguresOfTheHighestPassingRate() {
    assertThat(CertificateAttributes.vm(certificate()))
        .containsEntry("VLLM_CERTIFICATE", "CERTIFIED, holds: CHAT up to 5 req/s")
        .containsEntry("VLLM_SLO_CHAT", "PASS up to 5 req/s")
        .containsEntry("VLLM_SLO_CODE_COMPLETION", "FAIL")
        .containsEntry("VLLM_THROUGHPUT_RPS", "10")
        .containsEntry("VLLM_OUTPUT_TOKENS_PER_SECOND", "2560")
        .containsEntry("VLLM_TTFT_P99_MS", "50")
        .containsEntry("VLLM_ITL_MS", "10")
        .containsEntry("VLLM_COST_PER_1000_REQUESTS", "0.1 EUR")
        .containsEntry("VLLM_ENGINE", "test 1")
        .hasEntrySatisfying(
            "VLLM_REFERENCE",
            text -> assertThat(text).startsWith("NOT_COMPARABLE, qwen2.5-3b-l40s, RPS +56.2 %"));
  }

  @Test
  void theKeyIsTheHashOfWhatWasMeasured() {
    // printf '["Qwen/Qwen2.5-3B-Instruct","",0,"NVIDIA L40S",2,1,2,512,256]' | sha256sum
    assertThat(CertificateAttributes.key(EVIDENCE, 512, 256)).isEqualTo("VLLM_RESULT_3ff612ad");
    assertThat(CertificateAttributes.key(EVIDENCE, 512, 128)).isNotEqualTo("VLLM_RESULT_3ff612ad");
  }
}
