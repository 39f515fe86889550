package oneapp.agent.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import oneapp.agent.context.Context;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.gpu.Machine;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * What the daemon serves, in a file while it does: the command that measures it takes all from
 * here. Planned anew it could not be, since vLLM fills the GPUs, and a second try may have changed
 * the plan.
 *
 * @param settings fingerprint of what the context says of model and serving, without secrets
 * @param plan as started
 * @param prediction of the plan beside what vLLM logged
 * @param machine the VM's CPUs and memory, when they are known
 * @param vllm version, or empty
 * @param driver version, when there is one
 * @param report where users read the newest report, when they can
 */
public record ServedModel(
    String settings,
    LaunchPlan plan,
    PredictionCheck prediction,
    Optional<Machine> machine,
    String vllm,
    Optional<String> driver,
    Optional<String> report) {
  private static final Logger log = LoggerFactory.getLogger(ServedModel.class);

  private static Path file(Path state) {
    return state.resolve("served.json");
  }

  /** What of a context decides how vLLM is started. */
  public static String settings(Context context) {
    Context.Model model = context.model();
    Context.Serving serving = context.serving();
    return Digest.fingerprint(
        List.of(
            model.toString(),
            model.offline() + " " + model.quantizationBits() + " " + model.maxLength(),
            model.trustRemoteCode() + " " + serving.api().port() + " " + serving.enforceEager(),
            serving.sleepMode() + " " + serving.gpuMemoryUtilization(),
            serving.tensorParallelSize() + " " + serving.objective() + " " + serving.cpuFallback(),
            serving.extraArguments().toString()));
  }

  /** The same server, for a context that it fits, and where its report is read then. */
  public ServedModel with(Context context, Optional<String> report) {
    return new ServedModel(settings(context), plan, prediction, machine, vllm, driver, report);
  }

  /** A disk that is full ends no server: the command will say what it misses. */
  public void write(Path state) {
    try {
      DurableFile.write(file(state), Json.MAPPER.writeValueAsString(this));
    } catch (IOException e) {
      log.warn(
          "what is served is not written, so `benchmark` cannot measure it: {}: {}",
          file(state),
          FileFailure.words(e));
    }
  }

  public static void forget(Path state) {
    try {
      DurableFile.delete(file(state));
    } catch (IOException e) {
      log.warn("{} stays, though nothing is served: {}", file(state), FileFailure.words(e));
    }
  }

  /** What is served; nothing when that cannot be known. */
  public static Optional<ServedModel> current(Path state) {
    try {
      return Optional.of(read(state));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static ServedModel read(Path state) throws IOException {
    return Json.MAPPER.readValue(Files.readAllBytes(file(state)), ServedModel.class);
  }

  /**
   * What is served as {@code context} asks for.
   *
   * @throws StageFailure BENCHMARK_FAILED when nothing is, or something else
   */
  public static ServedModel as(Context context, Path state) throws StageFailure {
    try {
      ServedModel served = read(state);
      if (!served.settings().equals(settings(context))) {
        throw failure(
            "the daemon does not serve what the context asks for now: wait until it is READY with"
                + " that, or read in VLLM_STATE_REASON why it does not use it",
            null);
      }
      return served;
    } catch (NoSuchFileException e) {
      throw failure(
          Text.format(
              "no vLLM to measure (%s is not there): start the daemon and wait until it is READY",
              file(state)),
          e);
    } catch (IOException | JacksonException e) {
      throw failure(
          Text.format(
              "%s cannot be read (%s): is it of another version? Restart the daemon",
              file(state), FileFailure.words(e)),
          e);
    }
  }

  private static StageFailure failure(String message, @Nullable Throwable cause) {
    return new StageFailure(Stage.BENCHMARKING, Category.BENCHMARK_FAILED, message, cause);
  }
}
