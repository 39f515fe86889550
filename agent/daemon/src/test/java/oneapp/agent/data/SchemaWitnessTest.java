package oneapp.agent.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Where the two readers of schemas agree, whatever the schema, and where they differ on purpose.
 */
class SchemaWitnessTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"type\": \"integer\"}; 7",
        "{\"type\": \"integer\"}; 123456789012345678901234567890",
        "{\"type\": \"integer\"}; 1.5",
        "{\"type\": \"number\"}; 1e400",
        "{\"type\": \"number\", \"minimum\": 0}; 0",
        "{\"type\": \"number\", \"minimum\": 0}; -1e-300",
        "{\"type\": \"number\", \"exclusiveMinimum\": 0}; 0",
        "{\"type\": \"number\", \"maximum\": 1}; 1.0000000000000002",
        "{\"type\": \"string\", \"maxLength\": 2}; \"\ud83d\ude00\ud83d\ude00\"",
        "{\"type\": \"string\", \"maxLength\": 2}; \"abc\"",
        "{\"type\": \"string\", \"pattern\": \"^[a-z]+$\"}; \"a\\n\"",
        "{\"type\": \"string\", \"pattern\": \"^[a-z]+$\"}; \"a\"",
        "{\"type\": \"string\", \"pattern\": \"b\"}; \"abc\"",
        "{\"type\": \"array\", \"items\": {\"type\": \"null\"}, \"maxItems\": 1}; [null, null]",
        "{\"type\": \"array\", \"items\": {\"type\": \"null\"}, \"maxItems\": 1}; [0]",
        "{\"type\": [\"string\", \"null\"]}; null",
        "{\"type\": [\"string\", \"null\"]}; true",
        "{\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"integer\", \"minimum\": 2}]}; 1",
        "{\"enum\": [\"a\", 1]}; 1",
        "{\"enum\": [\"a\", 1]}; \"1\"",
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}}; {\"a\": \"b\"}",
        "{\"type\": \"object\", \"properties\": {}, \"additionalProperties\": false}; {\"a\": 1}",
        "{\"type\": \"object\", \"properties\": {}, \"required\": [\"a\"], \"additionalProperties\": false}; {}"
      })
  void theyAgree(String schema, String document) {
    SchemaWitness.ofText(schema).violations(Json.MAPPER.readTree(document));
  }

  /** A whole number is written as one: whoever reads it as an int needs no rule for 1.0. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"type\": \"integer\"}; 1.0",
        "{\"type\": \"integer\"}; 1e300",
        "{\"const\": 1}; 1.0",
        "{\"enum\": [1, 2]}; 1.0"
      })
  void theAgentIsStricterWithTheSpellingOfNumbers(String schema, String document) {
    SchemaWitness both = SchemaWitness.ofText(schema);
    JsonNode tree = Json.MAPPER.readTree(document);
    assertThat(both.accepts(tree)).isTrue();
    assertThat(both.oursAccepts(tree)).isFalse();
  }
}
