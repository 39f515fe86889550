package oneapp.tests.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.data.Secrets;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.Pace;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.ResultRecord;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import oneapp.tests.opennebula.FakeOpenNebula;
import oneapp.tests.opennebula.Kind;
import oneapp.tests.opennebula.Right;

/** An OpenNebula with alice's VM and template, a service user with the least rights, and a disk. */
final class Site implements AutoCloseable {
  static final String PASSWORD = "service-password-7431";
  static final String KEY = "VLLM_RESULT_0a1b2c3d";
  static final String STORED_KEY = "VLLM_RESULT_0A1B2C3D";
  static final Instant NOW = Instant.parse("2026-11-24T03:10:37Z");

  /** Long enough for any machine; nothing waits for so long unless it is broken. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final Pace QUICK =
      new Pace(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(50));

  final FakeOpenNebula cloud;
  final int alice;
  final int service;
  final int template;
  final int vm;
  final Path disk = Files.createTempDirectory("publish");
  final Secrets secrets = new Secrets();

  Site() throws IOException {
    cloud = FakeOpenNebula.start();
    alice = cloud.addUser("alice", "alicepass-01");
    service = cloud.addUser("service", PASSWORD);
    template =
        cloud.addTemplate(
            alice,
            "llm",
            """
            CPU="1"
            MEMORY="64"
            GREETING="hello"
            CONTEXT=[TOKEN="YES"]
            VLLM_STATE="READY"
            VLLM_TTFT_MS="of another VM"
            ONEAPP_VLLM_CHATBOT_WEB="http://192.0.2.1/"
            VLLM_TEAM="its user's own"
            ONEAPP_VLLM_MODEL_ID="a/model"
            VLLM_RESULT_FFFFFFFF=[RPS="1"]
            """);
    vm = cloud.instantiate(template, "llm-0");
    cloud.grant("service", Kind.VM, vm, Right.USE, Right.MANAGE);
    cloud.grant("service", Kind.TEMPLATE, template, Right.USE, Right.MANAGE);
  }

  OpenNebulaAccess xmlRpc() {
    return xmlRpc(cloud.endpoint(), "service:" + PASSWORD);
  }

  OpenNebulaAccess xmlRpc(URI endpoint, String auth) {
    secrets.add(auth);
    return new OpenNebulaAccess(
        OptionalInt.of(vm),
        Optional.of(endpoint),
        Optional.of(auth),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        EnumSet.allOf(Target.class));
  }

  OpenNebulaAccess oneGate() {
    String token = cloud.oneGateToken(vm).orElseThrow();
    secrets.add(token);
    return new OpenNebulaAccess(
        OptionalInt.of(vm),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(cloud.oneGate()),
        Optional.of(token),
        EnumSet.allOf(Target.class));
  }

  OpenNebulaAccess both(String auth) {
    OpenNebulaAccess gate = oneGate();
    OpenNebulaAccess rpc = xmlRpc(cloud.endpoint(), auth);
    return new OpenNebulaAccess(
        rpc.vmId(),
        rpc.endpoint(),
        rpc.auth(),
        rpc.caPem(),
        gate.oneGateEndpoint(),
        gate.oneGateToken(),
        rpc.targets());
  }

  Publisher publisher() {
    return publisher(xmlRpc());
  }

  Publisher publisher(OpenNebulaAccess reach) {
    return new Publisher(reach, secrets, disk, QUICK, InstantSource.system());
  }

  static State state(Stage stage, String reason) {
    return new State(
        stage,
        stage == Stage.FAILED ? Optional.of(Category.UNKNOWN) : Optional.empty(),
        reason,
        NOW,
        "",
        Map.of("VLLM_MODEL", "a/model"));
  }

  /** The same state as it is found in the VM. */
  Object shown(String name) {
    return cloud.userTemplate(vm).getOrDefault(name, "absent");
  }

  static ResultRecord result(String id, Instant date) {
    return new ResultRecord(
        id,
        date,
        Map.of("VLLM_RESULT_ID", id, "VLLM_THROUGHPUT_RPS", "5.8"),
        KEY,
        Map.of("MODEL", "a/model", "RPS", "5.8", "STATE", "CERTIFIED", "VM_ID", "0"));
  }

  /** The id of the stored result, in template and user. */
  String rowIds() {
    return rowId(cloud.template(template)) + " " + rowId(cloud.userAttributes(service));
  }

  static String rowId(Map<String, Object> attributes) {
    return attributes.get(STORED_KEY) instanceof Map<?, ?> row
        ? String.valueOf(row.get("RESULT_ID"))
        : "none";
  }

  static void complete(Publisher publisher) {
    DeliveryReport report = publisher.flush(PATIENCE);
    if (!report.isComplete()) {
      throw new AssertionError("not delivered: " + report);
    }
  }

  @Override
  public void close() {
    cloud.close();
    try (Stream<Path> files = Files.walk(disk)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + disk, e);
    }
  }
}
