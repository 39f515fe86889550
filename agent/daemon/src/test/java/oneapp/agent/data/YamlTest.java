package oneapp.agent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{1: 2, rows: []} | the name 1 is no text: put it in quotes",
        "{rows: &a [*a]} | contains itself",
        "&a {rows: *a} | contains itself",
        "{a: 1, a: 2} | duplicate key a",
        "{a: !!java.io.File [x]} | tag",
      })
  void whatJsonCannotSayIsRefusedByName(String text, String message) {
    assertThatThrownBy(() -> Yaml.tree("site.yaml", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("site.yaml: ")
        .hasMessageContaining(message);
  }

  @Test
  void anAliasIsACopy() {
    assertThat(Yaml.tree("x", "{a: &it [1, 2.5], b: *it, c: null}"))
        .isEqualTo(Json.MAPPER.readTree("{\"a\": [1, 2.5], \"b\": [1, 2.5], \"c\": null}"));
  }
}
