package oneapp.tests.opennebula;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import oneapp.tests.opennebula.StoredUser.Token;
import oneapp.tests.opennebula.TemplateForms.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * An OpenNebula on loopback for tests: XML-RPC and OneGate as oned 7.4.0 answers them, and the
 * administrator's side as methods. Ids that do not exist give {@code IllegalArgumentException}.
 */
public final class FakeOpenNebula implements AutoCloseable {
  /** The password of {@code oneadmin}, user 0. */
  public static final String ADMIN_PASSWORD = "adminpass-0001";

  private final Cloud cloud;
  private final Faults faults = new Faults();
  private final Faults oneGateFaults = new Faults();
  private final List<LoggedRequest> requests = new CopyOnWriteArrayList<>();
  private final Options options;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Door rpc;
  private @Nullable Door oneGate;
  private int rpcPort;
  private int oneGatePort;

  private FakeOpenNebula(Options options) throws IOException {
    this.options = options;
    cloud = new Cloud(options.clock(), faults);
    rpcPort = options.port();
    oneGatePort = options.oneGatePort();
    Path state = options.state();
    if (state != null && Files.exists(state)) {
      restore(state);
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

  Cloud cloud() {
    return cloud;
  }

  /** Where XML-RPC is served, such as {@code http://127.0.0.1:2633/RPC2}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + rpcPort + "/RPC2");
  }

  /** Where OneGate is served, such as {@code http://127.0.0.1:5030}. */
  public URI oneGate() {
    return URI.create("http://127.0.0.1:" + oneGatePort);
  }

  /** What goes wrong with XML-RPC. */
  public Faults faults() {
    return faults;
  }

  /** What goes wrong with OneGate. */
  public Faults oneGateFaults() {
    return oneGateFaults;
  }

  /** The requests so far, oldest first, without passwords and tokens. */
  public List<LoggedRequest> requests() {
    return List.copyOf(requests);
  }

  public boolean hasUser(String name) {
    return read(() -> cloud.user(name).isPresent());
  }

  /** Forgets the requests so far. */
  public void clearRequests() {
    requests.clear();
  }

  /** Adds a user of the group {@code users}; gives its id: 2 for the first. */
  public int addUser(String name, String password) {
    return addUser(name, password, 1);
  }

  private int addUser(String name, String password, int gid) {
    return change(() -> cloud.addUser(name, password, gid));
  }

  /** Adds a VM template in either form, owned by a user, with USE and MANAGE for that user. */
  public int addTemplate(int owner, String name, String template) {
    return change(() -> cloud.addTemplate(cloud.user(owner), name, parsed(template)));
  }

  /** Makes a VM of a template for the template's owner; gives its id: 0 for the first. */
  public int instantiate(int templateId, String name) {
    return instantiate(templateId, name, "");
  }

  /** The same with attributes that are merged over the template first, such as user inputs. */
  public int instantiate(int templateId, String name, String extra) {
    return change(
        () -> {
          VmTemplate template = cloud.template(templateId);
          StoredUser owner = cloud.user(template.header().uid());
          return cloud.instantiate(owner, template, name, parsed(extra));
        });
  }

  /** A new login token of a user, good for so long. */
  public String issueToken(String user, Duration good) {
    String secret = Hash.random();
    Token token = new Token(options.clock().instant().plus(good).getEpochSecond());
    return change(
        () -> {
          cloud.put(named(user).withToken(secret, token));
          return secret;
        });
  }

  /** Lets a token end now. */
  public void expireToken(String user, String secret) {
    Token over = new Token(options.clock().instant().getEpochSecond());
    change(
        () -> {
          cloud.put(named(user).withToken(secret, over));
          return user;
        });
  }

  public void revokeToken(String user, String secret) {
    change(
        () -> {
          cloud.put(named(user).withoutToken(secret));
          return user;
        });
  }

  /** Disables or enables a user; a disabled one cannot authenticate. */
  public void setEnabled(String user, boolean enabled) {
    change(
        () -> {
          cloud.put(named(user).withEnabled(enabled));
          return user;
        });
  }

  /** Lets a user use, manage or administer one object by an access rule. */
  public void grant(String user, Kind kind, int object, Right... rights) {
    long mask = 0;
    for (Right right : rights) {
      mask |= right.bit;
    }
    long bits = mask;
    change(
        () -> {
          Rule rule = Rule.single(0, named(user).id(), kind, object, bits);
          return cloud.addRule(rule.user(), rule.resource(), rule.rights());
        });
  }

  /** Takes back every access rule of a user on one object. */
  public void revoke(String user, Kind kind, int object) {
    change(
        () -> {
          Rule rule = Rule.single(0, named(user).id(), kind, object, 0);
          cloud
              .rules
              .values()
              .removeIf(each -> each.user() == rule.user() && each.resource() == rule.resource());
          return user;
        });
  }

  /** Locks a VM or a template: 1 USE, 2 MANAGE, 3 ADMIN, 4 all; 0 unlocks. */
  public void lock(Kind kind, int object, int level) {
    Header.Lock lock = level == 0 ? null : new Header.Lock(level, 0, cloud.now());
    change(
        () -> {
          switch (kind) {
            case VM -> {
              StoredVm vm = cloud.machine(object);
              cloud.put(vm.with(vm.header().withLock(lock)));
            }
            case TEMPLATE -> {
              VmTemplate template = cloud.template(object);
              cloud.put(template.with(template.header().withLock(lock)));
            }
            case USER -> throw new IllegalArgumentException("a user cannot be locked");
          }
          return object;
        });
  }

  /** Sets a VM's state, such as 3 and 3 for ACTIVE and RUNNING. */
  public void setState(int vmId, int state, int lcmState) {
    change(
        () -> {
          StoredVm vm = cloud.machine(vmId);
          long end = state == StoredVm.DONE ? cloud.now() : 0;
          cloud.put(vm.with(vm.life().to(state, lcmState, end)));
          return vmId;
        });
  }

  /** Deletes a VM as oned does: it stays, in state DONE. */
  public void delete(int vmId) {
    setState(vmId, StoredVm.DONE, 0);
  }

  /** Updates as oneadmin would with {@code onevm update}: merges into USER_TEMPLATE. */
  public void updateVm(int vmId, String template) {
    change(
        () -> {
          StoredVm vm = cloud.machine(vmId);
          Attributes merged = vm.userTemplate().merged(parsed(template)).stored();
          cloud.put(vm.withUserTemplate(merged));
          return vmId;
        });
  }

  /** The VM's USER_TEMPLATE: values are {@code String}, {@code Map}, or {@code List} of them. */
  public Map<String, Object> userTemplate(int vmId) {
    return read(() -> cloud.machine(vmId).userTemplate().asMap());
  }

  /** The VM's TEMPLATE, with its context, in the same form. */
  public Map<String, Object> vmTemplate(int vmId) {
    return read(() -> cloud.machine(vmId).template().asMap());
  }

  /** The attributes of a VM template, in the same form. */
  public Map<String, Object> template(int templateId) {
    return read(() -> cloud.template(templateId).attributes().asMap());
  }

  /** The attributes of a user, in the same form. */
  public Map<String, Object> userAttributes(int userId) {
    return read(() -> cloud.user(userId).attributes().asMap());
  }

  /** The text of context.sh as the VM finds it. */
  public String contextSh(int vmId) {
    return read(() -> ContextDisk.contextSh(cloud.machine(vmId).template().vector("CONTEXT")));
  }

  /** The OneGate token of the VM; empty without TOKEN=YES, or if the owner can have none. */
  public Optional<String> oneGateToken(int vmId) {
    return read(() -> FakeOneGate.token(cloud, cloud.machine(vmId)));
  }

  /** Writes context.sh, and token.txt if the VM has a token, into a folder. */
  public void writeContext(int vmId, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("context.sh"), contextSh(vmId));
    Optional<String> token = oneGateToken(vmId);
    if (token.isPresent()) {
      Files.writeString(folder.resolve("token.txt"), token.get() + "\n");
    }
  }

  /** Closes both ports; everything is kept for {@link #restart()}. */
  public synchronized void stop() {
    faults.release();
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
      FakeOneGate gate = new FakeOneGate(cloud, oneGateFaults, requests::add, this::save);
      oneGate = new Door(oneGatePort, "thin", clock, idle, gate);
      oneGatePort = oneGate.port();
      cloud.oneGateEndpoint(oneGate().toString());
      RpcHandler handler = new RpcHandler(cloud, requests::add, this::save);
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
      cloud.restore(Json.MAPPER.readValue(Files.readString(state), Cloud.Snapshot.class));
    } catch (IOException | RuntimeException unreadable) {
      throw new IOException(
          "the state in " + state + " cannot be read: damaged, or not written by this program",
          unreadable);
    }
  }

  private void save() {
    Path state = options.state();
    if (state != null) {
      try {
        DurableFile.write(state, Json.MAPPER.writeValueAsString(cloud.snapshot()));
      } catch (IOException e) {
        throw new UncheckedIOException("writing state to " + state, e);
      }
    }
  }

  private StoredUser named(String name) {
    return cloud
        .user(name)
        .orElseThrow(() -> new IllegalArgumentException("no user of that name: " + name));
  }

  private static Attributes parsed(String template) throws ParseException {
    return TemplateForms.parse(template).stored();
  }

  /** Something that oned would refuse. */
  private interface Action<T> {
    T run() throws OnedRefusal, ParseException;
  }

  private <T> T change(Action<T> action) {
    synchronized (cloud) {
      T result = read(action);
      save();
      return result;
    }
  }

  private <T> T read(Action<T> action) {
    synchronized (cloud) {
      try {
        return action.run();
      } catch (OnedRefusal | ParseException refused) {
        throw new IllegalArgumentException(refused.getMessage(), refused);
      }
    }
  }
}
