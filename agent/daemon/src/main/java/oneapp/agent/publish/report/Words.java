package oneapp.agent.publish.report;

/** Words that depend on a number. */
final class Words {
  private Words() {}

  /** {@code 1 run}, {@code 2 runs}. */
  static String count(long number, String noun) {
    return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }
}
