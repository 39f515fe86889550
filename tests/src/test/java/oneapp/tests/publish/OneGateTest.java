package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.OneGateText;
import oneapp.agent.publish.Problem;
import oneapp.agent.publish.Publisher;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

final class OneGateTest {
  private final Logs logs = new Logs();
  private final Site site = new Site();

  OneGateTest() throws IOException {}

  @AfterEach
  void stop() {
    assertThat(logs.text()).doesNotContain(site.cloud.oneGateToken(site.vm).orElseThrow());
    logs.close();
    site.close();
  }

  private String meant(String name) {
    return OneGateText.decode(String.valueOf(site.shown(name)));
  }

  @Test
  void withoutCredentialsTheVmIsWrittenThroughOneGate() {
    try (Publisher publisher = site.publisher(site.oneGate())) {
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.READY, "serves a/model at 0.9"));
      Site.complete(publisher);
      assertThat(publisher.report().targets().keySet()).isEqualTo(Set.of(Target.VM));
    }
    assertThat(site.cloud.userTemplate(site.vm))
        .containsEntry("VLLM_STATE", "READY")
        .containsEntry("VLLM_STATE_REASON", "serves a/model at 0.9")
        .containsEntry("VLLM_RESULT_ID", "r1")
        .containsEntry("GREETING", "hello")
        .containsKey("VLLM_TEAM")
        .doesNotContainKeys("VLLM_TTFT_MS", "VLLM_RESULT_FFFFFFFF");
    assertThat(site.rowIds()).isEqualTo("none none");
  }

  @Test
  void whatOneGateWouldSpoilIsEncodedAndReadBack() {
    String hostile = "a=\"1\", [b] \\ \u00e9 \u4e16 base64url: # 37 % \n second ]]> $X";
    try (Publisher publisher = site.publisher(site.oneGate())) {
      State state =
          Site.state(Stage.FAILED, hostile)
              .with(
                  Map.of(
                      "VLLM_EMPTY", "", "VLLM_MARK", "base64url:AAAA", "VLLM_URL", "http://a:1/b"));
      publisher.state(state);
      Site.complete(publisher);
    }
    assertThat(String.valueOf(site.shown("VLLM_STATE_REASON"))).startsWith("base64url:");
    assertThat(meant("VLLM_STATE_REASON")).isEqualTo(hostile.replace("]]>", "]] >"));
    assertThat(meant("VLLM_MARK")).isEqualTo("base64url:AAAA");
    assertThat(meant("VLLM_EMPTY")).isEmpty();
    assertThat(site.shown("VLLM_URL")).isEqualTo("http://a:1/b");
  }

  @Test
  void refusedCredentialsAreSeenInTheVmThroughOneGate() {
    try (Publisher publisher = site.publisher(site.both("service:wrong-password-9"))) {
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.READY, "serves"));
      Waiting.until(() -> meant("VLLM_PUBLISH_STATUS").startsWith("VM OPENNEBULA_AUTH: "));
      Waiting.until(() -> meant("VLLM_PUBLISH_STATUS").contains("TEMPLATE OPENNEBULA_AUTH: "));
      DeliveryReport report = publisher.flush(Duration.ofMillis(20));
      assertThat(report.isComplete()).isFalse();
      assertThat(report.problem().orElseThrow().category()).isEqualTo(Category.OPENNEBULA_AUTH);
    }
    assertThat(meant("VLLM_RESULT_ID")).isEqualTo("r1");
    assertThat(logs.text()).doesNotContain("wrong-password-9");
    // With the right ones the results follow, and the plain form takes the place of the encoded.
    try (Publisher publisher = site.publisher(site.both("service:" + Site.PASSWORD))) {
      publisher.state(Site.state(Stage.READY, "serves, all"));
      Site.complete(publisher);
    }
    assertThat(site.rowIds()).isEqualTo("r1 r1");
    assertThat(site.shown("VLLM_STATE_REASON")).isEqualTo("serves, all");
    assertThat(site.shown("VLLM_PUBLISH_STATUS")).isEqualTo("OK");
  }

  @Test
  void onedThatCannotBeReachedIsSeenInTheVmThroughOneGate() throws IOException {
    try (Proxy proxy = new Proxy(site.cloud.endpoint());
        Publisher publisher =
            site.publisher(
                Reaches.withEndpoint(site.both("service:" + Site.PASSWORD), proxy.endpoint()))) {
      proxy.mode(Proxy.Mode.HTML_ERROR);
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.READY, "serves"));
      Waiting.until(() -> meant("VLLM_PUBLISH_STATUS").startsWith("VM OPENNEBULA_UNREACHABLE: "));
      assertThat(meant("VLLM_RESULT_ID")).isEqualTo("r1");
      assertThat(publisher.report().isComplete()).isFalse();
      proxy.mode(Proxy.Mode.PASS);
      Site.complete(publisher);
      Waiting.until(() -> site.shown("VLLM_PUBLISH_STATUS").equals("OK"));
    }
    assertThat(site.rowIds()).isEqualTo("r1 r1");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PASS")
  void spoiledReply(Proxy.Mode mode) throws IOException {
    System.setProperty("oneapp.onegate.total_timeout_ms", "500");
    OpenNebulaAccess direct = site.oneGate();
    try (Proxy proxy = new Proxy(site.cloud.oneGate());
        Publisher publisher =
            site.publisher(Reaches.withOneGate(direct, proxy.endpoint().resolve("/")))) {
      proxy.mode(mode);
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.FAILED, "NO_GPU: none"));
      Waiting.until(() -> publisher.report().problem().isPresent());
      assertThat(publisher.report().problem().orElseThrow().category())
          .isEqualTo(Category.OPENNEBULA_UNREACHABLE);
      proxy.mode(Proxy.Mode.PASS);
      Site.complete(publisher);
    } finally {
      System.clearProperty("oneapp.onegate.total_timeout_ms");
    }
    assertThat(site.shown("VLLM_STATE")).isEqualTo("FAILED");
    assertThat(site.shown("VLLM_RESULT_ID")).isEqualTo("r1");
    assertThat(logs.text()).doesNotContain("127.0.0.1").doesNotContain("localhost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"damaged-\u0001-token", "damaged-tok\u00e9n", "damaged\ntoken"})
  void damagedTokenIsSaidAndNotLogged(String token) {
    try (Publisher publisher = site.publisher(Reaches.withToken(site.oneGate(), token))) {
      publisher.state(Site.state(Stage.FAILED, "NO_GPU: none"));
      Waiting.until(() -> publisher.report().problem().isPresent());
      Problem problem = publisher.report().problem().orElseThrow();
      assertThat(problem.category()).isEqualTo(Category.OPENNEBULA_AUTH);
      assertThat(problem.sentence()).contains("token.txt");
    }
    assertThat(logs.text()).doesNotContain("damaged");
  }

  @Test
  void newCredentialsAreUsedWithoutARestart() {
    try (Publisher publisher = site.publisher(site.oneGate())) {
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.READY, "serves, all"));
      Site.complete(publisher);
      publisher.reach(site.xmlRpc());
      publisher.result(Site.result("r2", Site.NOW.plusSeconds(1)));
      Site.complete(publisher);
    }
    assertThat(site.rowIds()).isEqualTo("r2 r2");
    assertThat(site.shown("VLLM_RESULT_USER")).isEqualTo("service");
    assertThat(site.shown("VLLM_STATE_REASON")).isEqualTo("serves, all");
  }

  @Test
  void errorsAndLostWritesPass() {
    site.cloud.oneGateFaults().answerHttp(503);
    try (Publisher publisher = site.publisher(site.oneGate())) {
      publisher.state(Site.state(Stage.FAILED, "NO_GPU: none"));
      Waiting.until(() -> publisher.report().problem().isPresent());
      site.cloud.oneGateFaults().clear();
      site.cloud.oneGateFaults().loseWrites(3);
      Site.complete(publisher);
    }
    assertThat(site.shown("VLLM_STATE")).isEqualTo("FAILED");
    assertThat(logs.text()).contains("OneGate answers HTTP 503");
  }
}
