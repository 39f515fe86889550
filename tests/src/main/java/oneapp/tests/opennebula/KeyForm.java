package oneapp.tests.opennebula;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import oneapp.agent.data.Text;
import oneapp.tests.opennebula.KeyLexer.Token;
import oneapp.tests.opennebula.TemplateForms.ParseException;

/** The KEY="value" form of a template: {@code NAME=value} and {@code NAME=[SUB=value, ...]}. */
final class KeyForm {
  private final KeyLexer lexer;

  private KeyForm(KeyLexer lexer) {
    this.lexer = lexer;
  }

  static Attributes parse(String text) throws ParseException {
    return new KeyForm(new KeyLexer(text)).attributes();
  }

  private Attributes attributes() throws ParseException {
    List<OnedAttribute> attributes = new ArrayList<>();
    for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
      expect(token, Token.VARIABLE, "$end");
      attributes.add(attribute(decode(lexer.text())));
    }
    return new Attributes(attributes);
  }

  private OnedAttribute attribute(String name) throws ParseException {
    Token equal = lexer.next();
    if (equal == Token.EQUAL_EMPTY) {
      return OnedAttribute.single(name, "");
    }
    expect(equal, Token.EQUAL, "EQUAL or EQUAL_EMPTY");
    Token value = lexer.next();
    if (value == Token.OBRACKET) {
      return OnedAttribute.vector(name, vector());
    }
    if (value == Token.CCDATA) {
      throw new ParseException("Parse error.");
    }
    expect(value, Token.STRING, "OBRACKET or CCDATA or STRING");
    return OnedAttribute.single(name, unescape(lexer.text()));
  }

  private SortedMap<String, String> vector() throws ParseException {
    SortedMap<String, String> values = new TreeMap<>();
    Token token = lexer.next();
    if (token == Token.CBRACKET) {
      return values;
    }
    expect(token, Token.VARIABLE, "CBRACKET or VARIABLE");
    while (true) {
      String name = OnedAttribute.upper(decode(lexer.text()));
      expect(lexer.next(), Token.EQUAL, "EQUAL");
      expect(lexer.next(), Token.STRING, "STRING");
      values.putIfAbsent(name, unescape(lexer.text()));
      token = lexer.next();
      if (token == Token.CBRACKET) {
        return values;
      }
      expect(token, Token.COMMA, "COMMA or CBRACKET");
      expect(lexer.next(), Token.VARIABLE, "VARIABLE");
    }
  }

  private void expect(Token token, Token wanted, String expected) throws ParseException {
    if (token != wanted) {
      throw new ParseException(
          Text.format(
              "Parse error: syntax error, unexpected %s, expecting %s at %s",
              token.shown(), expected, lexer.place()));
    }
  }

  private static String unescape(String value) {
    return decode(value).replace("\\\"", "\"");
  }

  private static String decode(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
