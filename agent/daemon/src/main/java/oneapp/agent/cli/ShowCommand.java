package oneapp.agent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import oneapp.agent.context.ContextSource;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.context.OpenNebulaAccessReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.publish.OpenNebula;
import oneapp.agent.publish.OpenNebulaFailure;
import oneapp.agent.publish.StoredObject;
import oneapp.agent.publish.TemplateText;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what OpenNebula holds of this appliance, in the form of {@code onevm show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Prints what is stored in the VM, its template and the user.")
public final class ShowCommand implements Callable<Integer> {
  @Option(
      names = "--context",
      paramLabel = "FILE",
      defaultValue = "/run/vllm-agent/context.sh",
      description = "The context of the VM; token.txt beside it is OneGate's (${DEFAULT-VALUE}).")
  private Path contextFile = Path.of("context.sh");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    ContextSource source = new ContextSource(contextFile, true);
    RawContext raw = source.raw();
    PrintWriter out = out();
    if (raw.values().isEmpty() && !raw.problems().isEmpty()) {
      err().println(raw.problems().getFirst());
      return Category.CONTEXT_INVALID.exitCode();
    }
    Secrets secrets = new Secrets();
    OpenNebulaAccess reach = OpenNebulaAccessReader.read(raw, source.oneGateToken(), secrets);
    int code = 0;
    Path folder = temporaryFolder();
    try {
      OpenNebula openNebula = new OpenNebula(reach, secrets, folder, InstantSource.system());
      for (Target target : Target.values()) {
        int one = print(openNebula, target, secrets, out);
        code = code == 0 ? one : code;
      }
    } finally {
      delete(folder);
    }
    out.flush();
    return code;
  }

  private int print(OpenNebula openNebula, Target target, Secrets secrets, PrintWriter out) {
    String noun = target.name().toLowerCase(Locale.ROOT);
    try {
      Optional<StoredObject> stored = openNebula.read(target);
      if (stored.isEmpty()) {
        out.println("This VM was made from no " + noun + ".\n");
      } else {
        out.println(secrets.redact(text(target, stored.get())));
      }
      return 0;
    } catch (OpenNebulaFailure e) {
      err().println("the " + noun + " cannot be read: " + secrets.redact(e.problem().toString()));
      return e.category().exitCode();
    }
  }

  private static String text(Target target, StoredObject stored) {
    String title = target == Target.VM ? "VIRTUAL MACHINE" : target.name();
    String part = target == Target.VM ? "USER TEMPLATE" : "TEMPLATE CONTENTS";
    return Text.format(
        "%s %d INFORMATION%n%-20s: %d%n%-20s: %s%n%n%s%n%s",
        title,
        stored.id(),
        "ID",
        stored.id(),
        "NAME",
        TemplateText.escaped(stored.name()),
        part,
        TemplateText.of(stored.ofAppliance()));
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("vllm-agent-show");
    } catch (IOException e) {
      throw new UncheckedIOException("making a temporary folder", e);
    }
  }

  /** It holds two small files at most, and no folder. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + folder, e);
    }
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }
}
