package oneapp.agent.plan;

import java.util.OptionalInt;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelFacts.Quantisation;
import oneapp.agent.stage.Category;

/**
 * How a model would be served on one kind of GPU.
 *
 * @param memoryMib of one GPU
 * @param utilization share that vLLM may use
 */
record ServingMode(int memoryMib, double utilization, boolean eager, Footprint footprint) {
  private static final int BFLOAT16 = 80;
  private static final int FP8_CACHE = 89;

  static ServingMode of(PlanRequest request, DeviceGroup group) throws PlanFailure {
    OptionalInt capability = group.capability();
    checkQuantisation(request, group);
    if (request.extra().value("--kv-cache-dtype").orElse("").startsWith("fp8")
        && capability.orElse(FP8_CACHE) < FP8_CACHE) {
      throw PlanFailure.of(
          Category.UNSUPPORTED_DTYPE,
          Text.format(
              "--kv-cache-dtype fp8 needs compute capability 8.9, but %s has %s",
              group.first().name(), shown(capability)),
          "compute capability 8.9",
          "omit --kv-cache-dtype");
    }
    String dtype = dtype(request.model(), capability);
    return new ServingMode(
        group.first().memoryMib(),
        request.serving().gpuMemoryUtilization(),
        request.serving().enforceEager(),
        new Footprint(
            request.model(), dtype, request.bitsInFlight(), request.kvElementBytes(dtype)));
  }

  private static void checkQuantisation(PlanRequest request, DeviceGroup group) throws PlanFailure {
    int needed = request.model().quantisation().map(Quantisation::minCapability).orElse(0);
    if (group.capability().orElse(needed) < needed) {
      throw PlanFailure.of(
          Category.UNSUPPORTED_QUANTIZATION,
          Text.format(
              "%s weights need compute capability %s, but %s has %s",
              request.model().quantisation().map(Quantisation::method).orElse(""),
              shown(OptionalInt.of(needed)),
              group.first().name(),
              shown(group.capability())),
          "compute capability " + shown(OptionalInt.of(needed)),
          "another quantisation of the model");
    }
  }

  /** As vLLM's own placement: 16 bits, where the GPU and the model have them. */
  private static String dtype(ModelFacts model, OptionalInt capability) {
    if (model.format().dtype().equals("float16") && model.format().servesFloat16()) {
      return "float16";
    }
    if (capability.orElse(BFLOAT16) >= BFLOAT16) {
      return "bfloat16";
    }
    return model.format().servesFloat16() ? "float16" : "float32";
  }

  static String shown(OptionalInt capability) {
    return capability.isEmpty()
        ? "an unknown one"
        : capability.getAsInt() / 10 + "." + capability.getAsInt() % 10;
  }

  ServingMode with(double newUtilization, boolean newEager, int bitsInFlight) {
    return new ServingMode(
        memoryMib,
        newUtilization,
        newEager,
        new Footprint(
            footprint.model(), footprint.dtype(), bitsInFlight, footprint.kvElementBytes()));
  }
}
