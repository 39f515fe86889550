package oneapp.agent.benchmark;

import oneapp.agent.data.Text;

/**
 * Which part of a benchmark one process of the load generator makes. Labels in the engine's files
 * keep it, so that the files can be put together again.
 *
 * @param run 0 the warm-up, 1 the throughput run, then the fixed rates, then the halved ones;
 *     further looks at a run have the same number
 * @param look 1 for the first look, 0 for a warm-up
 * @param looks how many looks each run may have
 * @param repeated it takes the place of one that was disturbed
 */
public record RunPlace(int run, int look, int looks, boolean repeated) {
  /** More would leave each look no chance to decide. */
  private static final int MOST_LOOKS = 10;

  /** The numbers of one benchmark are below this. */
  static final int PER_BENCHMARK = 1000;

  /** More runs than can be asked for. */
  private static final int FIRST_HALVED = 120;

  private static final int SECOND_LOOK = 200;
  private static final int REPEATED = 400;

  public RunPlace {
    if (run < 0 || look < 0 || looks < 1 || looks > MOST_LOOKS || look > looks) {
      throw new IllegalArgumentException(
          Text.format(
              "run %d, look %d of %d: expected a run from 0 and one of 1 to %d looks",
              run, look, looks, MOST_LOOKS));
    }
  }

  static RunPlace warmUp(int looks) {
    return new RunPlace(0, 0, looks, false);
  }

  static RunPlace throughput(int looks) {
    return new RunPlace(1, 1, looks, false);
  }

  /** The run at a fixed rate, from 0 for the lowest. */
  static RunPlace fixed(int rate, int looks) {
    if (rate < 0 || rate + 2 >= FIRST_HALVED) {
      throw new IllegalArgumentException(Text.format("there are no %d fixed rates", rate + 1));
    }
    return new RunPlace(2 + rate, 1, looks, false);
  }

  /** The run at a rate below the lowest, from 0 for its half. */
  static RunPlace halved(int halving, int looks) {
    return new RunPlace(FIRST_HALVED + halving, 1, looks, false);
  }

  RunPlace secondLook() {
    return new RunPlace(run, 2, looks, repeated);
  }

  RunPlace again() {
    return new RunPlace(run, look, looks, true);
  }

  boolean isWarmUp() {
    return look == 0;
  }

  /**
   * No two parts of a benchmark have the same: it names files and, added to the seed, makes prompts
   * of their own.
   */
  int number() {
    return run + (look > 1 ? SECOND_LOOK : 0) + (repeated ? REPEATED : 0);
  }
}
