package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The administrator's script with stand-ins for the OpenNebula CLI that note their arguments. */
final class CredentialsScriptTest {
  private static final String TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final String FAKE =
      """
      #!/bin/bash
      echo "$(basename "$0") $*" >>"$FAKE_LOG"
      case "$(basename "$0") $1" in
        "onevm show") echo "<VM><ID>$2</ID><UID>2</UID><TEMPLATE>"
          echo "<TEMPLATE_ID><![CDATA[7]]></TEMPLATE_ID></TEMPLATE></VM>" ;;
        "onetemplate show") echo "<VMTEMPLATE><ID>$2</ID></VMTEMPLATE>" ;;
        "oneuser show") test -e "$FAKE_LOG.made" || exit 255
          echo "<USER><ID>9</ID><GID>${FAKE_GID:-1}</GID><NAME>$2</NAME></USER>" ;;
        "oneuser create") test -s "$3" && touch "$FAKE_LOG.made" ;;
        "oneuser passwd"|"oneuser quota") test -s "$3" ;;
        "oneuser token-create")
          grep -Eq '^[^:]+:[0-9a-f]{64}$' "$ONE_AUTH" || exit 1
          user=$(cut -d: -f1 "$ONE_AUTH"); printf '%s:%s' "$user" "$FAKE_TOKEN" >"$ONE_AUTH"
          echo "Authentication Token is: $user:$FAKE_TOKEN" ;;
        "oneacl create") if [ -n "$FAKE_RULES" ]; then echo "Rule already exists" >&2; exit 255; fi ;;
        *) exit 99 ;;
      esac
      """;

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void makeCommands() throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    for (String name : List.of("onevm", "onetemplate", "oneuser", "oneacl")) {
      Path command = Files.writeString(folder.resolve("bin").resolve(name), FAKE);
      Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    Path script =
        Path.of(Objects.requireNonNull(System.getProperty("house")))
            .resolve("contextualization/make-credentials");
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().merge("PATH", folder.resolve("bin") + ":", (old, mine) -> mine + old);
    builder.environment().put("FAKE_LOG", folder.resolve("log").toString());
    builder.environment().put("FAKE_TOKEN", TOKEN);
    builder.environment().put("FAKE_RULES", Files.exists(folder.resolve("rules")) ? "yes" : "");
    builder.environment().put("FAKE_GID", Files.exists(folder.resolve("admin")) ? "0" : "1");
    int code = builder.start().waitFor();
    return new Outcome(code, read("out"), read("err"));
  }

  private String read(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
  }

  @Test
  void givesTheLeastRightsAndWritesTheTokenIntoAFileOfItsOwner()
      throws IOException, InterruptedException {
    Path file = folder.resolve("auth");
    Outcome outcome = run("--vm", "42", "--out", file.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(Files.readString(file)).isEqualTo("vllm-agent-42:" + TOKEN + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(outcome.out() + outcome.err() + read("log")).doesNotContain(TOKEN);
    assertThat(read("log").lines().filter(line -> line.startsWith("oneacl")))
        .containsExactly(
            "oneacl create #9 VM/#42 USE+MANAGE",
            "oneacl create #9 TEMPLATE/#7 USE+MANAGE",
            "oneacl create #2 USER/#9 USE");
    assertThat(read("log")).contains("oneuser token-create --time 2592000 --force");
    assertThat(outcome.out())
        .contains("VM_ENCRYPTED_ATTR = \"CONTEXT/ONEAPP_VLLM_ONE_AUTH\"\n")
        .contains("VM_ENCRYPTED_ATTR = \"CONTEXT/ONEAPP_VLLM_API_KEY\"\n");
    assertThat(read("log")).doesNotContainPattern("[0-9a-f]{64}");
  }

  @Test
  void encryptsEverySecretOfTheContext() throws IOException, InterruptedException {
    String out = run("--vm", "42", "--show").out();
    Path list =
        Path.of(Objects.requireNonNull(System.getProperty("house")))
            .resolve("contextualization/variables.yaml");
    String name = "";
    int secrets = 0;
    for (String line : Files.readAllLines(list)) {
      if (line.startsWith("  - name: ")) {
        name = line.substring(10);
      } else if (line.strip().equals("secret: true")) {
        assertThat(out).contains("VM_ENCRYPTED_ATTR = \"CONTEXT/" + name + "\"\n");
        secrets++;
      }
    }
    assertThat(out.lines().filter(line -> line.startsWith("VM_ENCRYPTED"))).hasSize(secrets);
    assertThat(out).endsWith("\nvllm-agent-42:" + TOKEN + "\n");
  }

  @Test
  void runningItAgainRenewsTheTokenAndKeepsTheRules() throws IOException, InterruptedException {
    assertThat(run("--vm", "42", "--show").code()).isZero();
    Files.createFile(folder.resolve("rules"));
    Outcome again = run("--vm", "42", "--show", "--no-template", "--time", "60");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(read("log")).contains("oneuser passwd vllm-agent-42").contains("--time 60 --force");
  }

  @Test
  void tokenIsNotPrintedIntoAPipeUnlessAskedFor() throws IOException, InterruptedException {
    Outcome outcome = run("--vm", "42");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("give --out FILE, or --show");
    assertThat(read("log")).isEmpty();
  }

  @Test
  void refusesAdministrators() throws IOException, InterruptedException {
    assertThat(run("--vm", "42", "--show", "--user", "oneadmin").code()).isEqualTo(2);
    Files.createFile(folder.resolve("log.made"));
    Files.createFile(folder.resolve("admin"));
    Outcome outcome = run("--vm", "42", "--show", "--user", "root-like");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(read("log")).doesNotContain("oneacl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1;reboot", "-1", "99999999999"})
  void refusesWhatIsNoVm(String vm) throws IOException, InterruptedException {
    assertThat(run("--show", "--vm", vm).code()).isEqualTo(2);
    assertThat(read("log")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--time 0",
        "--time 08",
        "--time 010",
        "--time 1e9",
        "--out /not-there/auth",
        "--out",
        "--user a/b",
        "--user -x"
      })
  void wrongInputChangesNothing(String arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--vm", "42", "--show"));
    all.addAll(List.of(arguments.split(" ")));
    Outcome outcome = run(all.toArray(String[]::new));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err().lines()).singleElement().asString().contains(all.get(3));
    assertThat(read("log")).isEmpty();
  }

  @Test
  void neverAsksForManageOnAUser() throws IOException {
    String script =
        Files.readString(
            Path.of(Objects.requireNonNull(System.getProperty("house")))
                .resolve("contextualization/make-credentials"));
    assertThat(script).doesNotContainPattern("USER/[^\"]*MANAGE");
  }
}
