package oneapp.tests.opennebula;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import oneapp.tests.opennebula.Http.Answer;
import tools.jackson.databind.json.JsonMapper;

/** OneGate: a VM reads itself and writes its own USER_TEMPLATE with the token from its context. */
final class FakeOneGate implements Door.Handler {
  private static final Set<String> REFUSED =
      Set.of("SCHED_REQUIREMENTS", "SERVICE_ID", "ROLE_NAME");
  private static final String TYPE = "application/json;charset=utf-8";
  private static final JsonMapper JSON = new JsonMapper();

  private final Cloud cloud;
  private final Faults faults;
  private final Consumer<LoggedRequest> log;
  private final Runnable changed;

  FakeOneGate(Cloud cloud, Faults faults, Consumer<LoggedRequest> log, Runnable changed) {
    this.cloud = cloud;
    this.faults = faults;
    this.log = log;
    this.changed = changed;
  }

  /** An answer other than 200, with its reason as the body. */
  private static final class Halt extends Exception {
    private static final long serialVersionUID = 1L;
    final int status;

    Halt(int status, String why) {
      super(why);
      this.status = status;
    }
  }

  @Override
  public Answer answer(Http.Request request) throws InterruptedException {
    faults.hold();
    int status = faults.nextHttpStatus();
    if (status != 0) {
      return Answer.of(status, TYPE, "");
    }
    String body =
        new String(request.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    String id = request.header("x-onegate-vmid");
    int vmId = id.matches("[0-9]{1,9}") ? Integer.parseInt(id) : -1;
    String call = request.method() + " " + request.path();
    log.accept(new LoggedRequest(cloud.clock.instant(), call, "", vmId, body));
    try {
      synchronized (cloud) {
        StoredVm vm = authenticated(vmId, request.header("x-onegate-token"));
        return switch (call) {
          case "GET /vm" -> Answer.of(200, TYPE, json(vm));
          case "PUT /vm" -> {
            update(vm, request.query(), body);
            yield Answer.of(200, TYPE, "");
          }
          default -> throw new Halt(404, "Not found");
        };
      }
    } catch (Halt halt) {
      return Answer.of(halt.status, TYPE, String.valueOf(halt.getMessage()));
    }
  }

  private StoredVm authenticated(int vmId, String token) throws Halt {
    Optional<String> expected = Optional.ofNullable(cloud.machines.get(vmId)).flatMap(this::token);
    if (token.isEmpty() || !expected.equals(Optional.of(token))) {
      throw new Halt(401, "Not authorized");
    }
    StoredVm vm = cloud.machines.get(vmId);
    if (vm == null || vm.life().state() == StoredVm.DONE) {
      throw new Halt(404, "Error getting virtual machine [" + vmId + "].");
    }
    return vm;
  }

  /** The token of a VM, if its context asks for one and its owner can have tokens. */
  private Optional<String> token(StoredVm vm) {
    return token(cloud, vm);
  }

  static Optional<String> token(Cloud cloud, StoredVm vm) {
    StoredUser owner = cloud.users.get(vm.header().uid());
    String password = owner == null ? "" : owner.attributes().value("TOKEN_PASSWORD");
    boolean wanted =
        vm.template().vector("CONTEXT").getOrDefault("TOKEN", "").equalsIgnoreCase("YES");
    return wanted && !password.isEmpty()
        ? Optional.of(ContextDisk.token(vm.id(), vm.life().start(), password))
        : Optional.empty();
  }

  private void update(StoredVm vm, String query, String body) throws Halt {
    boolean delete = query.matches("(.*&)?type=2(&.*)?");
    Attributes attributes = vm.userTemplate();
    for (String line : body.split("\r?\n", -1)) {
      if (line.isBlank()) {
        continue;
      }
      int equal = line.indexOf('=');
      String name = (equal < 0 ? line : line.substring(0, equal)).strip();
      if (!name.matches("\\w+") || (equal < 0 && !delete)) {
        throw new Halt(500, "Parse error in: " + name);
      }
      if (REFUSED.contains(OnedAttribute.upper(name))) {
        throw new Halt(403, "Attribute " + name + " cannot be changed");
      }
      if (delete) {
        attributes = attributes.without(OnedAttribute.upper(name));
      } else {
        OnedAttribute given = OnedAttribute.single(name, value(line.substring(equal + 1).strip()));
        attributes = attributes.merged(new Attributes(List.of(given)));
      }
    }
    if (attributes.survivesStorage() && !faults.losesThisWrite()) {
      cloud.put(vm.withUserTemplate(attributes));
      changed.run();
    }
  }

  /** The value as OneGate makes it of what was sent: some kinds fail, backslashes double. */
  private static String value(String sent) throws Halt {
    String value = sent;
    if (sent.startsWith("\"")) {
      boolean whole = sent.length() > 1 && sent.endsWith("\"");
      value = whole ? sent.substring(1, sent.length() - 1) : sent;
      if (!whole || value.matches(".*[,=\\[\\]\"].*")) {
        throw new Halt(500, "Parse error: syntax error");
      }
    } else if (sent.matches(".*[,\\[\\]\"#].*")) {
      throw new Halt(500, "Parse error: syntax error");
    }
    return value.replace("\\", "\\\\");
  }

  private static String json(StoredVm vm) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("NAME", vm.header().name());
    shown.put("ID", String.valueOf(vm.id()));
    shown.put("STATE", String.valueOf(vm.life().state()));
    shown.put("LCM_STATE", String.valueOf(vm.life().lcmState()));
    shown.put("USER_TEMPLATE", vm.userTemplate().without("SCHED_MESSAGE").asMap());
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("NIC", vm.template().all("NIC").stream().map(OnedAttribute::inside).toList());
    shown.put("TEMPLATE", template);
    return JSON.writeValueAsString(Map.of("VM", shown));
  }
}
