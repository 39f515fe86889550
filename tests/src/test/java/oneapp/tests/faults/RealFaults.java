package oneapp.tests.faults;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import oneapp.agent.stage.Category;
import oneapp.tests.faults.Fault.Expected;
import oneapp.tests.faults.Fault.Step;

/** The faults that happen to the real vLLM. */
final class RealFaults {
  private static final String WEIGHTS = "model.safetensors";

  /**
   * What the real one says otherwise: while it loads, that a worker failed and not that it died;
   * while it serves, its engine's end is seen by /health, by a request or by its own end, whichever
   * comes first.
   */
  private static final List<Fault> OTHERWISE =
      List.of(
          Killed.fault(
              Victim.WORKER,
              Phase.LOADING,
              Expected.ends(Category.ENGINE_DIED, "Failed core proc(s)")),
          Killed.fault(Victim.ENGINE_CORE, Phase.SERVING, Expected.startedAgain("")),
          Killed.fault(Victim.WORKER, Phase.SERVING, Expected.startedAgain("")));

  private RealFaults() {}

  static List<Fault> killed() {
    return Killed.all().stream()
        .filter(fault -> fault.phase() != Phase.BENCHMARKING)
        .map(RealFaults::asTheRealOneSays)
        .toList();
  }

  private static Fault asTheRealOneSays(Fault fault) {
    return OTHERWISE.stream().filter(fault::isLike).findFirst().orElse(fault);
  }

  /** The other phases and faults: they take an hour. */
  static List<Fault> further() {
    return List.of(
        Killed.fault(
            Victim.API_SERVER,
            Phase.BENCHMARKING,
            Expected.measuredAgain("vLLM was ended by signal 9")),
        new Fault(
            "SIGSTOP of the API server",
            Phase.SERVING,
            Step.NONE,
            scene -> scene.signal(Victim.API_SERVER, "STOP"),
            Expected.startedAgain("/health: no answer within")),
        new Fault(
            "SIGSTOP of the engine core",
            Phase.SERVING,
            Step.NONE,
            scene -> scene.signal(Victim.ENGINE_CORE, "STOP"),
            Expected.startedAgain("a completion: no answer within")),
        corrupt(
            "weights with a bad header",
            bytes -> {
              Arrays.fill(bytes, 0, 8, (byte) 0x7f);
              return bytes;
            },
            Expected.ends(Category.CORRUPT_WEIGHTS, "MemoryError")),
        corrupt(
            "truncated weights",
            bytes -> Arrays.copyOf(bytes, bytes.length / 2),
            Expected.ends(Category.CORRUPT_WEIGHTS, "SafetensorError")),
        corrupt(
            "weights of another shape",
            RealFaults::transposed,
            Expected.ends(Category.UNKNOWN, "AssertionError")),
        Fault.builtIn(
            "weights are missing",
            Phase.LOADING,
            scene -> Files.delete(scene.site.model.resolve(WEIGHTS)),
            Expected.ends(Category.MODEL_NOT_FOUND, "Cannot find any model weights")));
  }

  private static Fault corrupt(String name, UnaryOperator<byte[]> damage, Expected expected) {
    return Fault.builtIn(
        name,
        Phase.LOADING,
        scene -> {
          Path weights = scene.site.model.resolve(WEIGHTS);
          byte[] whole = Files.readAllBytes(weights);
          scene.whenHealed(() -> Files.write(weights, whole));
          Files.write(weights, damage.apply(whole.clone()));
        },
        expected);
  }

  /** The first matrix lies on its side: as long a file, and another model. */
  private static byte[] transposed(byte[] bytes) {
    int length = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    String other = header.replaceFirst("\"shape\": ?\\[(\\d+), ?(\\d+)\\]", "\"shape\":[$2,$1]");
    byte[] padded =
        (other + " ".repeat(length)).substring(0, length).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(padded, 0, bytes, 8, length);
    return bytes;
  }
}
