package oneapp.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import oneapp.agent.data.Json;
import oneapp.agent.process.LinePump;
import oneapp.agent.serve.Diagnoser;
import oneapp.agent.serve.Diagnosis;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a vLLM log shows: category, evidence and advice. */
@Command(
    name = "diagnose",
    description = "Say why vLLM failed, from its log. Exit code 0 when the log could be read.",
    mixinStandardHelpOptions = true)
public final class DiagnoseCommand implements Callable<Integer> {
  /** As for a command line that is wrong. */
  private static final int UNREADABLE = 2;

  enum Output {
    json,
    text
  }

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default) or json")
  private Output output = Output.text;

  @Parameters(paramLabel = "LOG", description = "a log file of vLLM, or - for standard input")
  private Path log = Path.of("-");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = writer(true);
    Diagnoser diagnoser = new Diagnoser();
    try (InputStream in = open()) {
      LinePump.read(in, diagnoser::accept);
    } catch (IOException e) {
      writer(false).println("cannot read the log " + log + ": " + e.getMessage());
      return UNREADABLE;
    }
    print(diagnoser.result(), out);
    out.flush();
    return 0;
  }

  private InputStream open() throws IOException {
    if (log.toString().equals("-")) {
      return System.in;
    }
    if (Files.isDirectory(log)) {
      throw new IOException("it is a directory");
    }
    return Files.newInputStream(log);
  }

  private void print(Diagnosis diagnosis, PrintWriter out) {
    switch (output) {
      case json -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("category", diagnosis.name());
        fields.put("evidence", diagnosis.evidence());
        fields.put("advice", diagnosis.advice());
        out.println(Json.MAPPER.writeValueAsString(fields));
      }
      case text -> {
        out.println("category: " + diagnosis.name());
        diagnosis.evidence().forEach(line -> out.println("evidence: " + line));
        out.println("advice:   " + diagnosis.advice());
      }
    }
  }

  private PrintWriter writer(boolean standard) {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    return standard ? line.getOut() : line.getErr();
  }
}
