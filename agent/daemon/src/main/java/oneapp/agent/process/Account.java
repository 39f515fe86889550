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
 * Another user of this VM for child processes: without capabilities, and unable to gain any. The
 * caller must be root, or have CAP_SETUID, CAP_SETGID and CAP_KILL and be a member of the user's
 * group.
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

  public Account {
    if (user.isBlank() || group.isBlank()) {
      throw new IllegalArgumentException(Text.format("no account: %s of group %s", user, group));
    }
  }

  /**
   * The account of {@code user}.
   *
   * @throws IOException when there is no such user; the message is a sentence
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

  /** The words before a command that run it as this user. */
  public List<String> launcher() {
    return launcher("-all");
  }

  /** The same for a server: with the one capability to bind a port below 1024, if it needs it. */
  public List<String> launcherForPort(int port) {
    return port < LOWEST_FREE_PORT ? launcher("-all,+net_bind_service") : launcher();
  }

  /** With no new privileges, the bounding set need not be reduced. */
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

  /** Makes {@code folder} writable for this process and the user, and for nobody else. */
  public void share(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      own(folder, "rwxrwx---");
    } catch (FileSystemException e) {
      // It belongs to another user; check reports it if this user cannot write it.
    }
  }

  /** Lets the user, and nobody else, read a file of this process; links are not followed. */
  public void grantRead(Path file) throws IOException {
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
   * Checks that a child can run as this user and write {@code folders}.
   *
   * @throws IOException when it cannot; the message is a sentence with the cause and the remedy
   */
  public void check(List<Path> folders) throws IOException {
    List<String> words = new ArrayList<>(launcher());
    words.addAll(List.of("sh", "-c", CHECK, "check"));
    folders.forEach(folder -> words.add(folder.toString()));
    Capture.Output output = Capture.run(Command.ofSystem(words), DEADLINE, LONGEST_OUTPUT);
    if (output.timedOut()) {
      throw new IOException(Text.format("setpriv did not start a program as %s in time", user));
    }
    switch (output.exitCode()) {
      case 0 -> {}
      case NO_SUCH_PROGRAM ->
          throw new IOException(
              Text.format("there is no setpriv to run children as %s: install util-linux", user));
      case NOT_WRITABLE ->
          throw new IOException(
              Text.format(
                  "user %s cannot write %s: give it that folder, and make those above it passable",
                  user, output.output().strip()));
      default ->
          throw new IOException(
              Text.format(
                  "children cannot run as %s (%s): start the agent by its unit or as root",
                  user, output.errors().strip().replaceAll("\\s+", " ")));
    }
  }
}
