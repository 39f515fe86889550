package oneapp.agent.cli;

import java.util.concurrent.Callable;
import oneapp.agent.data.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vllm-agent version}, and what {@code --version} prints. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    description = "Prints the versions of agent and Java.")
public final class VersionCommand implements Callable<Integer>, IVersionProvider {
  @Spec CommandSpec spec;

  @Override
  public String[] getVersion() {
    return new String[] {"vllm-agent " + Version.AGENT + ", Java " + Runtime.version()};
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(getVersion()[0]);
    return 0;
  }
}
