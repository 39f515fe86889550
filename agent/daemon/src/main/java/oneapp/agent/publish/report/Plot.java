package oneapp.agent.publish.report;

/**
 * Where the values of a chart lie in its picture.
 *
 * @param top where the plot begins, below the words
 */
record Plot(Axis x, Axis y, double top) {
  static final double WIDTH = 420;
  static final double HEIGHT = 290;
  static final double LEFT = 54;
  static final double RIGHT = WIDTH - 20;
  static final double BOTTOM = HEIGHT - 46;

  /** How far from the left a value on the x axis is. */
  double across(double value) {
    return LEFT + x.share(value) * (RIGHT - LEFT);
  }

  /** How far from the top of the picture a value on the y axis is. */
  double down(double value) {
    return BOTTOM - y.share(value) * (BOTTOM - top);
  }
}
