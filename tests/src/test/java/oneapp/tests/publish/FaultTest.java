package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.Problem;
import oneapp.agent.publish.Publisher;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.opennebula.Kind;
import oneapp.tests.opennebula.Right;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each test spoils something, waits until the agent has met it, and mends it. Then everything must
 * be there once, and no log may hold a secret or an endpoint.
 */
final class FaultTest {
  private static final Map<String, String> SHORT =
      Map.of(
          "oneapp.oca.connect_timeout_ms", "2000",
          "oneapp.oca.read_timeout_ms", "300",
          "oneapp.oca.total_timeout_ms", "1000",
          "oneapp.oca.max_tries", "1");

  private final Logs logs = new Logs();
  private final Site site;

  FaultTest() throws IOException {
    site = new Site();
  }

  @BeforeAll
  static void shorten() {
    SHORT.forEach(System::setProperty);
  }

  @AfterAll
  static void restore() {
    SHORT.keySet().forEach(System::clearProperty);
  }

  @AfterEach
  void stop() {
    assertThat(logs.text())
        .doesNotContain(Site.PASSWORD)
        .doesNotContain(site.cloud.oneGateToken(site.vm).orElseThrow())
        .doesNotContain("127.0.0.1")
        .doesNotContain("localhost");
    logs.close();
    site.close();
  }

  private void everythingOnce(Publisher publisher) {
    Site.complete(publisher);
    assertThat(site.rowIds()).isEqualTo("r1 r1");
    assertThat(site.shown("VLLM_STATE")).isEqualTo("FAILED");
    assertThat(site.shown("VLLM_RESULT_ID")).isEqualTo("r1");
    assertThat(site.shown("VLLM_PUBLISH_STATUS")).isEqualTo("OK");
    assertThat(site.cloud.template(site.template)).containsEntry("GREETING", "hello");
    assertThat(site.cloud.userAttributes(site.service)).containsKey("TOKEN_PASSWORD");
    assertThat(site.disk.resolve("outbox").toFile().list()).containsExactly("shown.json");
  }

  private void publish(Publisher publisher) {
    assertThat(publisher.result(Site.result("r1", Site.NOW))).isTrue();
    publisher.state(Site.state(Stage.FAILED, "NO_GPU: none"));
  }

  /** Waits until a target has this problem. */
  private static Problem meets(Publisher publisher, Target target, Category category) {
    Waiting.until(
        () -> problem(publisher, target).filter(found -> found.category() == category).isPresent());
    return problem(publisher, target).orElseThrow();
  }

  private static Optional<Problem> problem(Publisher publisher, Target target) {
    return Optional.ofNullable(publisher.report().targets().get(target))
        .flatMap(DeliveryReport.TargetReport::problem);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PASS")
  void spoiledReply(Proxy.Mode mode) throws IOException {
    assumeFalse(
        Boolean.getBoolean("official.oca") && mode.needsLimits(),
        "the official client has no limits and follows redirects");
    try (Proxy proxy = new Proxy(site.cloud.endpoint());
        Publisher publisher =
            site.publisher(site.xmlRpc(proxy.endpoint(), "service:" + Site.PASSWORD))) {
      proxy.mode(mode);
      publish(publisher);
      for (Target target : Target.values()) {
        meets(publisher, target, Category.OPENNEBULA_UNREACHABLE);
      }
      assertThat(logs.count("publishing to the VM fails")).isBetween(1L, 3L);
      proxy.mode(Proxy.Mode.PASS);
      everythingOnce(publisher);
    }
  }

  @Test
  void connectionRefusedAndOnedRestarted() throws IOException {
    site.cloud.stop();
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
      meets(publisher, Target.USER, Category.OPENNEBULA_UNREACHABLE);
      DeliveryReport early = publisher.flush(Duration.ofMillis(10));
      assertThat(early.isComplete()).isFalse();
      assertThat(early.problem().orElseThrow().category())
          .isEqualTo(Category.OPENNEBULA_UNREACHABLE);
      site.cloud.restart();
      everythingOnce(publisher);
    }
  }

  @Test
  void nothingIsLostWhenTheAgentEndsWhileOnedIsDown() throws IOException {
    site.cloud.stop();
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
    }
    site.cloud.restart();
    try (Publisher publisher = site.publisher()) {
      everythingOnce(publisher);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void httpErrorForAWhile(int status) {
    site.cloud.faults().answerHttp(status);
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
      meets(publisher, Target.TEMPLATE, Category.OPENNEBULA_UNREACHABLE);
      site.cloud.faults().clear();
      everythingOnce(publisher);
    }
  }

