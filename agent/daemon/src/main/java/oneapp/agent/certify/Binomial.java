package oneapp.agent.certify;

import java.math.BigInteger;

/**
 * The exact binomial test on the share of requests that may be over a limit, as MLPerf's LoadGen
 * does it. With n requests, t of them over: PASS when t or fewer would be seen with a probability
 * of at most alpha if the true share were the allowed one; FAIL when t or more would be.
 *
 * @param allowedPerMille share that may be over, such as 10 for 1 %
 * @param alphaPer100k chance of a wrong verdict, such as 1000 for 1 %
 */
public record Binomial(int allowedPerMille, int alphaPer100k) {
  private static final int WHOLE_SHARE = 1000;
  private static final int WHOLE_ALPHA = 100_000;

  /** Doubles decide when they are further from alpha than this; they are right to 1e-9 or so. */
  private static final double CLOSE = 1e-6;

  /** Above this the exact sum would take too long, and no n is that close to alpha. */
  private static final long MOST_EXACT = 20_000;

  public Binomial {
    if (allowedPerMille < 1
        || allowedPerMille >= WHOLE_SHARE
        || alphaPer100k < 1
        || alphaPer100k >= WHOLE_ALPHA / 2) {
      throw new IllegalArgumentException(
          "no test with " + allowedPerMille + " per mille over, at " + alphaPer100k + "/100,000");
    }
  }

  /** 1 % may be over, and all {@code looks} together are wrong in at most 1 % of the cases. */
  public static Binomial onePerCent(int looks) {
    return new Binomial(10, WHOLE_ALPHA / 100 / looks);
  }

  /** The confidence of each look, such as 0.99. */
  public double confidence() {
    return 1 - (double) alphaPer100k / WHOLE_ALPHA;
  }

  /** The verdict on {@code n} requests, of which {@code over} are over. */
  public Verdict judge(long n, long over) {
    if (n < 0 || over < 0 || over > n) {
      throw new IllegalArgumentException(over + " of " + n + " requests over the limit");
    }
    if (passes(n, over)) {
      return Verdict.PASS;
    }
    return fails(n, over) ? Verdict.FAIL : Verdict.INCONCLUSIVE;
  }

  /** Fewest requests that pass when {@code over} of them are over. */
  public long fewestToPass(long over) {
    long enough = over + 1;
    while (!passes(enough, over)) {
      enough *= 2;
    }
    long tooFew = over;
    while (enough - tooFew > 1) {
      long middle = tooFew + (enough - tooFew) / 2;
      if (passes(middle, over)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }

  private boolean passes(long n, long over) {
    return n > 0 && atMostIsRare(n, over);
  }

  /** P(X >= over) <= alpha, which is P(X <= over - 1) >= 1 - alpha. */
  private boolean fails(long n, long over) {
    return over > 0 && atLeastIsRare(n, over);
  }

  private boolean atMostIsRare(long n, long over) {
    double probability = Math.exp(logSum(n, 0, over));
    if (isFarFromAlpha(probability) || n > MOST_EXACT) {
      return probability <= (double) alphaPer100k / WHOLE_ALPHA;
    }
    return exactAtMost(n, over)
            .multiply(big(WHOLE_ALPHA))
            .compareTo(whole(n).multiply(big(alphaPer100k)))
        <= 0;
  }

  private boolean atLeastIsRare(long n, long over) {
    double probability = Math.exp(logSum(n, over, n));
    if (isFarFromAlpha(probability) || n > MOST_EXACT) {
      return probability <= (double) alphaPer100k / WHOLE_ALPHA;
    }
    return whole(n)
            .subtract(exactAtMost(n, over - 1))
            .multiply(big(WHOLE_ALPHA))
            .compareTo(whole(n).multiply(big(alphaPer100k)))
        <= 0;
  }

  private boolean isFarFromAlpha(double probability) {
    double limit = (double) alphaPer100k / WHOLE_ALPHA;
    return Math.abs(probability - limit) > CLOSE * limit;
  }

  /** Logarithm of P(from <= X <= to), summed from the logarithms of its terms. */
  private double logSum(long n, long from, long to) {
    double odds = Math.log((double) allowedPerMille / (WHOLE_SHARE - allowedPerMille));
    double term = n * Math.log1p(-(double) allowedPerMille / WHOLE_SHARE);
    double sum = Double.NEGATIVE_INFINITY;
    for (long i = 0; i <= to; i++) {
      if (i >= from) {
        double larger = Math.max(sum, term);
        sum = larger + Math.log(Math.exp(sum - larger) + Math.exp(term - larger));
        if (i > n * (double) allowedPerMille / WHOLE_SHARE && term < sum - 60) {
          return sum; // What is left of the tail is below what a double resolves.
        }
      }
      term += odds + Math.log((double) (n - i) / (i + 1));
    }
    return sum;
  }

  /** P(X <= over) times 1000^n, as a whole number. */
  private BigInteger exactAtMost(long n, long over) {
    BigInteger good = big(WHOLE_SHARE - allowedPerMille);
    BigInteger term = good.pow(Math.toIntExact(n));
    BigInteger sum = term;
    for (long i = 0; i < over; i++) {
      term =
          term.multiply(big(n - i)).multiply(big(allowedPerMille)).divide(good).divide(big(i + 1));
      sum = sum.add(term);
    }
    return sum;
  }

  private static BigInteger whole(long n) {
    return big(WHOLE_SHARE).pow(Math.toIntExact(n));
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }
}
