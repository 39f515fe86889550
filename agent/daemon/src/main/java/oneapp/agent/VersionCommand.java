package oneapp.agent;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vllm-agent version}. */
@Command(name = "version", description = "Prints the versions of agent and Java.")
final class VersionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println("vllm-agent " + Version.AGENT + ", Java " + Runtime.version());
    return 0;
  }
}