  @Test
  void successWithoutStoring() {
    site.cloud.faults().loseWrites(9);
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
      everythingOnce(publisher);
    }
    assertThat(logs.text()).contains("reported success and did not store");
  }

  @Test
  void permissionWithdrawnInTheMiddle() {
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.READY, "serves"));
      Site.complete(publisher);
      site.cloud.revoke("service", Kind.TEMPLATE, site.template);
      publish(publisher);
      Problem problem = meets(publisher, Target.TEMPLATE, Category.OPENNEBULA_FORBIDDEN);
      assertThat(problem.sentence()).contains("no USE right on template " + site.template);
      Waiting.until(
          () ->
              String.valueOf(site.shown("VLLM_PUBLISH_STATUS"))
                  .startsWith("TEMPLATE OPENNEBULA_FORBIDDEN: "));
      assertThat(site.rowIds()).isEqualTo("none r1");
      site.cloud.grant("service", Kind.TEMPLATE, site.template, Right.USE, Right.MANAGE);
      everythingOnce(publisher);
    }
  }

  /** A wait for the right would be one of a day. */
  @Test
  @Timeout(120)
  void theEndDoesNotWaitForARightThatIsMissing() {
    site.cloud.revoke("service", Kind.TEMPLATE, site.template);
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
      DeliveryReport report = publisher.flush(Duration.ofDays(1));
      assertThat(report.waiting()).containsExactly(Target.TEMPLATE);
      assertThat(site.rowIds()).as("the others have it by then").isEqualTo("none r1");
      assertThat(site.shown("VLLM_STATE")).isEqualTo("FAILED");
      site.cloud.grant("service", Kind.TEMPLATE, site.template, Right.USE, Right.MANAGE);
      everythingOnce(publisher);
    }
  }

  /** It tries each object again, twice at least, and still waits. */
  @Test
  void theEndWaitsForAnOnedThatIsDown() throws Exception {
    try (Proxy proxy = new Proxy(site.cloud.endpoint());
        Publisher publisher =
            site.publisher(site.xmlRpc(proxy.endpoint(), "service:" + Site.PASSWORD))) {
      site.cloud.stop();
      publish(publisher);
      for (Target target : Target.values()) {
        meets(publisher, target, Category.OPENNEBULA_UNREACHABLE);
      }
      FutureTask<DeliveryReport> flush =
          new FutureTask<>(() -> publisher.flush(Duration.ofDays(1)));
      // Not in the common pool: the HTTP client needs it, and here it may have a single thread.
      Thread ending = Thread.ofPlatform().start(flush);
      Waiting.until(() -> ending.getState() == Thread.State.TIMED_WAITING);
      int before = proxy.connections();
      Waiting.until(() -> proxy.connections() >= before + 3 * Target.values().length);
      assertThat(flush.isDone()).isFalse();
      site.cloud.restart();
      DeliveryReport report = flush.get(Site.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(report.isComplete()).as("%s", report).isTrue();
      everythingOnce(publisher);
    }
  }

  @Test
  void anEndWithoutAnyAnswerIsNoSuccess() throws IOException {
    assumeFalse(Boolean.getBoolean("official.oca"), "the official client has no limits");
    try (Proxy proxy = new Proxy(site.cloud.endpoint());
        Publisher publisher =
            site.publisher(site.xmlRpc(proxy.endpoint(), "service:" + Site.PASSWORD))) {
      proxy.mode(Proxy.Mode.SILENCE);
      publish(publisher);
      DeliveryReport report = publisher.flush(Duration.ofMillis(1));
      assertThat(report.problem().map(Problem::category)).contains(Category.OPENNEBULA_UNREACHABLE);
    }
  }

  @Test
  void lockedVmIsToldFromAMissingRight() {
    try (Publisher publisher = site.publisher()) {
      publisher.state(Site.state(Stage.READY, "serves"));
      Site.complete(publisher);
      site.cloud.lock(Kind.VM, site.vm, 2);
      publish(publisher);
      Problem problem = meets(publisher, Target.VM, Category.OPENNEBULA_FORBIDDEN);
      assertThat(problem.sentence()).startsWith("VM " + site.vm + " is locked");
      site.cloud.lock(Kind.VM, site.vm, 0);
      everythingOnce(publisher);
    }
  }

  @Test
  void tokenExpiresInTheMiddle() {
    String token = site.cloud.issueToken("service", Duration.ofHours(1));
    OpenNebulaAccess reach = site.xmlRpc(site.cloud.endpoint(), "service:" + token);
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (Publisher publisher =
        new Publisher(reach, site.secrets, site.disk, Site.QUICK, now::get)) {
      publisher.state(Site.state(Stage.READY, "serves"));
      Site.complete(publisher);
      Waiting.until(() -> Files.exists(site.disk.resolve("token.json")));
      site.cloud.expireToken("service", token);
      now.set(Instant.now().plus(Duration.ofHours(2)));
      publish(publisher);
      for (Target target : Target.values()) {
        Problem problem = meets(publisher, target, Category.OPENNEBULA_AUTH);
        assertThat(problem.sentence()).startsWith("the token of ONEAPP_VLLM_ONE_AUTH expired at");
      }
    }
    assertThat(logs.text()).doesNotContain(token);
    try (Publisher publisher = site.publisher()) {
      everythingOnce(publisher);
    }
  }

  @Test
  void tokenIsRevokedInTheMiddle() {
    String token = site.cloud.issueToken("service", Duration.ofHours(1));
    try (Publisher publisher =
        site.publisher(site.xmlRpc(site.cloud.endpoint(), "service:" + token))) {
      publish(publisher);
      Site.complete(publisher);
      site.cloud.revokeToken("service", token);
      publisher.state(Site.state(Stage.STOPPED, "stopped"));
      Problem problem = meets(publisher, Target.VM, Category.OPENNEBULA_AUTH);
      assertThat(problem.sentence()).contains("accepted ONEAPP_VLLM_ONE_AUTH before");
      assertThat(publisher.flush(Duration.ofMillis(50)).problem()).isPresent();
    }
    assertThat(logs.text()).doesNotContain(token);
    try (Publisher publisher = site.publisher()) {
      Site.complete(publisher);
      assertThat(site.shown("VLLM_STATE")).isEqualTo("STOPPED");
    }
  }

  @Test
  void disabledUserAndWrongPassword() {
    site.cloud.setEnabled("service", false);
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
      Problem problem = meets(publisher, Target.USER, Category.OPENNEBULA_AUTH);
      assertThat(problem.sentence()).contains("does not accept ONEAPP_VLLM_ONE_AUTH");
      site.cloud.setEnabled("service", true);
      everythingOnce(publisher);
    }
  }

  @Test
  void deletedVmKeepsTheResultForTheOthers() {
    site.cloud.delete(site.vm);
    try (Publisher publisher = site.publisher()) {
      publish(publisher);
      everythingOnce(publisher);
    }
  }

  @Test
  void missingVmIsNamed() throws IOException {
    URI endpoint = site.cloud.endpoint();
    try (Publisher publisher =
        site.publisher(Reaches.withVm(site.xmlRpc(endpoint, "service:" + Site.PASSWORD), 4711))) {
      publisher.result(Site.result("r1", Site.NOW));
      Problem problem = meets(publisher, Target.VM, Category.OPENNEBULA_FORBIDDEN);
      assertThat(problem.sentence()).startsWith("VM 4711 does not exist");
      Waiting.until(() -> site.rowIds().endsWith("r1"));
    }
  }

  @Test
  void diskThatRefusesLosesNothingWhileTheAgentLives() throws IOException {
    Path outbox = site.disk.resolve("outbox");
    Files.writeString(outbox, "a file in the place of the folder");
    site.cloud.stop();
    try (Publisher publisher = site.publisher()) {
      assertThat(publisher.result(Site.result("r1", Site.NOW))).isFalse();
      publisher.state(Site.state(Stage.FAILED, "DISK_FULL: the disk is full"));
      Files.delete(outbox);
      meets(publisher, Target.USER, Category.OPENNEBULA_UNREACHABLE);
      Waiting.until(() -> Files.exists(outbox.resolve("result-000000000001.json")));
      site.cloud.restart();
      everythingOnce(publisher);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "sha256 00\n{}", "\u0000\u0000\u0000"})
  void corruptedFileIsSetAsideAndTheRestDelivered(String damage) throws IOException {
    site.cloud.stop();
    try (Publisher publisher = site.publisher()) {
      publisher.result(Site.result("r0", Site.NOW.minusSeconds(60)));
      publish(publisher);
    }
    Path outbox = site.disk.resolve("outbox");
    Files.writeString(outbox.resolve("result-000000000001.json"), damage);
    Files.writeString(outbox.resolve("shown.json"), damage);
    site.cloud.restart();
    try (Publisher publisher = site.publisher()) {
      Site.complete(publisher);
    }
    assertThat(site.rowIds()).isEqualTo("r1 r1");
    assertThat(site.shown("VLLM_RESULT_ID")).isEqualTo("r1");
    assertThat(outbox.resolve("result-000000000001.json.corrupt")).hasContent(damage);
    assertThat(logs.text()).contains("is damaged");
  }
}
