package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static EventStream events(String... data) {
    return EventStream.parse("data: " + String.join("\n\ndata: ", data) + "\n\n");
  }

  private static final String TOKEN = "{\"choices\":[{\"text\":\"a\"}]}";

  @Test
  void aTokenAndAnEndAreAnAnswer() {
    assertThat(events(TOKEN, "[DONE]").isGood()).isTrue();
  }

  @Test
  void aSpecialTokenCountsThroughTheUsage() {
    assertThat(
            events(
                    "{\"choices\":[{\"text\":\"\"}]}",
                    "{\"choices\":[],\"usage\":{\"completion_tokens\":1}}",
                    "[DONE]")
                .isGood())
        .isTrue();
  }

  @Test
  void anErrorAfterTokensIsAFailure() {
    EventStream stream =
        events(TOKEN, "{\"error\":{\"message\":\"EngineCore died\",\"code\":500}}", "[DONE]");
    assertThat(stream.isGood()).isFalse();
    assertThat(stream.problem()).isEqualTo("EngineCore died");
  }

  @Test
  void aStreamThatBreaksOffIsAFailure() {
    assertThat(events(TOKEN).problem()).isEqualTo("the stream broke off");
    assertThat(events("[DONE]").problem()).isEqualTo("the stream had no token");
    assertThat(events("{oops", "[DONE]").isGood()).isFalse();
  }
}
