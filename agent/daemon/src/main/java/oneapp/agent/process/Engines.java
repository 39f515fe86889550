package oneapp.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/**
 * vLLM, GuideLLM and the hub's client: where they lie, as whom they run, and what they are given.
 */
public final class Engines {
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "LANG",
          "LC_ALL",
          "TZ",
          "TMPDIR",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "HF_HOME",
          "HF_ENDPOINT",
          "LD_LIBRARY_PATH",
          "SSL_CERT_FILE",
          "REQUESTS_CA_BUNDLE",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY");

  private final Path folder;
  private final StateFolder state;
  private final Optional<String> user;
  private final Map<String, String> own;
  private volatile Optional<Account> account = Optional.empty();

  /**
   * The engines of this VM.
   *
   * @param folder has bin/vllm, bin/guidellm and bin/python
   * @param user as whom they run, without any privilege; none for the caller
   * @param own environment of this process, of which they get a few variables
   */
  public Engines(Path folder, StateFolder state, Optional<String> user, Map<String, String> own) {
    this.folder = folder;
    this.state = state;
    this.user = user;
    this.own = Map.copyOf(own);
  }

  /**
   * Makes the folders of the agent and of its children: what children need is theirs, the rest is
   * closed to them. A second call does nothing.
   *
   * @throws StageFailure INTERNAL when children cannot run as that user
   */
  public void prepare() throws StageFailure {
    if (user.isEmpty() || account.isPresent()) {
      return;
    }
    prepareChildren();
    try {
      for (Path closed : List.of(state.outbox(), state.results(), state.logs())) {
        restrict(closed, "rwx------");
      }
      restrict(state.root(), "rwx--x--x");
      restrict(state.benchmark(), "rwx--x--x");
    } catch (IOException e) {
      throw failure("making the folders in " + state.root() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same for a process that writes nothing itself, such as root beside a daemon with a user of
   * its own.
   *
   * @throws StageFailure INTERNAL when children cannot run as that user
   */
  public void prepareChildren() throws StageFailure {
    if (user.isEmpty()) {
      return;
    }
    try {
      Account children = Account.of(user.get());
      children.share(state.home());
      children.share(state.cache());
      children.check(List.of(state.home().toAbsolutePath(), state.cache().toAbsolutePath()));
      account = Optional.of(children);
    } catch (IOException e) {
      throw failure("--run-as " + user.get() + ": " + e.getMessage(), e);
    }
  }

  private static StageFailure failure(String message, IOException cause) {
    return new StageFailure(Stage.CONTEXT, Category.INTERNAL, message, cause);
  }

  private static void restrict(Path folder, String mode) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
  }

  /** The user of the children, when it is not the caller; known after {@link #prepare}. */
  public Optional<Account> account() {
    return account;
  }

  public Path program(String name) {
    return folder.resolve("bin").resolve(name).toAbsolutePath();
  }

  /** Words that start {@code name} as that user. */
  public List<String> command(String name) {
    return Stream.concat(
            account.map(Account::launcher).orElse(List.of()).stream(),
            Stream.of(program(name).toString()))
        .toList();
  }

  /** What they are given: few variables of the agent's own, none of them secret. */
  public Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(own);
    environment.keySet().retainAll(INHERITED);
    account.ifPresent(
        children -> {
          environment.remove("XDG_CONFIG_HOME");
          environment.put("USER", children.user());
          environment.put("LOGNAME", children.user());
        });
    environment.put("HOME", state.home().toString());
    environment.put("XDG_CACHE_HOME", state.cache().toString());
    return environment;
  }
}
