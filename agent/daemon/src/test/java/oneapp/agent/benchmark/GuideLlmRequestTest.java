package oneapp.agent.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import java.util.stream.DoubleStream;
import oneapp.agent.data.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuideLlmRequestTest {
  private static long byDecimal(double seconds) {
    return BigDecimal.valueOf(seconds)
        .movePointRight(9)
        .setScale(0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  @Test
  void aTimeIsTheShortestDecimalThatMeansItsDouble() {
    Random random = new Random(7);
    DoubleStream.concat(
            DoubleStream.of(
                0, 1e-9, 110.03, 0x1p30, 0x1p31, Math.nextDown(0x1p31), 7_258_118_400.0),
            random.doubles(200_000, 0x1p30, 0x1p31))
        .forEach(time -> assertThat(GuideLlmRequest.nanos(time)).isEqualTo(byDecimal(time)));
    random
        .longs(100_000, 1_795_000_000_000_000L, 1_796_000_000_000_000L)
        .mapToDouble(micros -> micros / 1e6)
        .forEach(time -> assertThat(GuideLlmRequest.nanos(time)).isEqualTo(byDecimal(time)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"prompt_tokens\": 1, \"prompt_tokens\": 1",
        "\"info\": {}, \"info\": {}",
        "\"info\": {\"timings\": {\"request_end\": 1, \"request_end\": 2}}",
      })
  void ofAFieldThatIsThereTwiceNoneCounts(String fields) {
    String report =
        "{\"benchmarks\": [{\"requests\": {\"successful\": [{%s}]}}]}".formatted(fields);
    assertThatThrownBy(
            () ->
                GuideLlmFile.read(new ByteArrayInputStream(report.getBytes(UTF_8)), new Secrets()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }
}
