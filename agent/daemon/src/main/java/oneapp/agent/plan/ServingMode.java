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
record ServingMode(int memoryMib, double utilization, boolean eager, Footprint weighing) {
  private static final int BFLOAT16 = 80;
  private static final int FP8_CACHE = 89;

  static ServingMode of(PlanRequest job, DeviceGroup group) throws RefusedException {
    OptionalInt capability = group.capability();
    checkQuantisation(job, group);
    if (job.extra().value("--kv-cache-dtype").orElse("").startsWith("fp8")
        && capability.orElse(FP8_CACHE) < FP8_CACHE) {
      throw RefusedException.of(
          Category.UNSUPPORTED_DTYPE,
          Text.format(
              "--kv-cache-dtype fp8 needs compute capability 8.9, and %s has %s",
              group.first().name(), shown(capability)),
          "compute capability 8.9",
          "leave --kv-cache-dtype out");
    }
    String dtype = dtype(job.model(), capability);
    return new ServingMode(
        group.first().memoryMib(),
        job.serving().gpuMemoryUtilization(),
        job.serving().enforceEager(),
        new Footprint(job.model(), dtype, job.bitsInFlight(), job.kvElementBytes(dtype)));
  }

  private static void checkQuantisation(PlanRequest job, DeviceGroup group)
      throws RefusedException {
    int needed = job.model().quantisation().map(Quantisation::minCapability).orElse(0);
    if (group.capability().orElse(needed) < needed) {
      throw RefusedException.of(
          Category.UNSUPPORTED_QUANTIZATION,
          Text.format(
              "%s weights need compute capability %s, and %s has %s",
              job.model().quantisation().map(Quantisation::method).orElse(""),
              shown(OptionalInt.of(needed)),
              group.first().name(),
              shown(group.capability())),
          "compute capability " + shown(OptionalInt.of(needed)),
          "another variant of the model");
    }
  }

  /** As vLLM's own choice: 16 bits, where the GPU and the model have them. */
  private static String dtype(ModelFacts model, OptionalInt capability) {
    if (model.format().dtype().equals("float16") && model.format().servesFloat16()) {
      return "float16";
    }
    boolean bfloat16 = capability.orElse(BFLOAT16) >= BFLOAT16;
    return bfloat16 ? "bfloat16" : model.format().servesFloat16() ? "float16" : "float32";
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
        new Footprint(weighing.model(), weighing.dtype(), bitsInFlight, weighing.kvElementBytes()));
  }
}
