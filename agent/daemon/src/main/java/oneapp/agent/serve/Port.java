package oneapp.agent.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import oneapp.agent.data.Text;
import oneapp.agent.process.ProcessIdentity;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/** Finds out whether a port is free, and who holds it when it is not. */
final class Port {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";

  private Port() {}

  /**
   * Returns when {@code port} of loopback can be bound.
   *
   * @throws StageFailure PORT_IN_USE, naming the holder when this user may know it
   */
  static void requireFree(int port) throws StageFailure {
    requireFree(port, InetAddress.getLoopbackAddress());
  }

  /** The same for {@code address}. */
  static void requireFree(int port, InetAddress address) throws StageFailure {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      String holder = holder(port).map(who -> ", held by " + who).orElse("");
      throw new StageFailure(
          Stage.LOADING,
          Category.PORT_IN_USE,
          Text.format(
              "port %d cannot be taken%s (%s): end that program, or choose another ONEAPP_VLLM_API_PORT",
              port, holder, e.getMessage()),
          e);
    }
  }

  /** The process that listens on {@code port}: its id and command line. */
  static Optional<String> holder(int port) {
    Set<String> sockets = sockets(port);
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(path -> holds(path, sockets))
          .map(path -> Long.valueOf(path.getFileName().toString()))
          .map(pid -> "process " + pid + " (" + name(pid) + ")")
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The program alone: arguments of others may hold secrets. */
  private static String name(long pid) {
    String words = ProcessIdentity.commandLine(pid);
    return words.isEmpty() ? "unknown" : words.split(" ", 2)[0];
  }

  private static Set<String> sockets(int port) {
    Set<String> links = new HashSet<>();
    String suffix = Text.format(":%04X", port);
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try (Stream<String> lines = Files.lines(Path.of(table), StandardCharsets.US_ASCII)) {
        lines
            .map(line -> line.strip().split("\\s+", -1))
            .filter(f -> f.length > 9 && f[1].endsWith(suffix) && f[3].equals(LISTENING))
            .forEach(f -> links.add("socket:[" + f[9] + "]"));
      } catch (IOException e) {
        // A kernel without IPv6 has no tcp6.
      }
    }
    return links;
  }

  private static boolean holds(Path process, Set<String> links) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(
          file -> {
            try {
              return links.contains(Files.readSymbolicLink(file).toString());
            } catch (IOException e) {
              return false;
            }
          });
    } catch (IOException e) {
      return false; // Another user's process, or one that just ended.
    }
  }
}
