package oneapp.tests.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the host that is run to its end. */
final class Program {
  private Program() {}

  /** What it printed; standard error is part of it only when it fails. */
  record Output(int status, String text, String errors) {}

  static Output run(Duration deadline, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("vm-", ".out");
    Path errors = Files.createTempFile("vm-", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException(
            "%s did not end within %s: %s"
                .formatted(command, deadline, Files.readString(errors).strip()));
      }
      return new Output(process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /** Its standard output; anything but a good end is an error. */
  static String output(Duration deadline, List<String> command)
      throws IOException, InterruptedException {
    Output output = run(deadline, command);
    if (output.status() != 0) {
      throw new IOException(
          "%s ended with %d: %s".formatted(command, output.status(), output.errors().strip()));
    }
    return output.text();
  }
}
