package oneapp.tests.opennebula;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.data.Text;
import oneapp.tests.opennebula.OnedRefusal.Code;
import oneapp.tests.opennebula.TemplateForms.ParseException;
import org.jspecify.annotations.Nullable;

/** Everything the stand-in keeps, and oned's rules for it. Callers hold this object's lock. */
final class Cloud {
  /** All state, as it is written to a file. */
  record Snapshot(
      int nextVm,
      int nextTemplate,
      int nextRule,
      List<StoredUser> users,
      List<VmTemplate> templates,
      List<StoredVm> machines,
      List<Rule> rules) {}

  final NavigableMap<Integer, StoredUser> users = new TreeMap<>();
  final NavigableMap<Integer, VmTemplate> templates = new TreeMap<>();
  final NavigableMap<Integer, StoredVm> machines = new TreeMap<>();
  final NavigableMap<Integer, Rule> rules = new TreeMap<>();
  final Clock clock;
  final Faults faults;
  private String oneGateEndpoint = "http://127.0.0.1:5030";
  private int nextVm;
  private int nextTemplate;
  private int nextRule;

  Cloud(Clock clock, Faults faults) {
    this.clock = clock;
    this.faults = faults;
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  void oneGateEndpoint(String endpoint) {
    oneGateEndpoint = endpoint;
  }

  Snapshot snapshot() {
    return new Snapshot(
        nextVm,
        nextTemplate,
        nextRule,
        List.copyOf(users.values()),
        List.copyOf(templates.values()),
        List.copyOf(machines.values()),
        List.copyOf(rules.values()));
  }

  void restore(Snapshot snapshot) {
    nextVm = snapshot.nextVm();
    nextTemplate = snapshot.nextTemplate();
    nextRule = snapshot.nextRule();
    snapshot.users().forEach(this::put);
    snapshot.templates().forEach(this::put);
    snapshot.machines().forEach(this::put);
    snapshot.rules().forEach(rule -> rules.put(rule.id(), rule));
  }

  void put(StoredUser user) {
    users.put(user.id(), user);
  }

  void put(VmTemplate template) {
    templates.put(template.header().id(), template);
    nextTemplate = Math.max(nextTemplate, template.header().id() + 1);
  }

  void put(StoredVm machine) {
    machines.put(machine.id(), machine);
    nextVm = Math.max(nextVm, machine.id() + 1);
  }

  Optional<StoredUser> user(String name) {
    return users.values().stream().filter(user -> user.name().equals(name)).findFirst();
  }

  StoredUser authenticate(String session) throws OnedRefusal {
    int colon = session.indexOf(':');
    if (colon > 0) {
      Optional<StoredUser> user = user(session.substring(0, colon));
      if (user.isPresent() && user.get().accepts(session.substring(colon + 1), clock.instant())) {
        return user.get();
      }
    }
    throw new OnedRefusal(Code.AUTHENTICATION, "User couldn't be authenticated, aborting call.");
  }

  int addUser(String name, String password, int gid) throws OnedRefusal {
    if (user(name).isPresent()) {
      throw new OnedRefusal(
          Code.INTERNAL,
          "Error allocating a new user. NAME is already taken by USER " + name + ".");
    }
    int id = users.isEmpty() ? 0 : users.lastKey() + 1;
    Attributes attributes = Attributes.NONE.with("TOKEN_PASSWORD", Hash.random());
    put(new StoredUser(id, name, gid, Hash.sha256(password), true, new TreeMap<>(), attributes));
    return id;
  }

  int addTemplate(StoredUser owner, String name, Attributes attributes) {
    int id = nextTemplate;
    put(
        new VmTemplate(
            header(id, owner, name.isEmpty() ? "template-" + id : name),
            now(),
            attributes.without("NAME")));
    return id;
  }

  /** Makes a VM; {@code extra} is merged over the template first. */
  int instantiate(StoredUser owner, VmTemplate template, String name, Attributes extra) {
    int id = nextVm;
    String vmName = name.isEmpty() ? template.header().name() + "-" + id : name;
    put(
        Instantiation.machine(
            template.attributes().merged(extra),
            header(id, owner, vmName),
            owner,
            template.header().id(),
            now(),
            oneGateEndpoint));
    return id;
  }

  private static Header header(int id, StoredUser owner, String name) {
    return new Header(
        id, owner.id(), owner.gid(), owner.name(), owner.gname(), name, Header.OWNER_ONLY, null);
  }

  int addRule(long user, long resource, long rights) throws OnedRefusal {
    Rule rule = new Rule(nextRule, user, resource, rights);
    for (Rule other : rules.values()) {
      if (other.sameAs(rule)) {
        throw new OnedRefusal(Code.INTERNAL, "Rule already exists with ID " + other.id());
      }
    }
    rules.put(rule.id(), rule);
    return nextRule++;
  }

  StoredVm machine(int id) throws OnedRefusal {
    return existing(Kind.VM, id, machines.get(id));
  }

  VmTemplate template(int id) throws OnedRefusal {
    return existing(Kind.TEMPLATE, id, templates.get(id));
  }

  StoredUser user(int id) throws OnedRefusal {
    return existing(Kind.USER, id, users.get(id));
  }

  static <T> T existing(Kind kind, int id, @Nullable T object) throws OnedRefusal {
    if (object == null) {
      throw new OnedRefusal(
          Code.NO_EXISTS, Text.format("Error getting %s [%d].", kind.words, id), id);
    }
    return object;
  }

  /** Refuses unless {@code caller} has the right; a lock counts unless it is only looked at. */
  void authorize(StoredUser caller, Kind kind, Header header, Right right, boolean despiteLock)
      throws OnedRefusal {
    Header.Lock lock = header.lock();
    boolean locked = !despiteLock && lock != null && lock.blocks(right);
    if (!caller.isAdmin()
        && (locked
            || !(header.permits(caller, right)
                || granted(caller, kind, header.id(), header.gid(), right)))) {
      throw unauthorized(caller, right + " " + kind + " [" + header.id() + "]");
    }
  }

  /** A user may do with itself what an owner may; -1 names nobody and is refused as such. */
  void authorize(StoredUser caller, int userId, Right right) throws OnedRefusal {
    boolean self = userId == caller.id() && right != Right.ADMIN;
    if (!caller.isAdmin() && !self && !granted(caller, Kind.USER, userId, 1, right)) {
      String which = userId < 0 ? "" : " [" + userId + "]";
      throw unauthorized(caller, right + " USER" + which);
    }
  }

  void authorizeAdmin(StoredUser caller, String what) throws OnedRefusal {
    if (!caller.isAdmin()) {
      throw unauthorized(caller, what);
    }
  }

  private static OnedRefusal unauthorized(StoredUser caller, String what) {
    return new OnedRefusal(
        Code.AUTHORIZATION,
        Text.format("User [%d] : Not authorized to perform %s.", caller.id(), what));
  }

  boolean granted(StoredUser caller, Kind kind, int object, int group, Right right) {
    return rules.values().stream()
        .anyMatch(rule -> rule.grants(caller, kind, object, group, right));
  }

  /**
   * The template after an update, or the old one where oned loses the write without a word.
   *
   * @param parseError what oned calls an unreadable template in this call
   * @param type 1 merges, 0 replaces
   */
  Attributes updated(
      StoredUser caller,
      Attributes old,
      String text,
      int type,
      Code parseError,
      Restricted restricted)
      throws OnedRefusal {
    Attributes given;
    String prefix = "Cannot update template. ";
    try {
      given = TemplateForms.parse(text);
    } catch (ParseException unreadable) {
      String message = String.valueOf(unreadable.getMessage());
      throw new OnedRefusal(parseError, parseError == Code.ACTION ? message : prefix + message);
    }
    Attributes changed = (type == 1 ? old.merged(given) : given).stored();
    if (!caller.isAdmin()) {
      Optional<String> violated = restricted.firstChanged(old, changed);
      if (violated.isPresent()) {
        throw new OnedRefusal(
            Code.INTERNAL,
            prefix + "User Template includes a restricted attribute " + violated.get());
      }
    }
    return changed.survivesStorage() && !faults.losesThisWrite() ? changed : old;
  }

  /** What a user's VMs take up, in the form of oned's quotas. */
  String vmQuota(int uid) {
    List<StoredVm> own = machines.values().stream().filter(vm -> vm.header().uid() == uid).toList();
    if (own.isEmpty()) {
      return "";
    }
    double cpu = 0;
    long memory = 0;
    int count = 0;
    for (StoredVm vm : own) {
      if (vm.life().state() != StoredVm.DONE) {
        cpu += number(vm.template().value("CPU"));
        memory += (long) number(vm.template().value("MEMORY"));
        count++;
      }
    }
    String cpuUsed = String.format(Locale.ROOT, "%.2f", cpu);
    StringBuilder xml = new StringBuilder("<VM>");
    for (String running : List.of("", "RUNNING_")) {
      quota(xml, running + "CPU", cpuUsed);
      quota(xml, running + "MEMORY", String.valueOf(memory));
      quota(xml, running + "PCI_DEV", "0");
      quota(xml, running + "PCI_NIC", "0");
      if (!running.isEmpty()) {
        quota(xml, "RUNNING_VMS", String.valueOf(count));
      }
    }
    quota(xml, "SYSTEM_DISK_SIZE", "0");
    quota(xml, "VMS", String.valueOf(count));
    return xml.append("</VM>").toString();
  }

  private static void quota(StringBuilder xml, String name, String used) {
    xml.append(Text.format("<%1$s><![CDATA[-1]]></%1$s>", name));
    xml.append(Text.format("<%1$s_USED><![CDATA[%2$s]]></%1$s_USED>", name, used));
  }

  private static double number(String text) {
    return text.matches("[0-9]+(\\.[0-9]+)?") ? Double.parseDouble(text) : 0;
  }
}
