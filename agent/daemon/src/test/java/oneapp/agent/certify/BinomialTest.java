package oneapp.agent.certify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinomialTest {
  private static final Binomial AT_99 = Binomial.onePerCent(1);
  private static final Binomial AT_95 = new Binomial(10, 5000);

  @ParameterizedTest
  @CsvSource({
    "0, 459, 299",
    "1, 662, 473",
    "2, 838, 628",
    "3, 1001, 773",
    "4, 1157, 913",
    "5, 1307, 1049"
  })
  void needsThePublishedNumbersOfRequests(int over, long at99, long at95) {
    assertThat(AT_99.fewestToPass(over)).isEqualTo(at99);
    assertThat(AT_95.fewestToPass(over)).isEqualTo(at95);
    assertThat(AT_99.judge(at99, over)).isEqualTo(Verdict.PASS);
    assertThat(AT_99.judge(at99 - 1, over)).isNotEqualTo(Verdict.PASS);
  }

  @Test
  void twoLooksNeed528() {
    assertThat(Binomial.onePerCent(2).fewestToPass(0)).isEqualTo(528);
    assertThat(Binomial.onePerCent(2).confidence()).isEqualTo(0.995);
  }

  @Test
  void nothingSeenProvesNothing() {
    assertThat(AT_99.judge(0, 0)).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void oneLateRequestAloneFails() {
    assertThat(AT_99.judge(1, 1)).isEqualTo(Verdict.FAIL);
    assertThat(AT_99.judge(2, 1)).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void refusesImpossibleCounts() {
    assertThatThrownBy(() -> AT_99.judge(3, 4)).hasMessageContaining("4 of 3");
  }

  @Test
  void largeNumbersAreQuickAndNeitherUnderflowNorOverflow() {
    assertThat(AT_99.judge(1_000_000, 9_000)).isEqualTo(Verdict.PASS);
    assertThat(AT_99.judge(1_000_000, 10_000)).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(AT_99.judge(1_000_000, 11_000)).isEqualTo(Verdict.FAIL);
    assertThat(AT_99.judge(1_000_000, 1_000_000)).isEqualTo(Verdict.FAIL);
  }

  /** The sum of the binomial's terms in decimals of 60 digits, written independently. */
  private static BigDecimal atMost(int n, int over) {
    MathContext digits = new MathContext(60);
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i <= over; i++) {
      BigDecimal term = new BigDecimal("0.01").pow(i).multiply(new BigDecimal("0.99").pow(n - i));
      for (int k = 1; k <= i; k++) {
        term = term.multiply(BigDecimal.valueOf(n - i + k)).divide(BigDecimal.valueOf(k), digits);
      }
      sum = sum.add(term, digits);
    }
    return sum;
  }

  @Property(tries = 150)
  void agreesWithTheSumOfTheTerms(
      @ForAll @IntRange(min = 1, max = 2000) int n, @ForAll @IntRange(max = 40) int over) {
    int late = Math.min(n, over);
    BigDecimal alpha = new BigDecimal("0.01");
    Verdict expected = Verdict.INCONCLUSIVE;
    if (atMost(n, late).compareTo(alpha) <= 0) {
      expected = Verdict.PASS;
    } else if (late > 0 && BigDecimal.ONE.subtract(atMost(n, late - 1)).compareTo(alpha) <= 0) {
      expected = Verdict.FAIL;
    }
    assertThat(AT_99.judge(n, late)).isEqualTo(expected);
  }

  @Property(tries = 100)
  void moreGoodRequestsNeverHarm(
      @ForAll @IntRange(max = 30) int over, @ForAll @IntRange(max = 500) int more) {
    long enough = AT_99.fewestToPass(over);
    assertThat(AT_99.judge(enough + more, over)).isEqualTo(Verdict.PASS);
  }
}
