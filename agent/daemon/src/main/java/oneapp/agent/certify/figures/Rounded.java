package oneapp.agent.certify.figures;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;
import oneapp.agent.data.Text;

/** Figures as people read them: as many digits as carry meaning, no exponent. */
public final class Rounded {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private Rounded() {}

  /** {@code 1 run}, {@code 2 runs}. */
  public static String count(long number, String noun) {
    return Text.format("%d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** Four significant digits, without zeros at the end: 6.4, 61.83, 0.0123. */
  public static String plain(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(FOUR_DIGITS).stripTrailingZeros();
    return rounded.toPlainString();
  }

  /** The same of a value that may be missing: a dash then. */
  public static String plain(OptionalDouble value) {
    return plain(value.orElse(Double.NaN));
  }
}
