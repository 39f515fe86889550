package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import oneapp.agent.publish.Pace;
import oneapp.agent.publish.Publisher;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PublisherTest {
  private final Site site;

  PublisherTest() throws IOException {
    site = new Site();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void stateIsShownInTheVm() {
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.LOADING, "loads").progressing("run 1/4, 37 %"));
      Site.complete(publisher);
    }
    assertThat(site.cloud.userTemplate(site.vm))
        .containsEntry("VLLM_STATE", "LOADING")
        .containsEntry("VLLM_STATE_REASON", "loads")
        .containsEntry("VLLM_STATE_SINCE", "2026-11-24T03:10:37Z")
        .containsEntry("VLLM_PROGRESS", "run 1/4, 37 %")
        .containsEntry("VLLM_MODEL", "a/model")
        .containsEntry("VLLM_PUBLISH_STATUS", "OK");
  }

  @Test
  void factsThatAreGoneAreDeleted() {
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.LOADING, "loads").with(Map.of("VLLM_ENDPOINT", "http://x")));
      Site.complete(publisher);
      assertThat(site.shown("VLLM_ENDPOINT")).isEqualTo("http://x");
      publisher.state(Site.state(Stage.FAILED, "NO_GPU: none").without("VLLM_MODEL"));
      Site.complete(publisher);
    }
    assertThat(site.cloud.userTemplate(site.vm))
        .doesNotContainKeys("VLLM_ENDPOINT", "VLLM_MODEL", "VLLM_PROGRESS")
        .containsEntry("VLLM_STATE", "FAILED");
  }

  @Test
  void inheritedListedAttributesGoAtFirstBootAndAllOthersStay() {
    site.cloud.updateVm(site.vm, "VLLM_BENCHMARK_REQUEST=\"theirs\"");
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.CONTEXT, "reads"));
      Site.complete(publisher);
      site.cloud.updateVm(site.vm, "VLLM_NOTE=\"added later by hand\"");
      publisher.state(Site.state(Stage.GPU, "looks"));
      Site.complete(publisher);
    }
    assertThat(site.cloud.userTemplate(site.vm))
        .doesNotContainKeys("VLLM_TTFT_MS", "ONEAPP_VLLM_CHATBOT_WEB", "VLLM_RESULT_FFFFFFFF")
        .containsEntry("GREETING", "hello")
        .containsEntry("ONEAPP_VLLM_MODEL_ID", "a/model")
        .containsEntry("VLLM_TEAM", "its user's own")
        .containsEntry("VLLM_NOTE", "added later by hand")
        .containsEntry("VLLM_BENCHMARK_REQUEST", "theirs");
    assertThat(site.cloud.template(site.template)).containsKey("VLLM_TTFT_MS");
  }

  @Test
  void whatVanishedIsPublishedAgain() {
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.READY, "serves"));
      Site.complete(publisher);
      site.cloud.updateVm(site.vm, "VLLM_STATE=[]\nVLLM_MODEL=\"as the browser had it\"");
      Waiting.until(() -> "READY".equals(site.shown("VLLM_STATE")));
      Waiting.until(() -> "a/model".equals(site.shown("VLLM_MODEL")));
    }
  }

  @Test
  void resultIsInAllThreeAndNothingElseChanges() {
    Map<String, Object> user = site.cloud.userAttributes(site.service);
    Map<String, Object> template = site.cloud.template(site.template);
    try (Publisher publisher = site.publisher()) {
      assertThat(publisher.result(Site.result("r1", Site.NOW))).isTrue();
      publisher.state(Site.state(Stage.STOPPED, "done"));
      Site.complete(publisher);
    }
    assertThat(site.rowIds()).isEqualTo("r1 r1");
    assertThat(site.cloud.userTemplate(site.vm))
        .containsEntry("VLLM_RESULT_ID", "r1")
        .containsEntry("VLLM_RESULT_USER", "service");
    assertThat(site.cloud.userAttributes(site.service)).containsAllEntriesOf(user);
    assertThat(site.cloud.template(site.template)).containsAllEntriesOf(template);
    assertThat(site.disk.resolve("outbox").toFile().list()).containsExactly("shown.json");
  }

  @Test
  void resultStaysInTheVmOverRestartsUntilItIsWithdrawn() {
    try (Publisher publisher = site.publisher()) {
      publisher.result(Site.result("r1", Site.NOW));
      Site.complete(publisher);
    }
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.READY, "serves"));
      Site.complete(publisher);
      assertThat(site.shown("VLLM_RESULT_ID")).isEqualTo("r1");
      publisher.withdrawResult();
      Site.complete(publisher);
      assertThat(site.cloud.userTemplate(site.vm))
          .doesNotContainKeys("VLLM_RESULT_ID", "VLLM_THROUGHPUT_RPS", "VLLM_RESULT_USER");
    }
  }

  @Test
  void laterResultOfAnotherVmIsKept() {
    int other = site.cloud.instantiate(site.template, "other");
    assertThat(other).isNotEqualTo(site.vm);
    try (Publisher publisher = site.publisher()) {
      publisher.result(Site.result("later", Site.NOW.plusSeconds(60)));
      Site.complete(publisher);
      publisher.result(Site.result("earlier", Site.NOW));
      Site.complete(publisher);
    }
    assertThat(site.rowIds()).isEqualTo("later later");
    assertThat(site.shown("VLLM_RESULT_ID")).isEqualTo("later");
  }

  @Test
  void sameResultTwiceWritesNothing() {
    try (Publisher publisher = site.publisher()) {
      publisher.result(Site.result("r1", Site.NOW));
      Site.complete(publisher);
      long before = updates();
      publisher.result(Site.result("r1", Site.NOW));
      Site.complete(publisher);
      assertThat(updates()).isEqualTo(before);
    }
  }

  @Test
  void statesAreNotWrittenMoreOftenThanThePaceAndEndStatesAtOnce() {
    Pace slow = new Pace(Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO, Duration.ZERO);
    try (Publisher publisher =
        new Publisher(site.xmlRpc(), site.secrets, site.disk, slow, InstantSource.system())) {
      // The first look is over: it must not put off the first state.
      Waiting.until(() -> site.shown("VLLM_PUBLISH_STATUS").equals("OK"));
      publisher.state(Site.state(Stage.CONTEXT, "first"));
      Waiting.until(() -> "first".equals(site.shown("VLLM_STATE_REASON")));
      for (int i = 0; i < 1000; i++) {
        publisher.state(Site.state(Stage.LOADING, "step " + i));
      }
      publisher.state(Site.state(Stage.FAILED, "NO_GPU: none"));
      Waiting.until(() -> "FAILED".equals(site.shown("VLLM_STATE")));
    }
    assertThat(updates()).isLessThanOrEqualTo(6);
  }

  @Test
  void secretsAndHostileTextAreMadeHarmless() {
    try (Publisher publisher = site.publisher()) {
      State state =
          Site.state(Stage.FAILED, "token " + Site.PASSWORD + " ]]> \u0001 \uD83D\uDE00 \"q\" \\")
              .with(
                  Map.of("SCHED_REQUIREMENTS", "x", "VLLM_BAD-NAME", "x", "VLLM_ENDPOINT", "]]>"));
      publisher.state(state);
      Site.complete(publisher);
    }
    assertThat(site.shown("VLLM_STATE_REASON"))
        .isEqualTo("token [secret] ]] > \uFFFD \uFFFD \"q\" \\");
    assertThat(site.cloud.userTemplate(site.vm))
        .doesNotContainKeys("SCHED_REQUIREMENTS", "VLLM_BAD-NAME");
  }

  private long updates() {
    return site.cloud.requests().stream()
        .filter(request -> request.method().endsWith(".update"))
        .count();
  }
}
