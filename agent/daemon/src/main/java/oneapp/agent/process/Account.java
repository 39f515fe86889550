package oneapp.agent.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import oneapp.agent.data.Text;

/**
 * Another user of this VM, as whom children run: without capabilities, and with no way to new ones.
 * The caller must be root, or have CAP_SETUID, CAP_SETGID and CAP_KILL and be a member of the
 * user's group.
 *
 * @param group the user's own group
 */
public record Account(String user, String group) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int LONGEST_OUTPUT = 4096;
  private static final int NO_SUCH_PROGRAM = 127;
  private static final int LOWEST_FREE_PORT = 1024;
  private static final int NOT_WRITABLE = 3;

  /** Prints the first folder that cannot be written. */
  private static final String CHECK =
      "for folder; do [ -w \"$folder\" ] && [ -x \"$folder\" ]"
          + " || { echo \"$folder\"; exit "
          + NOT_WRITABLE
          + "; }; done";

  /**
   * The account of {@code user}.
   *
   * @throws IOException when there is no such user, in a sentence
   */
  public static Account of(String user) throws IOException {
    Capture.Output id =
        Capture.run(Command.ofSystem(List.of("id", "-gn", "--", user)), DEADLINE, LONGEST_OUTPUT);
    String group = id.output().strip();
    if (id.timedOut() || id.exitCode() != 0 || group.isEmpty()) {
      throw new IOException(
          Text.format(
              "there is no user \"%s\" in this VM: make it with useradd --system, or name another",
              user));
    }
    return new Account(user, group);
  }

  /** The words before a command that make it run as this user. */
  public List<String> launcher() {
    return launcher("-all");
  }

  /** The same for a server: one on a port below 1024 may take that, and nothing else. */
  public List<String> launcherForPort(int port) {
    return port < LOWEST_FREE_PORT ? launcher("-all,+net_bind_service") : launcher();
  }

  /** No new privileges: what is left of the bounding set can never be gained. */
  private List<String> launcher(String capabilities) {
    return List.of(
        "setpriv",
        "--reuid=" + user,
        "--regid=" + group,
        "--init-groups",
        "--inh-caps=" + capabilities,
        "--ambient-caps=" + capabilities,
        "--no-new-privs",
        "--");
  }

  /** Makes {@code folder} one that both this process and the user may write, and nobody else. */
  public void share(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      own(folder, "rwxrwx---");
    } catch (FileSystemException e) {
      // Somebody else made it for the user: see check.
    }
  }

  /** Lets the user, and nobody else, read a file of this process; a link is not followed. */
  public void hand(Path file) throws IOException {
    own(file, "rw-r-----", LinkOption.NOFOLLOW_LINKS);
  }

  private void own(Path path, String mode, LinkOption... options) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, options);
    view.setGroup(
        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
    view.setPermissions(PosixFilePermissions.fromString(mode));
  }

  /**
   * Returns when a child can run as this user and write {@code folders}.
   *
   * @throws IOException why not and what to do, in a sentence
   */
  public void check(List<Path> folders) throws IOException {
    List<String> words = new ArrayList<>(launcher());
    words.addAll(List.of("sh", "-c", CHECK, "check"));
    folders.forEach(folder -> words.add(folder.toString()));
    Capture.Output said = Capture.run(Command.ofSystem(words), DEADLINE, LONGEST_OUTPUT);
    if (said.timedOut()) {
      throw new IOException(Text.format("setpriv did not start a program as %s in time", user));
    }
    switch (said.exitCode()) {
      case 0 -> {}
      case NO_SUCH_PROGRAM ->
          throw new IOException(
              Text.format("there is no setpriv to run children as %s: install util-linux", user));
      case NOT_WRITABLE ->
          throw new IOException(
              Text.format(
                  "user %s cannot write %s: give it that folder, and make those above it passable",
                  user, said.output().strip()));
      default ->
          throw new IOException(
              Text.format(
                  "children cannot run as %s (%s): start the agent by its unit or as root",
                  user, said.errors().strip().replaceAll("\\s+", " ")));
    }
  }
}
