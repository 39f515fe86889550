package oneapp.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Python environment with the real vLLM, as the installer names it. */
public final class Engines {
  public static final Path HOUSE = Path.of(System.getProperty("house"));

  private Engines() {}

  public static Path folder() throws IOException, InterruptedException {
    String printed =
        output(
            List.of(
                "python3",
                HOUSE.resolve("appliance/engines/install.py").toString(),
                "--print-path"));
    return Path.of(printed.strip());
  }

  public static Path tinyModel(Path engines, Path folder) throws IOException, InterruptedException {
    output(
        List.of(
            engines.resolve("bin/python").toString(),
            HOUSE.resolve("tests/tiny-model/make_tiny_model.py").toString(),
            folder.toString()));
    return folder;
  }

  /** Standard output of a command that must succeed. */
  static String output(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("output", ".txt");
    Path errors = Files.createTempFile("errors", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("HF_HUB_OFFLINE", "1");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
      assertThat(process.exitValue())
          .as("%s: %s%s", command, Files.readString(output), Files.readString(errors))
          .isZero();
      return Files.readString(output);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    }
  }
}
