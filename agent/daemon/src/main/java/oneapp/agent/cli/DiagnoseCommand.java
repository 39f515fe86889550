package oneapp.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.process.LinePump;
import oneapp.agent.serve.Diagnoser;
import oneapp.agent.serve.Diagnosis;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a vLLM log shows: category, evidence and advice. */
@Command(
    name = "diagnose",
    description = "Says why vLLM failed, from its log. Exit code 0 when the log could be read.",
    mixinStandardHelpOptions = true)
public final class DiagnoseCommand implements Callable<Integer> {
  /** As for a command line that is wrong. */
  private static final int UNREADABLE = 2;

  @Mixin private Output.Wanted wanted = new Output.Wanted();

  @Parameters(paramLabel = "LOG", description = "A log file of vLLM, or - for standard input.")
  private Path log = Path.of("-");

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Diagnoser diagnoser = new Diagnoser();
    try (InputStream in = open()) {
      LinePump.read(in, diagnoser::accept);
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println(
              Text.format(
                  "vllm-agent diagnose: cannot read the log %s: %s", log, FileFailure.words(e)));
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
    return Files.newInputStream(log);
  }

  private void print(Diagnosis diagnosis, PrintWriter out) {
    switch (wanted.output()) {
      case JSON -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("category", diagnosis.name());
        fields.put("evidence", diagnosis.evidence());
        fields.put("advice", diagnosis.advice());
        out.println(Json.MAPPER.writeValueAsString(fields));
      }
      case TEXT -> {
        out.println("category: " + diagnosis.name());
        diagnosis.evidence().forEach(line -> out.println("evidence: " + line));
        out.println("advice:   " + diagnosis.advice());
      }
    }
  }
}
