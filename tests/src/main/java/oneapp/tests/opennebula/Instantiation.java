package oneapp.tests.opennebula;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a VM of a template: what oned knows goes into TEMPLATE, every other top-level attribute
 * into USER_TEMPLATE, and the context gets its variables resolved and the server's own added.
 */
final class Instantiation {
  private static final Set<String> KNOWN =
      Set.of(
          "BACKUP_CONFIG",
          "CONTEXT",
          "CPU",
          "CPU_COST",
          "CPU_MODEL",
          "DISK",
          "DISK_COST",
          "EMULATOR",
          "FEATURES",
          "GRAPHICS",
          "HYPERV_OPTIONS",
          "INPUT",
          "MEMORY",
          "MEMORY_COST",
          "MEMORY_MAX",
          "MEMORY_SLOTS",
          "NIC",
          "NIC_ALIAS",
          "NUMA_NODE",
          "OS",
          "PCI",
          "RAW",
          "SUBMIT_ON_HOLD",
          "TOPOLOGY",
          "TPM",
          "VCPU",
          "VCPU_MAX",
          "VIDEO",
          "VMGROUP");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(\\w+)(?:\\[\\s*(\\w+)\\s*(?:,[^\\]]*)?\\])?");
  private static final List<String> NETWORK =
      List.of("IP", "MAC", "MASK", "NETWORK", "GATEWAY", "DNS", "SEARCH_DOMAIN", "MTU", "METRIC");
  private static final Map<String, String> NIC_NAMES =
      Map.of("MASK", "NETWORK_MASK", "NETWORK", "NETWORK_ADDRESS", "MTU", "GUEST_MTU");

  private final Attributes source;
  private final Header header;
  private final StoredUser owner;

  private Instantiation(Attributes source, Header header, StoredUser owner) {
    this.source = source;
    this.header = header;
    this.owner = owner;
  }

  static StoredVm machine(
      Attributes source,
      Header header,
      StoredUser owner,
      int templateId,
      long now,
      String oneGate) {
    return new Instantiation(source, header, owner).machine(templateId, now, oneGate);
  }

  private StoredVm machine(int templateId, long now, String oneGate) {
    String id = String.valueOf(header.id());
    Attributes template = source.filtered(attribute -> KNOWN.contains(attribute.name()));
    template = numbered(numbered(numbered(template, "NIC"), "PCI"), "DISK");
    SortedMap<String, String> os = template.vector("OS");
    os.put("UUID", UUID.randomUUID().toString());
    template =
        template
            .with("AUTOMATIC_REQUIREMENTS", "!(PIN_POLICY = PINNED)")
            .with("CREATED_BY", String.valueOf(owner.id()))
            .with("OS", os)
            .with("TEMPLATE_ID", String.valueOf(templateId))
            .with("VMID", id);
    if (source.first("CONTEXT").isPresent()) {
      template = template.with("CONTEXT", context(template, oneGate));
    }
    boolean hold = template.value("SUBMIT_ON_HOLD").equalsIgnoreCase("YES");
    int state = hold ? StoredVm.HOLD : StoredVm.PENDING;
    return new StoredVm(
        header,
        new StoredVm.Life(state, 0, now, 0, "", ""),
        template,
        source
            .filtered(attribute -> !KNOWN.contains(attribute.name()))
            .without("NAME")
            .without("TEMPLATE_ID")
            .without("VMID"));
  }

  private SortedMap<String, String> context(Attributes template, String oneGate) {
    SortedMap<String, String> context = source.vector("CONTEXT");
    context.replaceAll((name, value) -> resolved(value));
    List<OnedAttribute> disks = template.all("DISK");
    context.put("DISK_ID", String.valueOf(disks.size()));
    context.put("TARGET", "hd" + (char) ('a' + disks.size()));
    context.put("VMID", String.valueOf(header.id()));
    if (context.getOrDefault("TOKEN", "").equalsIgnoreCase("YES")) {
      context.put("ONEGATE_ENDPOINT", oneGate);
    }
    if (context.getOrDefault("NETWORK", "").equalsIgnoreCase("YES")) {
      for (OnedAttribute nic : template.all("NIC")) {
        String eth = "ETH" + nic.inside().get("NIC_ID") + "_";
        for (String name : NETWORK) {
          String inNic = NIC_NAMES.getOrDefault(name, name);
          context.put(eth + name, nic.inside().getOrDefault(inNic, ""));
        }
      }
    }
    add(context, template.all("PCI"), "PCI", "VM_ADDRESS", "_ADDRESS");
    add(context, disks, "DISK", "MOUNT_POINT", "_MOUNT_POINT");
    return context;
  }

  private static void add(
      SortedMap<String, String> context,
      List<OnedAttribute> devices,
      String kind,
      String from,
      String suffix) {
    for (OnedAttribute device : devices) {
      String value = device.inside().get(from);
      if (value != null) {
        context.put(kind + device.inside().get(kind + "_ID") + suffix, value);
      }
    }
  }

  private static Attributes numbered(Attributes template, String kind) {
    UnaryOperator<List<OnedAttribute>> number =
        devices -> {
          List<OnedAttribute> numbered = new ArrayList<>();
          for (OnedAttribute device : devices) {
            SortedMap<String, String> values = new TreeMap<>(device.inside());
            values.put(kind + "_ID", String.valueOf(numbered.size()));
            numbered.add(new OnedAttribute(kind, null, values));
          }
          return numbered;
        };
    return template.merged(new Attributes(number.apply(template.all(kind))));
  }

  private String resolved(String value) {
    return VARIABLE.matcher(value).replaceAll(match -> literal(lookUp(match)));
  }

  private static String literal(String text) {
    return Matcher.quoteReplacement(text);
  }

  private String lookUp(MatchResult variable) {
    String name = variable.group(1);
    String inner = variable.group(2);
    if (inner != null) {
      return name.equals("USER")
          ? owner.attributes().value(inner)
          : source.vector(name).getOrDefault(inner, "");
    }
    return switch (name) {
      case "NAME" -> header.name();
      case "VMID" -> String.valueOf(header.id());
      case "UID" -> String.valueOf(header.uid());
      case "GID" -> String.valueOf(header.gid());
      case "UNAME" -> header.uname();
      case "GNAME" -> header.gname();
      default -> source.value(name);
    };
  }
}
