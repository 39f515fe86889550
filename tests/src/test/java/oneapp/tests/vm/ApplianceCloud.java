package oneapp.tests.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import oneapp.tests.Deadline;
import oneapp.tests.opennebula.FakeOpenNebula;
import oneapp.tests.opennebula.LoggedRequest;

/** One VM of alice in an OpenNebula on loopback: its context, and what the VM has reported. */
final class ApplianceCloud implements AutoCloseable {
  static final String API_KEY = "sk-test-4f1d9c";
  static final String FIRST_MODEL = "/opt/test-models/first";

  /** By which clients ask for it. */
  static final String FIRST_NAME = "first";

  static final String SECOND_MODEL = "/opt/test-models/second";

  final FakeOpenNebula one;
  final Path folder;
  final String token;
  final Map<String, String> context = new TreeMap<>();
  private final int user;
  private final int template;
  private final int vm;

  ApplianceCloud(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    one = FakeOpenNebula.start();
    user = one.addUser("alice", "wonderland-0002");
    token = one.issueToken("alice", Duration.ofHours(12));
    template =
        one.addTemplate(
            user,
            "vllm",
            "MEMORY=\"%s\"\nCONTEXT=[ TOKEN=\"YES\" ]\n".formatted(QemuVm.MEMORY_MIB));
    vm = one.instantiate(template, "vllm-vm");
    context.put("ONEGATE_ENDPOINT", QemuVm.ONEGATE);
    context.put("VMID", Integer.toString(vm));
    context.put("TOKEN", "YES");
    context.put("REPORT_READY", "YES");
    context.put("SSH_PUBLIC_KEY", QemuVm.newKey(folder));
    context.put("ONEAPP_VLLM_MODEL_ID", FIRST_MODEL);
    context.put("ONEAPP_VLLM_MODEL_MAX_LENGTH", "2048");
    context.put("ONEAPP_VLLM_CPU_FALLBACK", "YES");
    context.put("ONEAPP_VLLM_API_KEY", API_KEY);
    context.put("ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS", "16");
    context.put("ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS", "8");
    context.put("ONEAPP_VLLM_BENCHMARK_SAMPLES", "60");
    context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "3");
    // A use case that the slow stand-in meets: each run lasts long enough to be seen and cut off.
    context.put("ONEAPP_VLLM_SLO_USE_CASES", "AGENTIC");
    context.put("ONEAPP_VLLM_ONE_ENDPOINT", QemuVm.RPC);
    context.put("ONEAPP_VLLM_ONE_AUTH", "alice:" + token);
  }

  /** Writes the context as a new disk labelled CONTEXT. */
  Path contextDisk(String name) throws IOException, InterruptedException {
    Path files = Files.createDirectories(folder.resolve(name));
    String lines =
        context.entrySet().stream()
            .map(entry -> entry.getKey() + "='" + entry.getValue().replace("'", "'\\''") + "'\n")
            .collect(Collectors.joining());
    Files.writeString(files.resolve("context.sh"), "# Context variables\n" + lines);
    Files.writeString(files.resolve("token.txt"), oneGateToken());
    Path disk = folder.resolve(name + ".iso");
    Program.output(
        Duration.ofMinutes(2),
        List.of(
            "xorriso",
            "-as",
            "mkisofs",
            "-quiet",
            "-V",
            "CONTEXT",
            "-J",
            "-r",
            "-o",
            disk.toString(),
            files.toString()));
    return disk;
  }

  String oneGateToken() {
    return one.oneGateToken(vm).orElseThrow();
  }

  Map<String, Object> vmAttributes() {
    return one.userTemplate(vm);
  }

  Map<String, Object> templateAttributes() {
    return one.template(template);
  }

  Map<String, Object> userAttributes() {
    return one.userAttributes(user);
  }

  String vmAttribute(String name) {
    return String.valueOf(vmAttributes().getOrDefault(name, ""));
  }

  /** Waits until an attribute of the VM is as wanted; FAILED ends the wait unless it is wanted. */
  String await(String name, Predicate<String> wanted) {
    Deadline deadline = Deadline.in(QemuVm.PATIENCE);
    while (true) {
      String value = vmAttribute(name);
      if (wanted.test(value)) {
        return value;
      }
      boolean failed = vmAttribute("VLLM_STATE").equals("FAILED");
      if (failed || deadline.isOver()) {
        throw new AssertionError(
            "%s is \"%s\", and the VM says: %s".formatted(name, value, vmAttributes()));
      }
      Deadline.pause(Duration.ofMillis(100));
    }
  }

  /** Which of the VM's requests have this text: their numbers, from 0. */
  List<Integer> requestsWith(String text) {
    List<LoggedRequest> requests = one.requests();
    List<Integer> found =
        IntStream.range(0, requests.size())
            .filter(i -> requests.get(i).template().contains(text))
            .boxed()
            .toList();
    if (found.isEmpty()) {
      throw new AssertionError("no request has " + text + ": " + requests);
    }
    return found;
  }

  /** Waits until the result of a benchmark is in the VM, and the VM is back at READY. */
  void awaitCertificate() {
    await("VLLM_RESULT_ID", id -> !id.isEmpty());
    await("VLLM_STATE", "READY"::equals);
  }

  /** The results in the template, by key, once there is one. */
  Map<String, Object> awaitTemplateResult() {
    return awaitResult(this::templateAttributes);
  }

  Map<String, Object> awaitUserResult() {
    return awaitResult(this::userAttributes);
  }

  private static Map<String, Object> awaitResult(Supplier<Map<String, Object>> attributes) {
    Deadline deadline = Deadline.in(QemuVm.PATIENCE);
    while (true) {
      Map<String, Object> results =
          attributes.get().entrySet().stream()
              .filter(entry -> entry.getKey().matches("VLLM_RESULT_[0-9A-F]{8}"))
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
      if (!results.isEmpty()) {
        return results;
      }
      if (deadline.isOver()) {
        throw new AssertionError("no result in " + attributes.get());
      }
      Deadline.pause(Duration.ofMillis(100));
    }
  }

  @Override
  public void close() {
    one.close();
  }
}
