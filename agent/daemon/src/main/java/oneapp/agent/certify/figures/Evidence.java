package oneapp.agent.certify.figures;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What was measured on; a field that is not known is empty.
 *
 * @param model hub id
 * @param revision of the model, or empty
 * @param gpu name of the GPUs used, as the driver gives it, or of the CPU
 * @param onCpu no GPU was used
 * @param gpus how many GPUs were used
 * @param itlFloorMs no inter-token latency can be lower: bytes of weights read for one step,
 *     divided by the GPUs' upper memory bandwidth; empty with speculative decoding, an unknown GPU
 *     or a CPU
 * @param kvReadNsPerToken time to read what the KV cache holds of one token, in nanoseconds; empty
 *     as the floor is
 * @param speculative tokens are guessed ahead, so that one step may give several: no floor holds
 * @param provenance further facts for the reader: versions, settings, plan; no secrets
 */
public record Evidence(
    String model,
    String revision,
    int quantizationBits,
    String gpu,
    boolean onCpu,
    OptionalInt gpus,
    OptionalInt tensorParallelSize,
    OptionalInt dataParallelSize,
    OptionalInt vcpus,
    OptionalInt ramMib,
    OptionalDouble itlFloorMs,
    OptionalDouble kvReadNsPerToken,
    boolean speculative,
    Map<String, String> provenance) {
  public Evidence {
    provenance = Map.copyOf(provenance);
  }

  public Evidence withItlFloor(double floorMs) {
    return new Evidence(
        model,
        revision,
        quantizationBits,
        gpu,
        onCpu,
        gpus,
        tensorParallelSize,
        dataParallelSize,
        vcpus,
        ramMib,
        OptionalDouble.of(floorMs),
        kvReadNsPerToken,
        speculative,
        provenance);
  }

  /** Nothing is known but the name by which the model was served. */
  public static Evidence ofModel(String model) {
    return new Evidence(
        model,
        "",
        0,
        "",
        false,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        false,
        Map.of());
  }
}
