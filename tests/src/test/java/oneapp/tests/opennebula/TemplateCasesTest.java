package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import oneapp.tests.opennebula.TemplateForms.ParseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every recorded update: the reply of oned and the template that it stored. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TemplateCasesTest {
  private static final String SESSION = "alice:alicepass-01";
  private static final AtomicInteger PASSED = new AtomicInteger();
  private static FakeOpenNebula one;

  /** One line of the recordings. */
  record Case(JsonNode json) {
    String text(String field) {
      return json.get(field).asString();
    }

    @Override
    public String toString() {
      return text("name");
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream in =
        TemplateCasesTest.class.getResourceAsStream("/oned/template-cases.jsonl")) {
      JsonMapper mapper = new JsonMapper();
      String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return lines.lines().map(line -> new Case(mapper.readTree(line))).toList();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    one = FakeOpenNebula.start();
    int alice = one.addUser("alice", "alicepass-01");
    one.instantiate(one.addTemplate(alice, "tmpl-a", "CPU=1"), "vm-a");
  }

  @AfterAll
  static void close() {
    one.close();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void allCasesPassed() throws IOException {
    System.out.printf("%d of %d cases%n", PASSED.get(), cases().size());
    assertThat(cases()).hasSize(79);
    assertThat(PASSED).hasValue(79);
  }

  @Order(1)
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void storesAndAnswersAsRecorded(Case recorded) throws IOException, ParseException, OnedRefusal {
    StoredVm vm = one.cloud().machine(0);
    one.cloud().put(vm.withUserTemplate(TemplateForms.parse(recorded.text("before"))));

    int type = recorded.text("mode").equals("append") ? 1 : 0;
    String reply =
        Rpc.call(one.endpoint(), "one.vm.update", SESSION, 0, recorded.text("input"), type);

    assertThat(values(reply))
        .as(recorded.toString())
        .isEqualTo(values(recorded.json().get("response")));
    String info = Rpc.call(one.endpoint(), "one.vm.info", SESSION, 0, false);
    String unescaped = info.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    assertThat(unescaped)
        .as(recorded.toString())
        .contains("</TEMPLATE>" + recorded.text("after") + "<HISTORY_RECORDS/>");
    PASSED.incrementAndGet();
  }

  private static String values(JsonNode response) {
    return String.join(
        "|",
        response
            .valueStream()
            .map(value -> value.isBoolean() ? (value.asBoolean() ? "1" : "0") : value.asString())
            .toList());
  }

  private static String values(String reply) {
    return String.join(
        "|",
        Stream.of(reply.split("\r\n", -1))
            .filter(line -> line.startsWith("<value>"))
            .map(line -> line.replaceAll("<[^>]*>", ""))
            .map(line -> line.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))
            .toList());
  }
}
