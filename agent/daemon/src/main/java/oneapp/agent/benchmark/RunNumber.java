package oneapp.agent.benchmark;

import oneapp.agent.data.Text;

/**
 * Which part of a benchmark a process of the load generator is. Its value names files and, added to
 * the seed, makes prompts that no other part has: no two benchmarks share one, as each has {@link
 * #PER_BENCHMARK} of its own.
 *
 * @param run 0 the warm-up, 1 the throughput run, then the fixed rates, then the halved ones
 * @param look 1 or 2
 * @param repeated it takes the place of one that was disturbed
 */
record RunNumber(int run, int look, boolean repeated) {
  static final int PER_BENCHMARK = 1000;

  /** More runs than can be asked for. */
  private static final int FIRST_HALVED = 120;

  private static final int SECOND_LOOK = 200;
  private static final int REPEATED = 400;

  RunNumber {
    if (run < 0 || run >= SECOND_LOOK || look < 1 || look > 2) {
      throw new IllegalArgumentException(
          Text.format("no part of a benchmark: run %d, look %d", run, look));
    }
  }

  static RunNumber warmUp() {
    return new RunNumber(0, 1, false);
  }

  static RunNumber throughput() {
    return new RunNumber(1, 1, false);
  }

  /** A fixed rate, from 0 for the lowest. */
  static RunNumber fixed(int rate) {
    if (rate < 0 || rate + 2 >= FIRST_HALVED) {
      throw new IllegalArgumentException(Text.format("there are no %d fixed rates", rate + 1));
    }
    return new RunNumber(2 + rate, 1, false);
  }

  /** A rate below the lowest, from 0 for its half. */
  static RunNumber halved(int halving) {
    return new RunNumber(FIRST_HALVED + halving, 1, false);
  }

  RunNumber secondLook() {
    return new RunNumber(run, 2, repeated);
  }

  RunNumber again() {
    return new RunNumber(run, look, true);
  }

  boolean isWarmUp() {
    return run == 0;
  }

  int value() {
    return run + (look == 2 ? SECOND_LOOK : 0) + (repeated ? REPEATED : 0);
  }

  /** For people, with its rate where it has one. */
  String name(double rate) {
    String name =
        isWarmUp()
            ? "the warm-up"
            : run == 1 ? "the throughput run" : Text.format("the run at %s req/s", rate);
    return look == 2 ? "the second look at " + name : name;
  }

  /** As an engine's file keeps it; a warm-up is no look. */
  Load.Place place(int looks) {
    return new Load.Place(run, isWarmUp() ? 0 : look, looks, repeated);
  }
}
