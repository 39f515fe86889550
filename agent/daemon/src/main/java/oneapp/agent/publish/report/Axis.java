package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;

/** One direction of a chart: from where to where, and how the values between are spread. */
record Axis(double low, double high, boolean logarithmic) {
  private static final int TICKS = 5;

  /** From 0 to a round figure above {@code greatest}. */
  static Axis fromZero(double greatest) {
    double step = step(greatest);
    return new Axis(0, Math.max(step, Math.ceil(greatest / step - 1e-9) * step), false);
  }

  /** From a round figure below to one above. */
  static Axis around(double least, double greatest) {
    double step = step(Math.max(greatest - least, greatest / 100));
    return new Axis(Math.floor(least / step) * step, Math.ceil(greatest / step) * step, false);
  }

  /** A logarithmic one with room at both ends. */
  static Axis logarithmic(double least, double greatest) {
    return new Axis(least * 0.8, Math.max(greatest, least * 2) * 1.25, true);
  }

  /** Where a value lies, from 0 at the low end to 1 at the high one. */
  double share(double value) {
    return logarithmic
        ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
        : (value - low) / (high - low);
  }

  /** Round figures, about five of them. */
  List<Double> ticks() {
    return logarithmic ? logarithmicTicks() : linearTicks();
  }

  private List<Double> linearTicks() {
    double step = step(high - low);
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; low + i * step <= high + step / 1000; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  private List<Double> logarithmicTicks() {
    double[] factors = high / low < 200 ? new double[] {1, 2, 5} : new double[] {1};
    List<Double> ticks = new ArrayList<>();
    for (double power = Math.pow(10, Math.floor(Math.log10(low))); power <= high; power *= 10) {
      for (double factor : factors) {
        if (power * factor >= low && power * factor <= high) {
          ticks.add(power * factor);
        }
      }
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten, so that about five of them make the whole. */
  private static double step(double whole) {
    if (whole <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(whole / TICKS)));
    double factor = whole / TICKS / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }
}
