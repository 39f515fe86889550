package oneapp.tests.opennebula;

import java.util.Optional;
import oneapp.tests.opennebula.OnedRefusal.Code;
import oneapp.tests.opennebula.TemplateForms.ParseException;
import org.jspecify.annotations.Nullable;

/** The calls about VM templates. */
final class TemplateCalls {
  private final Cloud cloud;

  TemplateCalls(Cloud cloud) {
    this.cloud = cloud;
  }

  @Nullable Object answer(Call call) throws RpcFault, OnedRefusal {
    return switch (call.method()) {
      case "one.template.info" -> info(call);
      case "one.template.update" -> update(call);
      case "one.template.instantiate" -> instantiate(call);
      case "one.template.allocate" -> allocate(call);
      case "one.template.delete" -> delete(call);
      case "one.template.chmod" -> chmod(call);
      case "one.template.lock" -> lock(call, call.has(2) ? call.integer(2) : 4);
      case "one.template.unlock" -> lock(call, 0);
      default -> null;
    };
  }

  private String info(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    VmTemplate template = cloud.template(call.integer(1));
    cloud.authorize(caller, Kind.TEMPLATE, template.header(), Right.USE, true);
    return template.toXml();
  }

  private Integer update(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int id = call.integer(1);
    String text = call.string(2);
    int type = Calls.updateType(call);
    VmTemplate template = cloud.template(id);
    cloud.authorize(caller, Kind.TEMPLATE, template.header(), Right.MANAGE, false);
    Attributes old = template.attributes();
    cloud.put(template.with(cloud.updated(caller, old, text, type, Code.INTERNAL, Restricted.VM)));
    return id;
  }

  private Integer instantiate(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    VmTemplate template = cloud.template(call.integer(1));
    String name = call.string(2);
    boolean hold = call.bool(3, false);
    cloud.authorize(caller, Kind.TEMPLATE, template.header(), Right.USE, false);
    Attributes extra = parsed(call.has(4) ? call.string(4) : "");
    Attributes merged = template.attributes().merged(extra);
    Optional<String> violated = Restricted.VM.firstChanged(template.attributes(), merged);
    if (!caller.isAdmin() && violated.isPresent()) {
      throw new OnedRefusal(
          Code.AUTHORIZATION, "User Template includes a restricted attribute " + violated.get());
    }
    return cloud.instantiate(
        caller, template, name, hold ? extra.with("SUBMIT_ON_HOLD", "YES") : extra);
  }

  private Integer allocate(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    Attributes attributes = parsed(call.string(1));
    return cloud.addTemplate(caller, attributes.value("NAME"), attributes);
  }

  private static Attributes parsed(String text) throws OnedRefusal {
    try {
      return TemplateForms.parse(text);
    } catch (ParseException unreadable) {
      throw new OnedRefusal(Code.INTERNAL, String.valueOf(unreadable.getMessage()));
    }
  }

  private Integer delete(Call call) throws RpcFault, OnedRefusal {
    VmTemplate template = managed(call, false);
    cloud.templates.remove(template.header().id());
    return template.header().id();
  }

  private Integer chmod(Call call) throws RpcFault, OnedRefusal {
    VmTemplate template = managed(call, false);
    String permissions = Calls.permissions(call, template.header().permissions());
    cloud.put(template.with(template.header().withPermissions(permissions)));
    return template.header().id();
  }

  private Integer lock(Call call, int level) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    VmTemplate template = managed(call, true);
    Header.Lock lock = level == 0 ? null : new Header.Lock(level, caller.id(), cloud.now());
    cloud.put(template.with(template.header().withLock(lock)));
    return template.header().id();
  }

  private VmTemplate managed(Call call, boolean despiteLock) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    VmTemplate template = cloud.template(call.integer(1));
    cloud.authorize(caller, Kind.TEMPLATE, template.header(), Right.MANAGE, despiteLock);
    return template;
  }

  @Nullable Object pool(Call call) throws RpcFault, OnedRefusal {
    if (!call.method().equals("one.templatepool.info")) {
      return null;
    }
    StoredUser caller = cloud.authenticate(call.string(0));
    int filter = call.integer(1);
    StringBuilder xml = new StringBuilder("<VMTEMPLATE_POOL>");
    for (VmTemplate template : cloud.templates.values()) {
      if (Calls.isInRange(call, 2, template.header().id())
          && Calls.isWanted(filter, caller, template.header())
          && isVisible(caller, template)) {
        xml.append(template.toXml());
      }
    }
    return xml.append("</VMTEMPLATE_POOL>").toString();
  }

  private boolean isVisible(StoredUser caller, VmTemplate template) {
    try {
      cloud.authorize(caller, Kind.TEMPLATE, template.header(), Right.USE, true);
      return true;
    } catch (OnedRefusal hidden) {
      return false;
    }
  }
}
