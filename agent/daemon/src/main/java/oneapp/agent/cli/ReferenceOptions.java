package oneapp.agent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import oneapp.agent.reference.References;
import picocli.CommandLine.Option;

/** The option that names folders of reference rows. */
public final class ReferenceOptions {
  @Option(
      names = "--reference",
      paramLabel = "DIR",
      description =
          "Folder with reference rows (*.yaml). Repeatable; default: the rows of the appliance,"
              + " then those in /etc/vllm-agent/reference if it is there.")
  private List<Path> folders = new ArrayList<>();

  References references() {
    return new References(folders);
  }
}
