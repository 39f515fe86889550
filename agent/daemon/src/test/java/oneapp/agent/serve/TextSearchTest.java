package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class TextSearchTest {
  @Property(tries = 500)
  void findsWhatAPlainSearchFinds(
      @ForAll @Size(min = 1, max = 8)
          List<@StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'c') String> texts,
      @ForAll @StringLength(max = 40) @CharRange(from = 'a', to = 'd') String line) {
    BitSet found = new BitSet();
    new TextSearch(texts).scan(line.toUpperCase(Locale.ROOT), 0, TextSearch.START, found);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(found.get(i)).as(texts.get(i)).isEqualTo(line.contains(texts.get(i)));
    }
  }

  @Property(tries = 200)
  void aTextThatIsWrappedAnywhereIsFound(
      @ForAll @Size(min = 2, max = 5)
          List<@StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'c') String> words) {
    TextSearch search = new TextSearch(List.of(String.join(" ", words)));
    BitSet found = new BitSet();
    int state = TextSearch.START;
    for (String word : words) {
      state = search.scan("  " + word, 0, state, found);
    }
    assertThat(found.get(0)).isTrue();
  }
}
