package oneapp.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import oneapp.agent.context.Context;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
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
 * What the daemon serves, in a file while it does: the command that measures it takes the plan from
 * here. Planned anew it could not be, since vLLM fills the GPUs, and a second try may have changed
 * it.
 *
 * @param model as the context names it
 * @param plan as started
 * @param prediction of the plan beside what vLLM logged
 */
record Served(String model, LaunchPlan plan, PredictionCheck prediction) {
  private static final Logger log = LoggerFactory.getLogger(Served.class);

  private static Path file(Path state) {
    return state.resolve("served.json");
  }

  /** A disk that is full ends no server: the command will say what it misses. */
  void write(Path state) {
    try {
      DurableFile.write(file(state), Json.MAPPER.writeValueAsString(this));
    } catch (IOException e) {
      log.warn("what is served is not written, so `benchmark` cannot measure it: {}", e.toString());
    }
  }

  static void forget(Path state) {
    try {
      DurableFile.delete(file(state));
    } catch (IOException e) {
      log.warn("{} stays, though nothing is served: {}", file(state), e.toString());
    }
  }

  /**
   * What is served.
   *
   * @throws StageFailure BENCHMARK_FAILED when nothing is, or not what {@code wanted} asks for
   */
  static Served read(Path state, Context.Model wanted) throws StageFailure {
    try {
      Served served = Json.MAPPER.readValue(Files.readAllBytes(file(state)), Served.class);
      if (!served.model().equals(wanted.toString())) {
        throw failure(
            "the context asks for %s and the daemon serves %s: wait until it is READY with the new one"
                .formatted(wanted, served.model()),
            null);
      }
      return served;
    } catch (NoSuchFileException e) {
      throw failure(
          "no vLLM to measure (%s is not there): start the daemon and wait until it is READY"
              .formatted(file(state)),
          e);
    } catch (IOException | JacksonException e) {
      throw failure(
          "%s cannot be read (%s): is it of another version? Restart the daemon"
              .formatted(file(state), e.getMessage()),
          e);
    }
  }

  private static StageFailure failure(String message, @Nullable Throwable cause) {
    return new StageFailure(Stage.BENCHMARKING, Category.BENCHMARK_FAILED, message, cause);
  }
}
