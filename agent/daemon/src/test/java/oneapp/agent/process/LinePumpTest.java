package oneapp.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LinePumpTest {
  private static List<String> lines(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    LinePump.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), lines::add);
    return lines;
  }

  @Property(tries = 300)
  void linesEndAtLineFeedAndCarriageReturnAndEmptyOnesAreLeftOut(
      @ForAll
          @StringLength(max = 8_000)
          @Chars({'\n', '\r', '\u00e9'})
          @CharRange(from = 'a', to = 'z')
          String text)
      throws IOException {
    String longer = (text + "\n").repeat(5); // more than the pump reads at once
    List<String> expected =
        Arrays.stream(longer.split("[\r\n]", -1)).filter(line -> !line.isEmpty()).toList();
    assertThat(lines(longer)).isEqualTo(expected);
  }

  @Test
  void aLineThatIsTooLongIsCutAndMarkedAndTheNextOneIsWhole() throws IOException {
    String longest = "x".repeat(LinePump.MAX_LINE_BYTES);
    assertThat(lines(longest + "\n" + longest + "y\nnext"))
        .containsExactly(longest, longest + " [line cut]", "next");
  }
}
