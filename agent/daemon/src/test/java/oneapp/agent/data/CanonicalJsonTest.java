package oneapp.agent.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each document also goes through another implementation of RFC 8785, Rundgren's. */
class CanonicalJsonTest {
  private static String canonical(String document) {
    String text =
        new String(CanonicalJson.bytes(CanonicalJson.parse(document.getBytes(UTF_8))), UTF_8);
    if (document.matches("(?s)\\s*[{\\[].*")) { // It takes no text or number alone.
      assertThat(witness(document)).contains(text);
    }
    return text;
  }

  /** Nothing when the other implementation refuses the document. */
  private static Optional<String> witness(String document) {
    try {
      return Optional.of(new JsonCanonicalizer(document).getEncodedString());
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Values of RFC 8785, appendix B, and of what ECMAScript prints. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2",
    "0000000000000002, 1e-323"
  })
  void numbersAreThoseOfTheStandard(String bits, String text) {
    double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.number(value)).isEqualTo(text);
  }

  @Test
  void theExampleOfTheStandard() {
    assertThat(
            canonical(
                """
                {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals": [null, true, false]}"""))
        .isEqualTo(
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  @Test
  void namesAreSortedByUtf16() {
    assertThat(
            canonical(
                "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6}"))
        .isEqualTo("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"€\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "",
        "[1",
        "{a:1}",
        "[NaN]",
        "[Infinity]",
        "[1e400]",
        "[-1e999999999]",
        "[\"a\nb\"]",
        "// comment\n[]"
      })
  void whatIsAmbiguousIsRefused(String document) {
    assertThatThrownBy(() -> canonical(document)).isInstanceOf(IllegalArgumentException.class);
    assertThat(witness(document)).isEmpty();
  }

  /** It rounds numbers to doubles, so that two documents would have one signature. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[9007199254740993]; [9007199254740992]",
        "[12345678901234567890]; [12345678901234567000]",
        "[123456789012345678901234567890123456789012345678901234567890]; [1.2345678901234567e+59]",
        "[01]; [1]"
      })
  void theAgentRefusesMore(String document, String elsewhere) {
    assertThatThrownBy(() -> canonical(document)).isInstanceOf(IllegalArgumentException.class);
    assertThat(witness(document)).contains(elsewhere);
  }

  /** It passes on half of a pair, which UTF-8 cannot hold. */
  @ParameterizedTest
  @ValueSource(strings = {"[\"\\ud800\"]", "[\"\\udc00\\ud800\"]", "{\"\\ud800\":1}"})
  void theAgentRefusesLoneSurrogates(String document) {
    assertThatThrownBy(() -> canonical(document)).isInstanceOf(IllegalArgumentException.class);
    assertThat(witness(document)).isPresent();
  }

  @Test
  void hostileDocumentsAreRefused() {
    assertThatThrownBy(() -> canonical("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> canonical("{\"a\":".repeat(40) + "1" + "}".repeat(40)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CanonicalJson.parse(new byte[CanonicalJson.LARGEST_BYTES + 1]))
        .hasMessageContaining("bytes");
    assertThatThrownBy(() -> CanonicalJson.parse(new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'}))
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(
            () -> CanonicalJson.parse(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '1'}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<Object> documents() {
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(8).filter(CanonicalJsonTest::isUnicode),
            Arbitraries.doubles(),
            Arbitraries.integers(),
            Arbitraries.of(true, false),
            Arbitraries.just("null").map(x -> Collections.emptyList()));
    Arbitrary<Object> inner = Arbitraries.oneOf(leaves, maps(leaves), leaves.list().ofMaxSize(4));
    return maps(inner);
  }

  private static Arbitrary<Object> maps(Arbitrary<Object> values) {
    return Arbitraries.maps(
            Arbitraries.strings().all().ofMaxLength(5).filter(CanonicalJsonTest::isUnicode), values)
        .ofMaxSize(6)
        .map(map -> map);
  }

  private static boolean isUnicode(String text) {
    return UTF_8.newEncoder().canEncode(text);
  }

  @Property(tries = 200)
  void orderAndWhitespaceDoNotMatter(@ForAll("documents") Object document, @ForAll long seed) {
    byte[] plain = Json.MAPPER.writeValueAsBytes(document);
    Random random = new Random(seed);
    String other = spelled(Json.MAPPER.readTree(plain), random);
    String canonical = canonical(new String(plain, UTF_8));
    assertThat(canonical(other)).isEqualTo(canonical);
    assertThat(canonical(canonical)).isEqualTo(canonical);
  }

  /** The same document with other order, whitespace, escapes and spelling of numbers. */
  private static String spelled(JsonNode node, Random random) {
    String gap = " \n\t\r".substring(random.nextInt(4)).repeat(random.nextInt(2));
    if (node.isObject()) {
      List<String> fields = new ArrayList<>();
      node.properties()
          .forEach(
              field ->
                  fields.add(
                      gap
                          + escaped(field.getKey(), random)
                          + gap
                          + ":"
                          + spelled(field.getValue(), random)));
      Collections.shuffle(fields, random);
      return gap + "{" + String.join(",", fields) + gap + "}";
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(spelled(item, random)));
      return "[" + gap + String.join("," + gap, items) + "]" + gap;
    }
    if (node.isString()) {
      return gap + escaped(node.asString(), random);
    }
    if (node.isNumber() && node.decimalValue().signum() != 0 && random.nextBoolean()) {
      java.math.BigDecimal number = node.decimalValue();
      return random.nextBoolean()
          ? number.unscaledValue() + "e" + -number.scale()
          : number.unscaledValue() + "0E" + (-number.scale() - 1);
    }
    return node.toString();
  }

  private static String escaped(String text, Random random) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c) || random.nextInt(4) == 0) {
        out.append("\\u%04X".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  @Property(tries = 200)
  void aNumberIsReadBackAsItself(@ForAll double value) {
    String text = CanonicalJson.number(value);
    assertThat(Double.parseDouble(text)).isEqualTo(value == 0 ? 0 : value);
    assertThat(canonical(text)).isEqualTo(text);
    assertThat(canonical("[" + text + "]")).isEqualTo("[" + text + "]");
  }
}
