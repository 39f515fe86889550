package oneapp.tests.appliance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The root of a VM in a folder, with the appliance's scripts in their places, one-context's own
 * net-99, and stand-ins for the commands that need a real system. They note their arguments in
 * {@code log}.
 */
final class Root {
  static final Path HOUSE = Path.of(Objects.requireNonNull(System.getProperty("house")));

  /** Nothing here takes more than a second; the machine may be busy. */
  private static final long DEADLINE_SECONDS = 120;

  private static final String SYSTEMCTL =
      """
      #!/bin/bash
      echo "systemctl $*" >>"$ONE_APPLIANCE_ROOT/log"
      case "$1" in
        show) cat "$ONE_APPLIANCE_ROOT/active" ;;
        is-active) cat "$ONE_APPLIANCE_ROOT/active" ;;
        start) [[ $2 == --no-block ]] || sleep 1000 ;;
      esac
      """;
  private static final String NOTE =
      """
      #!/bin/bash
      echo "$(basename "$0") $*" >>"$ONE_APPLIANCE_ROOT/log"
      """;
  private static final String REPORT_READY =
      """
      #!/bin/bash
      [[ ! -e $ONE_APPLIANCE_ROOT/onegate-is-away ]] || exit 1
      printf '%s|%s|%s' "$1" "$REPORT_READY" "$READY_SCRIPT" >>"$ONE_APPLIANCE_ROOT/ready"
      """;

  record Outcome(int code, String out, String err) {}

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  Root(Path folder) throws IOException {
    this.folder = folder;
    for (String name : List.of("var/lib/vllm-agent", "var/log", "run/one-context", "mount")) {
      Files.createDirectories(folder.resolve(name));
    }
    script("bin/systemctl", SYSTEMCTL);
    script("bin/chown", NOTE);
    script("bin/chgrp", NOTE);
    script("etc/one-context.d/net-99-report-ready", REPORT_READY);
    copy("contextualization/service", "etc/one-appliance/service");
    copy(
        "contextualization/net-90-service-appliance", "etc/one-context.d/net-90-service-appliance");
    copy(
        "contextualization/net-99-report-ready",
        "opt/vllm-agent/contextualization/net-99-report-ready");
    write("active", "inactive\n");
    environment.put("ONE_APPLIANCE_ROOT", folder.toString());
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("CONTEXT_FILE", path("run/one-context/context.sh.network").toString());
    environment.put("MOUNT_DIR", path("mount").toString());
    environment.put("REPORT_READY", "YES");
  }

  private void script(String name, String text) throws IOException {
    write(name, text);
    Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void copy(String from, String to) throws IOException {
    Files.createDirectories(Objects.requireNonNull(path(to).getParent()));
    Files.copy(HOUSE.resolve(from), path(to), StandardCopyOption.COPY_ATTRIBUTES);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  void write(String name, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(path(name).getParent()));
    Files.writeString(path(name), text);
  }

  String read(String name) throws IOException {
    return Files.exists(path(name))
        ? Files.readString(path(name), StandardCharsets.UTF_8).stripTrailing()
        : "";
  }

  /** A variable of the context, which one-context exports to its hooks. */
  void exported(String name, String value) {
    environment.put(name, value);
  }

  void context(String text) throws IOException {
    write("run/one-context/context.sh.network", text);
  }

  /** Starts a command whose output goes to {@code out}, and its errors to a file beside it. */
  Process start(List<String> command, Path out) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(Path.of(out + ".err").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  Outcome run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(path(script).toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    Process process = start(command, out);
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " was not done after " + DEADLINE_SECONDS + " s");
    }
    return new Outcome(
        process.exitValue(), Files.readString(out), Files.readString(Path.of(out + ".err")));
  }

  Outcome hook(String... command) throws IOException, InterruptedException {
    String[] arguments = {"network", command.length == 0 ? "" : command[0]};
    return run("etc/one-context.d/net-90-service-appliance", arguments);
  }

  Outcome report() throws IOException, InterruptedException {
    return run("etc/one-appliance/service", "report");
  }

  String status() throws IOException {
    return read("etc/one-appliance/status");
  }

  /** What the agent says of itself. */
  void agentIs(String stage) throws IOException {
    write("var/lib/vllm-agent/status", "stage=" + stage + "\nreason=because\n");
    write("var/lib/vllm-agent/status.changed", "");
  }
}
