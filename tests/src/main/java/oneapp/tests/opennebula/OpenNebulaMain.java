package oneapp.tests.opennebula;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Serves the stand-in in the foreground: three users, two templates, two VMs. */
public final class OpenNebulaMain {
  private static final String TEMPLATE =
      """
      CPU = "0.1"
      VCPU = "1"
      MEMORY = "64"
      GREETING = "hello"
      MY_LOWER = "lowercase name"
      CONTEXT = [
        NETWORK = "YES", TOKEN = "YES", SSH_PUBLIC_KEY = "$USER[SSH_PUBLIC_KEY]",
        MYVAR = "$MY_LOWER" ]
      """;

  private OpenNebulaMain() {}

  /**
   * Arguments: port, OneGate port and state file; the last two may be empty. Ends with 1 and one
   * line on standard error if a port or the state file cannot be used.
   */
  public static void main(String[] arguments) {
    try {
      serve(arguments, System.out);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      System.err.println("opennebula: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void serve(String[] arguments, PrintStream out) throws IOException {
    int port = port("PORT", argument(arguments, 0, "2633"));
    String oneGatePort = argument(arguments, 1, "");
    String state = argument(arguments, 2, "");
    Options options = Options.standard().withPort(port);
    if (!oneGatePort.isEmpty()) {
      options = options.withOneGatePort(port("ONEGATE_PORT", oneGatePort));
    }
    if (!state.isEmpty()) {
      options = options.withState(Path.of(state));
    }
    FakeOpenNebula one = FakeOpenNebula.start(options);
    Runtime.getRuntime().addShutdownHook(new Thread(one::close, "close"));
    Map<String, String> passwords = passwords();
    if (!one.hasUser("alice")) {
      populate(one, passwords);
    }
    passwords.forEach(
        (user, password) -> out.println("SESSION " + user + " " + user + ":" + password));
    out.println("ENDPOINT " + one.endpoint());
    if (!oneGatePort.isEmpty()) {
      out.println("ONEGATE " + one.oneGate());
    }
    out.println("READY");
    out.flush();
    one.await();
  }

  private static Map<String, String> passwords() {
    Map<String, String> passwords = new LinkedHashMap<>();
    passwords.put("oneadmin", FakeOpenNebula.ADMIN_PASSWORD);
    passwords.put("alice", "alicepass-01");
    passwords.put("bob", "bobpass-0001");
    return passwords;
  }

  private static void populate(FakeOpenNebula one, Map<String, String> passwords) {
    for (String user : new String[] {"alice", "bob"}) {
      int id = one.addUser(user, passwords.getOrDefault(user, ""));
      String letter = user.substring(0, 1);
      one.instantiate(one.addTemplate(id, "tmpl-" + letter, TEMPLATE), "vm-" + letter);
    }
  }

  private static String argument(String[] arguments, int index, String absent) {
    return index < arguments.length && !arguments[index].isEmpty() ? arguments[index] : absent;
  }

  private static int port(String name, String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
      throw new IllegalArgumentException(
          name + " must be a port from 0 (any free one) to 65535, but is \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }
}
