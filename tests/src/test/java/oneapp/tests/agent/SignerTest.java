package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oneapp.agent.data.VerifyingKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed certificates of real runs, and what keeps one from being signed or read. */
class SignerTest {
  @TempDir Path folder;

  private static String signer(AgentSite site) {
    return String.valueOf(site.vmAttributes().get("VLLM_CERTIFICATE_SIGNER"));
  }

  private static void measured(AgentSite site) throws Exception {
    try (AgentProcess agent = site.run("--once")) {
      assertThat(agent.awaitExit()).as(agent.errors()).isZero();
    }
  }

  @Test
  void aDamagedKeyIsSaidAndTheResultIsPublishedAllTheSame() throws Exception {
    try (AgentSite site = new AgentSite(folder)) {
      site.context.put("ONEAPP_VLLM_BENCHMARK", "ALWAYS");
      site.context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "1");
      Path key = Files.createDirectories(site.state()).resolve("signing-key.pem");
      Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nMC4CAQAw");
      measured(site);
      assertThat(signer(site)).startsWith("UNSIGNED, " + key + " is ");
      assertThat(key).hasContent("-----BEGIN PRIVATE KEY-----\nMC4CAQAw");
      assertThat(site.vmAttributes()).containsKey("VLLM_THROUGHPUT_RPS");
      assertThat(site.newest().signed()).doesNotExist();
      assertThat(site.newest().html()).content().contains("None: " + key + " is ");

      Files.delete(key);
      measured(site);
      VerifyingKey made =
          VerifyingKey.parse(Files.readString(key.resolveSibling("signing-key.pub.pem")));
      assertThat(signer(site)).isEqualTo(made.fingerprint());
      assertThat(site.newest().html())
          .content()
          .contains("vllm-agent verify certificate.signed.json --trust " + made.fingerprint());
      try (AgentProcess verify =
          AgentProcess.start(
              folder,
              List.of(),
              List.of(
                  "verify", site.newest().signed().toString(), "--trust", made.fingerprint()))) {
        assertThat(verify.awaitExit()).as(verify.output()).isZero();
      }
    }
  }

  /** A stranger's file may be made to be too much; that says nothing about what is in it. */
  @Test
  void rawDataThatDoesNotFitIntoMemoryIsUnreadable() throws Exception {
    try (AgentSite site = new AgentSite(folder)) {
      site.context.put("ONEAPP_VLLM_BENCHMARK_SAMPLES", "40000");
      site.context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "1");
      site.vllm("{\"guidellm\": {\"arithmetic\": {}}}");
      measured(site);
      assertThat(verified(site, "-Xmx128m")).startsWith("80 ").contains("INTACT, SIGNER UNKNOWN");
      assertThat(verified(site, "-Xmx8m"))
          .startsWith("85 ")
          .contains("it holds more than fits into memory", "UNREADABLE");
    }
  }

  /** Exit code and output of the command with such an option in the place of its own. */
  private String verified(AgentSite site, String option) throws Exception {
    try (AgentProcess verify =
        AgentProcess.start(
            folder,
            List.of("env", "_JAVA_OPTIONS=" + option),
            List.of("verify", site.newest().signed().toString()))) {
      return verify.awaitExit() + " " + verify.output();
    }
  }
}
