package oneapp.agent.model;

import java.nio.file.*;
import oneapp.agent.context.Context;
import oneapp.agent.stage.*;

/** scratch. */
public final class ModelReader {
  /** scratch. */
  public ModelReader(Path python) {}

  /** scratch. */
  public ModelFacts read(Context.Model m) throws StageFailure {
    if (!Files.exists(Path.of(m.id()).resolve("config.json")))
      throw new StageFailure(Stage.MODEL, Category.MODEL_NOT_FOUND, m.id() + " has no config.json");
    return new ModelFacts(4096);
  }
}
