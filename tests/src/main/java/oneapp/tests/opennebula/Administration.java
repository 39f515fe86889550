package oneapp.tests.opennebula;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import oneapp.tests.opennebula.StoredUser.Token;
import oneapp.tests.opennebula.TemplateForms.ParseException;

/**
 * What an administrator does in OpenNebula, without a network. Ids and names that do not exist give
 * {@code IllegalArgumentException}.
 */
abstract class Administration {
  private final Faults faults = new Faults();
  private final Cloud cloud;

  Administration(Clock clock) {
    cloud = new Cloud(clock, faults);
  }

  /** Keeps what was changed. */
  abstract void save();

  final Cloud cloud() {
    return cloud;
  }

  /** What goes wrong with XML-RPC. */
  public Faults faults() {
    return faults;
  }

  public boolean hasUser(String name) {
    return read(() -> cloud.user(name).isPresent());
  }

  /** Adds a user of the group {@code users}; gives its id: 2 for the first. */
  public int addUser(String name, String password) {
    return addUser(name, password, 1);
  }

  int addUser(String name, String password, int gid) {
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
    Token token = new Token(cloud.clock.instant().plus(good).getEpochSecond());
    return change(
        () -> {
          cloud.put(named(user).withToken(secret, token));
          return secret;
        });
  }

  /** Lets a token end now. */
  public void expireToken(String user, String secret) {
    Token over = new Token(cloud.clock.instant().getEpochSecond());
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
