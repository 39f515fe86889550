package oneapp.agent;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import oneapp.agent.cli.BenchmarkCommand;
import oneapp.agent.cli.CertifyCommand;
import oneapp.agent.cli.DiagnoseCommand;
import oneapp.agent.cli.PlanCommand;
import oneapp.agent.cli.ReferenceCommand;
import oneapp.agent.cli.RunCommand;
import oneapp.agent.cli.ShowCommand;
import oneapp.agent.cli.TrustStoreCommand;
import oneapp.agent.cli.VerifyCommand;
import oneapp.agent.cli.VersionCommand;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: wires the streams and the exit code, nothing else. */
@Command(
    name = "vllm-agent",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Serves, measures and certifies an LLM in an OpenNebula VM.",
    synopsisSubcommandLabel = "COMMAND",
    footer = "%nExit codes: 0 good, 2 wrong command line, else the failure category; see docs.")
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private static final String HELP = "help";

  private static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("run", RunCommand.class),
          Map.entry("plan", PlanCommand.class),
          Map.entry("benchmark", BenchmarkCommand.class),
          Map.entry("certify", CertifyCommand.class),
          Map.entry("verify", VerifyCommand.class),
          Map.entry("reference", ReferenceCommand.class),
          Map.entry("diagnose", DiagnoseCommand.class),
          Map.entry("show", ShowCommand.class),
          Map.entry("version", VersionCommand.class),
          Map.entry("trust-store", TrustStoreCommand.class),
          Map.entry(HELP, CommandLine.HelpCommand.class));

  private Main() {}

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  public static int execute(String... args) {
    CommandLine line = commandLine(args);
    if (args.length == 0) {
      line.usage(line.getErr());
      return CommandLine.ExitCode.USAGE;
    }
    return line.execute(args);
  }

  /** The command line for {@code args}; without any, that of every command. */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Main());
    commands(args.length == 0 ? "" : args[0]).forEach(line::addSubcommand);
    line.getSubcommands().values().forEach(Main::answerVersion);
    CommandLine help = line.getSubcommands().get(HELP);
    if (help != null) {
      help.getCommandSpec().usageMessage().header("Shows the help of a command, or this.");
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(Main::unexpected);
    line.setParameterExceptionHandler(Main::wrongUsage);
    return line;
  }

  /**
   * Only the command that is asked for, where it is known: reading one costs a tenth of the start.
   * Help is of them all.
   */
  private static List<Class<?>> commands(String name) {
    List<Class<?>> asked =
        COMMANDS.stream()
            .filter(command -> command.getKey().equals(name) && !name.equals(HELP))
            .<Class<?>>map(Map.Entry::getValue)
            .toList();
    return asked.isEmpty() ? COMMANDS.stream().<Class<?>>map(Map.Entry::getValue).toList() : asked;
  }

  /** Every command has --version; all mean that of the agent. */
  private static void answerVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new VersionCommand());
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter errors = line.getErr();
    List<String> unknown =
        line.getUnmatchedArguments().stream().filter(word -> word.startsWith("-")).toList();
    // What is missing may only be misspelt.
    ParameterException said =
        e instanceof MissingParameterException && !unknown.isEmpty()
            ? new UnmatchedArgumentException(line, unknown)
            : e;
    errors.println("vllm-agent: " + said.getMessage());
    UnmatchedArgumentException.printSuggestions(said, errors);
    errors.println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  /** The message of the fault may hold a secret: only the log, which knows the secrets, has it. */
  private static int unexpected(Exception e, CommandLine line, CommandLine.ParseResult result) {
    log.error("a fault of the agent itself", e);
    line.getErr()
        .println(
            Text.format(
                "vllm-agent: %s: a fault of the agent itself: %s in %s; please report it with its log",
                Category.INTERNAL, e.getClass().getName(), origin(e)));
    return Category.INTERNAL.exitCode();
  }

  private static String origin(Exception e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
  }
}
