package oneapp.tests.opennebula;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import org.jspecify.annotations.Nullable;

/**
 * An OpenNebula on loopback for tests: XML-RPC and OneGate as oned 7.4.0 answers them. What an
 * administrator does are the methods of {@link Administration}.
 */
public final class FakeOpenNebula extends Administration implements AutoCloseable {
  /** The password of {@code oneadmin}, user 0. */
  public static final String ADMIN_PASSWORD = "adminpass-0001";

  private final Faults oneGateFaults = new Faults();
  private final List<LoggedRequest> requests = new CopyOnWriteArrayList<>();
  private final Options options;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Door rpc;
  private @Nullable Door oneGate;
  private int rpcPort;
  private int oneGatePort;

  private FakeOpenNebula(Options options) throws IOException {
    super(options.clock());
    this.options = options;
    rpcPort = options.port();
    oneGatePort = options.oneGatePort();
    Optional<Path> state = options.state().filter(Files::exists);
    if (state.isPresent()) {
      restore(state.get());
    } else {
      addUser("oneadmin", ADMIN_PASSWORD, 0);
      addUser("serveradmin", Hash.random(), 0);
    }
    restart();
  }

  /** Starts on free ports with {@code oneadmin} (0) and {@code serveradmin} (1). */
  public static FakeOpenNebula start() throws IOException {
    return start(Options.standard());
  }

  /**
   * Starts; when it returns, the ports are open.
   *
   * @throws IOException if a port is taken, or the state file cannot be read
   */
  public static FakeOpenNebula start(Options options) throws IOException {
    return new FakeOpenNebula(options);
  }

  /** Where XML-RPC is served, such as {@code http://127.0.0.1:2633/RPC2}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + rpcPort + "/RPC2");
  }

  /** Where OneGate is served, such as {@code http://127.0.0.1:5030}. */
  public URI oneGate() {
    return URI.create("http://127.0.0.1:" + oneGatePort);
  }

  /** What goes wrong with OneGate. */
  public Faults oneGateFaults() {
    return oneGateFaults;
  }

  /** The requests so far, oldest first, without passwords and tokens. */
  public List<LoggedRequest> requests() {
    return List.copyOf(requests);
  }

  /** Forgets the requests so far. */
  public void clearRequests() {
    requests.clear();
  }

  /** Closes both ports; everything is kept for {@link #restart()}. */
  public synchronized void stop() {
    faults().release();
    oneGateFaults.release();
    if (rpc != null) {
      rpc.close();
      rpc = null;
    }
    if (oneGate != null) {
      oneGate.close();
      oneGate = null;
    }
  }

  /** Opens the same ports again. */
  public synchronized void restart() throws IOException {
    stop();
    Clock clock = options.clock();
    Duration idle = options.idle();
    try {
      FakeOneGate gate = new FakeOneGate(cloud(), oneGateFaults, requests::add, this::save);
      oneGate = new Door(oneGatePort, "thin", clock, idle, gate);
      oneGatePort = oneGate.port();
      cloud().oneGateEndpoint(oneGate().toString());
      RpcHandler handler = new RpcHandler(cloud(), requests::add, this::save);
      rpc = new Door(rpcPort, "Xmlrpc-c_Abyss/1.33.14", clock, idle, handler);
      rpcPort = rpc.port();
    } catch (IOException taken) {
      stop();
      throw taken;
    }
  }

  @Override
  public void close() {
    stop();
    closed.countDown();
  }

  /** Waits until somebody closes this. */
  void await() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restore(Path state) throws IOException {
    try {
      cloud().restore(Json.MAPPER.readValue(Files.readString(state), Cloud.Snapshot.class));
    } catch (IOException | RuntimeException unreadable) {
      throw new IOException(
          "the state in " + state + " cannot be read: damaged, or not written by this program",
          unreadable);
    }
  }

  @Override
  void save() {
    options.state().ifPresent(this::save);
  }

  private void save(Path state) {
    try {
      DurableFile.write(state, Json.MAPPER.writeValueAsString(cloud().snapshot()));
    } catch (IOException e) {
      throw new UncheckedIOException("writing state to " + state, e);
    }
  }
}
