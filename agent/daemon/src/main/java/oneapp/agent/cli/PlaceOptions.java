package oneapp.agent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import oneapp.agent.ThisVm;
import oneapp.agent.context.ContextSource;
import oneapp.agent.context.Environment;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.gpu.GpuDetector;
import oneapp.agent.process.Engines;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where things lie in this VM; the defaults are those of the appliance. */
final class PlaceOptions {
  private static final String NVIDIA_SMI = "nvidia-smi";

  @Option(
      names = "--context",
      paramLabel = "FILE",
      description =
          "The VM's context.sh, with its token.txt beside it; default /run/vllm-agent/context.sh if"
              + " it is there, else the environment.")
  @Nullable Path context;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Folder for outbox, results, reports and logs; default ${DEFAULT-VALUE}.",
      defaultValue = "/var/lib/vllm-agent")
  Path state = Path.of("/var/lib/vllm-agent");

  @Option(
      names = "--engines",
      paramLabel = "DIR",
      description = "Folder with bin/vllm, bin/guidellm and bin/python; default ${DEFAULT-VALUE}.",
      defaultValue = "/opt/vllm-agent/engines")
  Path engines = Path.of("/opt/vllm-agent/engines");

  @Option(
      names = "--run-as",
      paramLabel = "USER",
      description =
          "Run vLLM, GuideLLM and the hub client as this user, without any privilege; default: the"
              + " caller. The agent must be root or have the capabilities of its unit.")
  @Nullable String runAs;

  ContextSource context() {
    return context == null
        ? new ContextSource(ContextSource.APPLIANCE, false)
        : new ContextSource(context, true);
  }

  StateFolder state() {
    return new StateFolder(state);
  }

  Engines engines() {
    return new Engines(
        engines, state(), Optional.ofNullable(runAs), Environment.ofProcess().variables());
  }

  GpuDetector gpus() {
    return GpuDetector.ofThisVm(nvidiaSmi(), state().cache());
  }

  ThisVm vm(Secrets secrets) {
    return new ThisVm(context(), state(), engines(), gpus(), nvidiaSmi(), secrets);
  }

  /** Its path, as the agent's own PATH has it: a child's is a short one. Else its name. */
  private static String nvidiaSmi() {
    String path = Environment.ofProcess().variables().getOrDefault("PATH", "");
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder, NVIDIA_SMI))
        .filter(program -> program.isAbsolute() && Files.isExecutable(program))
        .findFirst()
        .map(Path::toString)
        .orElse(NVIDIA_SMI);
  }

  /**
   * Fails if the state folder belongs to another user: that user could not change what is written
   * there.
   *
   * @throws ParameterException with the advice
   */
  void requireOwner(CommandSpec command, String advice) {
    Optional<String> other = state().otherOwner();
    if (other.isPresent()) {
      throw new ParameterException(command.commandLine(), other.get() + ": " + advice);
    }
  }
}
