package oneapp.agent;

import java.io.PrintWriter;
import oneapp.agent.stage.Category;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line: wires the streams and the exit code, nothing else. */
@Command(
    name = "vllm-agent",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Serves, measures and certifies an LLM in an OpenNebula VM.",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      BenchmarkCommand.class,
      DiagnoseCommand.class,
      CertifyCommand.class,
      VerifyCommand.class,
      ReferenceCommand.class,
      ShowCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = "%nExit codes: 0 good, 2 wrong command line, else the failure category; see docs.")
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    CommandLine line = commandLine();
    return args.length == 0 ? line.execute("help") : line.execute(args);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.getSubcommands().values().forEach(Main::answerVersion);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(Main::unexpected);
    line.setParameterExceptionHandler(Main::wrongUsage);
    return line;
  }

  /** Every command has --version; all mean that of the agent. */
  private static void answerVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new VersionCommand());
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    PrintWriter errors = e.getCommandLine().getErr();
    errors.println("vllm-agent: " + e.getMessage());
    errors.println("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  /** The message of the fault may hold a secret: only the log, which knows the secrets, has it. */
  private static int unexpected(Exception e, CommandLine line, CommandLine.ParseResult result) {
    log.error("a fault of the agent itself", e);
    line.getErr()
        .println(
            "vllm-agent: %s: a fault of the agent itself: %s in %s; please report it with its log"
                .formatted(Category.INTERNAL, e.getClass().getName(), origin(e)));
    return Category.INTERNAL.exitCode();
  }

  private static String origin(Exception e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
  }
}
