package oneapp.agent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
  private static JsonSchema schema(String text) {
    return JsonSchema.of(Json.MAPPER.readTree(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"string\", \"minLength\": 1}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"minLength\": 1}}}",
        "{\"type\": \"object\", \"additionalProperties\": {\"minLength\": 1}}",
        "{\"type\": \"array\", \"items\": {\"minLength\": 1}}",
        "{\"anyOf\": [{\"type\": \"null\"}, {\"minLength\": 1}]}",
        "{\"$defs\": {\"a\": {\"minLength\": 1}}}"
      })
  void aKeywordThatIsNotCheckedIsRefused(String text) {
    assertThatThrownBy(() -> schema(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("keyword not known: minLength");
  }

  @Test
  void aPropertyMayHaveAnyName() {
    JsonSchema named =
        schema(
            """
            {"type": "object", "properties": {"minLength": {"type": "integer"}},
             "additionalProperties": false}
            """);
    assertThat(named.violations(Json.MAPPER.readTree("{\"minLength\": 1}"))).isEmpty();
    assertThat(named.violations(Json.MAPPER.readTree("{\"minLength\": \"a\"}")))
        .containsExactly("/minLength is \"a\", expected integer");
  }
}
