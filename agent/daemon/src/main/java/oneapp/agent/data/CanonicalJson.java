package oneapp.agent.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One sequence of bytes for each JSON document, by RFC 8785 (JCS): names sorted by UTF-16 code
 * units, no whitespace, shortest numbers. What is signed are these bytes, so that order, whitespace
 * and the spelling of numbers do not matter.
 *
 * <p>Documents come from strangers, so the reader is strict: UTF-8 only, no duplicate name, no deep
 * nesting, no whole number that a double does not hold exactly.
 */
public final class CanonicalJson {
  /**
   * Far above any document that is signed; as a tree it fits the agent's heap, whatever it holds.
   */
  public static final int LARGEST_BYTES = 2 * 1024 * 1024;

  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 40;
  private static final int LONGEST_NAME = 1024;
  private static final int LONGEST_STRING = 1024 * 1024;
  private static final BigInteger LARGEST_WHOLE = BigInteger.ONE.shiftLeft(53);

  /** Outside of 1e-6 to below 1e21 ECMAScript writes a double with an exponent. */
  private static final int LEAST_EXPONENT = -6;

  private static final int MOST_EXPONENT = 20;

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxNameLength(LONGEST_NAME)
                          .maxStringLength(LONGEST_STRING)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private CanonicalJson() {}

  /**
   * Reads a document that a stranger may have made.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  public static JsonNode parse(byte[] document) {
    if (document.length > LARGEST_BYTES) {
      throw new IllegalArgumentException(
          Text.format("it has %d bytes, expected at most %d", document.length, LARGEST_BYTES));
    }
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
      JsonNode tree = STRICT.readTree(text.toString());
      bytes(tree); // Nothing that has no canonical form comes in.
      return tree;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not UTF-8", e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "it is not JSON as expected: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The canonical bytes.
   *
   * @throws IllegalArgumentException when the document has no canonical form
   */
  public static byte[] bytes(JsonNode document) {
    StringBuilder text = new StringBuilder();
    write(document, text);
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text in it is no valid Unicode", e);
    }
  }

  /** The canonical tree of any value that {@link Json} can write. */
  public static JsonNode tree(Object value) {
    try {
      return STRICT.readTree(Json.MAPPER.writeValueAsString(value));
    } catch (JacksonException e) {
      throw new UncheckedIOException(new IOException("writing JSON", e));
    }
  }

  private static void write(JsonNode node, StringBuilder text) {
    switch (node.getNodeType()) {
      case OBJECT -> object(node, text);
      case ARRAY -> {
        text.append('[');
        String comma = "";
        for (JsonNode item : node) {
          text.append(comma);
          write(item, text);
          comma = ",";
        }
        text.append(']');
      }
      case STRING -> string(node.asString(), text);
      case NUMBER -> text.append(number(node));
      case BOOLEAN -> text.append(node.asBoolean());
      case NULL -> text.append("null");
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("no JSON: " + node.getNodeType());
    }
  }

  private static void object(JsonNode node, StringBuilder text) {
    Map<String, JsonNode> fields = new TreeMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    text.append('{');
    String comma = "";
    for (Map.Entry<String, JsonNode> field : fields.entrySet()) {
      text.append(comma);
      string(field.getKey(), text);
      text.append(':');
      write(field.getValue(), text);
      comma = ",";
    }
    text.append('}');
  }

  private static void string(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\f' -> text.append("\\f");
        case '\r' -> text.append("\\r");
        default -> {
          if (c < 0x20) {
            text.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private static String number(JsonNode node) {
    if (node.isIntegralNumber()) {
      BigInteger whole = node.bigIntegerValue();
      if (whole.abs().compareTo(LARGEST_WHOLE) <= 0) {
        return whole.toString();
      }
      if (!number(whole.doubleValue()).equals(whole.toString())) {
        throw new IllegalArgumentException("a double does not hold the number " + whole);
      }
    }
    double value = node.decimalValue().doubleValue();
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(Text.format("the number %s is too large", node));
    }
    return number(value);
  }

  /** A double as ECMAScript's Number.prototype.toString writes it. */
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    String sign = value < 0 ? "-" : "";
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT) {
      return sign + shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return sign + digits.charAt(0) + fraction + "e" + (exponent > 0 ? "+" : "") + exponent;
  }

  /** Java gives the shortest digits too, but two where one would do. */
  private static BigDecimal shortest(double value) {
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (digits.precision() == 2) {
      BigDecimal one = digits.round(new MathContext(1)).stripTrailingZeros();
      if (one.doubleValue() == value) {
        return one;
      }
    }
    return digits;
  }
}
