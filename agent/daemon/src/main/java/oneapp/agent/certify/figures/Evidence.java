package oneapp.agent.certify.figures;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import oneapp.agent.data.Text;

/**
 * What was measured on; a field that is not known is empty.
 *
 * @param provenance further facts for the reader: versions, settings, plan; no secrets
 */
public record Evidence(
    @JsonUnwrapped Model model,
    @JsonUnwrapped Hardware hardware,
    @JsonUnwrapped Floors floors,
    Map<String, String> provenance) {

  /**
   * The model.
   *
   * @param name hub id
   * @param revision of the model, or empty
   * @param quantizationBits 0 for the weights as they are
   */
  public record Model(@JsonProperty("model") String name, String revision, int quantizationBits) {
    public Model {
      require(quantizationBits >= 0, "quantization_bits", quantizationBits);
    }
  }

  /**
   * The GPUs of the plan and their VM.
   *
   * @param gpu name of the GPUs used, as the driver gives it, or of the CPU
   * @param onCpu no GPU was used
   * @param gpus how many GPUs were used
   */
  public record Hardware(
      String gpu,
      boolean onCpu,
      OptionalInt gpus,
      OptionalInt tensorParallelSize,
      OptionalInt dataParallelSize,
      OptionalInt vcpus,
      OptionalInt ramMib) {
    public static final Hardware UNKNOWN =
        new Hardware(
            "",
            false,
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());

    public Hardware {
      require(gpus.orElse(0) >= 0, "gpus", gpus);
      require(tensorParallelSize.orElse(1) > 0, "tensor_parallel_size", tensorParallelSize);
      require(dataParallelSize.orElse(1) > 0, "data_parallel_size", dataParallelSize);
    }
  }

  /**
   * What physics allows.
   *
   * @param itlFloorMs no inter-token latency can be lower: bytes of weights read for one step,
   *     divided by the GPUs' upper memory bandwidth; empty with speculative decoding, an unknown
   *     GPU or a CPU
   * @param kvReadNsPerToken time to read what the KV cache holds of one token, in nanoseconds;
   *     empty as the floor is
   * @param speculative tokens are guessed ahead, so that one step may give several: no floor holds
   */
  public record Floors(
      OptionalDouble itlFloorMs, OptionalDouble kvReadNsPerToken, boolean speculative) {
    public static final Floors UNKNOWN =
        new Floors(OptionalDouble.empty(), OptionalDouble.empty(), false);

    public Floors {
      require(itlFloorMs.orElse(0) >= 0, "itl_floor_ms", itlFloorMs);
      require(kvReadNsPerToken.orElse(0) >= 0, "kv_read_ns_per_token", kvReadNsPerToken);
    }
  }

  public Evidence {
    provenance = Map.copyOf(provenance);
  }

  /** Nothing is known but the name by which the model was served. */
  public static Evidence ofModel(String model) {
    return new Evidence(new Model(model, "", 0), Hardware.UNKNOWN, Floors.UNKNOWN, Map.of());
  }

  private static void require(boolean isRight, String name, Object value) {
    if (!isRight) {
      throw new IllegalArgumentException(Text.format("%s cannot be %s", name, value));
    }
  }
}
