package oneapp.agent.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void aStrangersTextCannotLeaveItsLineNorHideOthers() {
    assertThat(Visible.line("Qwen\r\nTRUSTED\n\u001b[2J\u009b1m"))
        .isEqualTo("Qwen??TRUSTED??[2J?1m");
    assertThat(Visible.line("a\u2028b\u2029c\u0085d")).isEqualTo("a?b?c?d");
    assertThat(Visible.line("\u202Egnp.\u2066x\u200B\u200E\uFEFF\u061C")).isEqualTo("?gnp.?x????");
    assertThat(Visible.line("a\ud800b")).isEqualTo("a?b");
  }

  @Test
  void whatCanBeSeenStays() {
    String seen =
        "Qwen/Qwen2.5-3B, 12 \u00B5s \u2264 \u4F60\u597D \uD83D\uDC69\u200D\uD83D\uDE80 \u0646\u0645\u0648\u0630\u062C";
    assertThat(Visible.line(seen)).isEqualTo(seen);
  }
}
