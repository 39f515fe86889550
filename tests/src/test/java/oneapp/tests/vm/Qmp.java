package oneapp.tests.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import oneapp.agent.data.Json;
import tools.jackson.databind.JsonNode;

/** QEMU's machine protocol: one command at a time; events are skipped. */
final class Qmp implements AutoCloseable {
  private final SocketChannel channel;
  private final BufferedReader replies;

  private Qmp(SocketChannel channel) {
    this.channel = channel;
    replies = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  static Qmp connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      Qmp qmp = new Qmp(channel);
      qmp.replies.readLine();
      qmp.execute("qmp_capabilities", Map.of());
      return qmp;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void execute(String command, Map<String, Object> arguments) throws IOException {
    String line =
        Json.MAPPER.writeValueAsString(Map.of("execute", command, "arguments", arguments)) + "\n";
    channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    for (String reply = replies.readLine(); reply != null; reply = replies.readLine()) {
      JsonNode node = Json.MAPPER.readTree(reply);
      if (node.has("error")) {
        throw new IOException("QEMU refuses " + line.strip() + ": " + node.get("error"));
      }
      if (node.has("return")) {
        return;
      }
    }
    throw new IOException("QEMU ended during " + line.strip());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
