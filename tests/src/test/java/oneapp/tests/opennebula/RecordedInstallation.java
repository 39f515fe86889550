package oneapp.tests.opennebula;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
import oneapp.tests.opennebula.StoredUser.Token;
import oneapp.tests.opennebula.StoredVm.Life;
import oneapp.tests.opennebula.TemplateForms.ParseException;

/** The installations that the exchanges were recorded in, with their ids, times and hashes. */
final class RecordedInstallation {
  private static final String OLD_TOKEN =
      "5910cdfe9fc9e6baff64ea3e84f6f3a43afb1c6fbb927854eb8b6a9a515c2f83";
  private static final String SHORT_TOKEN =
      "666c82f34ad460c26f9ec7fe17b3b029cb38da316cdced907b357f7f8814bf10";
  private static final String LOGIN_TOKEN =
      "3aca279cd845c3d435cefd22ce5b165a72cac33c274433c94ab92bb043019a2e";
  private static final String TEMPLATE =
      """
      CPU=0.1
      VCPU=1
      MEMORY=64
      GREETING="hello"
      my_lower="lowercase name"
      CONTEXT=[NETWORK="YES", TOKEN="YES", SSH_PUBLIC_KEY="$USER[SSH_PUBLIC_KEY]", MYVAR="$MY_LOWER"]
      """;

  private RecordedInstallation() {}

  /** The installation as it was before the exchange of that name. */
  static FakeOpenNebula before(String exchange) throws IOException, OnedRefusal {
    long now = exchange.startsWith("108") ? 1795490976L : 1795490973L;
    long start = exchange.compareTo("017") < 0 ? 1795491518L : now;
    Clock clock = Clock.fixed(Instant.ofEpochSecond(start), ZoneOffset.UTC);
    FakeOpenNebula one = FakeOpenNebula.start(Options.standard().withClock(clock));
    one.cloud().oneGateEndpoint("http://127.0.0.1:5030");
    tokenPassword(one, 0, "4e2e8c12c26f95b06b3d14cf2ba90d30ea45a74d961c6a355aa66ca143240104");
    int alice = one.addUser("alice", "alicepass-01");
    tokenPassword(one, alice, "67fbfdb51f865a0a7fd1d6e21b51a1f057bcca9e38e72034406e54f9ccf8ed27");
    one.addUser("bob", "bobpass-0001");
    int template = one.addTemplate(alice, "tmpl-a", TEMPLATE);
    if (exchange.startsWith("007")) {
      token(one, LOGIN_TOKEN, 1795495118L);
    } else {
      one.instantiate(template, "vm-a");
      uuid(one, 0, "784941eb-4ab4-4bcf-9319-26023b6c0f1e");
      one.instantiate(template, "vm-hold", "EXTRA_USER_ATTR=x\nSUBMIT_ON_HOLD=YES");
      uuid(one, 1, "11e04a63-3e55-4a71-93db-6fec79775aad");
      token(one, OLD_TOKEN, 1795494481L);
      token(one, SHORT_TOKEN, 1795490975L);
    }
    if (exchange.startsWith("107")) {
      StoredUser user = one.cloud().user(alice);
      one.cloud().put(user.with(parsed("D=3\nONLY=this\nVEC=[C=z]")));
    }
    if (exchange.startsWith("30") || exchange.startsWith("313")) {
      stateVm(one, alice, exchange);
    }
    return one;
  }

  /** VM 4 of template 8, both of alice; deleted, or locked. */
  private static void stateVm(FakeOpenNebula one, int alice, String exchange) throws OnedRefusal {
    StoredUser owner = one.cloud().user(alice);
    Header header = new Header(8, alice, 1, "alice", "users", "t8", Header.OWNER_ONLY, null);
    one.cloud().put(new VmTemplate(header, 0, Attributes.NONE));
    one.lock(Kind.TEMPLATE, 8, 2);
    Header vm = new Header(4, alice, 1, owner.name(), "users", "statevm", Header.OWNER_ONLY, null);
    Attributes template =
        parsed(
            """
            AUTOMATIC_REQUIREMENTS="!(PIN_POLICY = PINNED)"
            CPU=0.1
            MEMORY=64
            OS=[UUID="369d5672-63a3-4b7f-8c36-5578711e7c66"]
            TEMPLATE_ID=8
            TM_MAD_SYSTEM=dummy
            VMID=4
            """);
    Attributes user =
        parsed(
            "IN_DONE=1\nIN_HOLD=1\nIN_LOCKED_ADMIN=1\nIN_PENDING=1\nIN_POWEROFF=1\nIN_RUNNING=1");
    Life life =
        new Life(
            StoredVm.DONE,
            0,
            1795491169L,
            1795491170L,
            "dummyhost:statevm:dummy",
            history(0, 1795491169L, 1795491169L, 1795491169L, 0, 20, 3518)
                + history(1, 1795491170L, 0, 1795491170L, 1795491170L, 28, 8990));
    one.cloud().put(new StoredVm(vm, life, template, user));
    if (exchange.startsWith("30-")) {
      one.lock(Kind.VM, 4, 2);
    }
  }

  private static String history(
      int sequence, long start, long prolog, long running, long epilog, int action, int request) {
    return ("<HISTORY><OID>4</OID><SEQ>%d</SEQ><HOSTNAME>dummyhost</HOSTNAME><HID>0</HID><CID>0</CID>"
            + "<STIME>%d</STIME><ETIME>1795491170</ETIME><VM_MAD><![CDATA[dummy]]></VM_MAD>"
            + "<TM_MAD><![CDATA[dummy]]></TM_MAD><DS_ID>0</DS_ID><PLAN_ID>-2</PLAN_ID>"
            + "<ACTION_ID>-1</ACTION_ID><PSTIME>%4$d</PSTIME><PETIME>%4$d</PETIME>"
            + "<RSTIME>%3$d</RSTIME><RETIME>1795491170</RETIME><ESTIME>%5$d</ESTIME>"
            + "<EETIME>%5$d</EETIME><ACTION>%6$d</ACTION><UID>2</UID><GID>1</GID>"
            + "<REQUEST_ID>%7$d</REQUEST_ID></HISTORY>")
        .formatted(sequence, start, running, prolog, epilog, action, request);
  }

  private static void tokenPassword(FakeOpenNebula one, int user, String value) throws OnedRefusal {
    one.cloud().put(one.cloud().user(user).with(Attributes.NONE.with("TOKEN_PASSWORD", value)));
  }

  private static void token(FakeOpenNebula one, String secret, long expires) throws OnedRefusal {
    one.cloud().put(one.cloud().user(2).withToken(secret, new Token(expires)));
  }

  private static void uuid(FakeOpenNebula one, int vmId, String uuid) throws OnedRefusal {
    StoredVm vm = one.cloud().machine(vmId);
    SortedMap<String, String> os = new TreeMap<>();
    os.put("UUID", uuid);
    one.cloud().put(vm.withTemplate(vm.template().with("OS", os)));
  }

  private static Attributes parsed(String text) {
    try {
      return TemplateForms.parse(text);
    } catch (ParseException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
