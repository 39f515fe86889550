package oneapp.agent.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import oneapp.agent.data.Json;
import oneapp.agent.process.Account;
import oneapp.agent.stage.Stage;

/**
 * The files that nginx sees: its configuration, the answers while vLLM is away, whether it is open,
 * and the newest report. All of it may be read by everyone in the VM, and is written by the agent.
 */
final class FrontFolder {
  private static final String REPORT = "report";
  private static final List<String> SHOWN =
      List.of(
          "report.html", "certificate.json", "certificate.signed.json", "result.json", "runs.csv");

  private final Path folder;
  private final Path results;
  private String report = "";

  /**
   * The folder.
   *
   * @param results holds a folder for each result; their names sort by age
   */
  FrontFolder(Path folder, Path results) {
    this.folder = folder.toAbsolutePath();
    this.results = results.toAbsolutePath();
  }

  /** Writes the configuration, closed; {@code account} is the user of nginx if not the caller. */
  Path prepare(int port, int upstream, Optional<Account> account) throws IOException {
    open(folder);
    Path temporary = folder.resolve("tmp");
    Files.createDirectories(temporary);
    if (account.isPresent()) {
      account.get().share(temporary);
    }
    close();
    write(
        "refused.json",
        error(
            "invalid_request_error",
            "refused",
            "the HTTP status says why; only plain paths of /v1/, /health and /report/ are served"));
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    Map<String, String> values = new LinkedHashMap<>();
    values.put("@FOLDER@", folder.toString());
    values.put("@PORT@", Integer.toString(port));
    values.put("@UPSTREAM@", Integer.toString(upstream));
    values.put("@USER@", isRoot && account.isEmpty() ? "user root;" : "");
    values.put("@LISTEN6@", hasIpv6() ? "listen [::]:" + port + " ipv6only=on backlog=1024;" : "");
    String text = template();
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace(value.getKey(), value.getValue());
    }
    return write("nginx.conf", text);
  }

  private static boolean hasIpv6() {
    try {
      return !Files.readString(Path.of("/proc/net/if_inet6")).isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  private static String template() {
    try (InputStream in = FrontFolder.class.getResourceAsStream("/serve/nginx.conf")) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: nginx.conf");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("reading nginx.conf from the jar", e);
    }
  }

  /** What users are told while it is closed. */
  void away(Stage stage) throws IOException {
    write(
        "away.json",
        error(
            "service_unavailable",
            stage.name(),
            "the model is not served at the moment: " + text(stage)));
  }

  private static String text(Stage stage) {
    return switch (stage) {
      case CONTEXT, GPU, MODEL, PLANNING -> "the VM is preparing to serve it";
      case LOADING -> "it is being loaded";
      case BENCHMARKING -> "it is being measured for the first time, which takes it alone";
      case READY -> "it ended and is being looked at";
      case FAILED -> "serving it failed; the state of the VM has the reason";
      case STOPPED -> "the VM stopped serving it";
    };
  }

  /** An error as OpenAI's clients read it. */
  private static String error(String type, String code, String message) {
    Map<String, String> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("type", type);
    error.put("code", code);
    return Json.MAPPER.writeValueAsString(Map.of("error", error)) + "\n";
  }

  void open() throws IOException {
    write("open", "");
  }

  void close() throws IOException {
    Files.deleteIfExists(folder.resolve("open"));
  }

  /** Shows the newest report; its files are linked, so that no other file can be reached. */
  void showNewestReport() throws IOException {
    Optional<Path> newest = newest();
    if (newest.isEmpty() || report.equals(newest.get().toString())) {
      return;
    }
    Path shown = folder.resolve(REPORT + "-" + newest.get().getFileName());
    deleteFolder(shown);
    open(shown);
    for (String name : SHOWN) {
      Path file = newest.get().resolve(name);
      if (Files.exists(file)) {
        Files.createLink(shown.resolve(name), file);
        Files.setPosixFilePermissions(
            shown.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
    Path link = folder.resolve(REPORT + ".new");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, shown.getFileName());
    Files.move(link, folder.resolve(REPORT), StandardCopyOption.ATOMIC_MOVE);
    report = newest.get().toString();
    deleteOlder(shown);
  }

  private Optional<Path> newest() throws IOException {
    if (!Files.isDirectory(results)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(results)) {
      return folders
          .filter(one -> Files.exists(one.resolve(SHOWN.getFirst())))
          .max(Comparator.comparing(one -> one.getFileName().toString()));
    }
  }

  private void deleteOlder(Path shown) throws IOException {
    List<Path> older;
    try (Stream<Path> entries = Files.list(folder)) {
      older =
          entries
              .filter(one -> one.getFileName().toString().startsWith(REPORT + "-"))
              .filter(one -> !one.equals(shown))
              .toList();
    }
    for (Path one : older) {
      deleteFolder(one);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    for (String name : SHOWN) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }

  private static void open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Takes the place of the old file at once, as everyone may read it. */
  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Path next = folder.resolve(name + ".new");
    Files.writeString(next, text);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
    return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
