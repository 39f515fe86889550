package oneapp.agent.benchmark.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static ServerUse.Point second(int i) {
    return new ServerUse.Point(
        1_000_000_000L * i, 1, OptionalDouble.of(i), OptionalDouble.empty(), OptionalDouble.of(1));
  }

  @Test
  void fourHoursOfSecondsKeepTheirTimeAndTheirMeanInAFewHundredPoints() {
    Series<ServerUse.Point> series = new Series<>();
    for (int i = 1; i <= 14_400; i++) {
      series.add(second(i));
    }
    List<ServerUse.Point> points = series.points();
    assertThat(points).hasSizeBetween(Series.MOST / 2, Series.MOST);
    assertThat(points.stream().mapToDouble(ServerUse.Point::seconds).sum()).isEqualTo(14_400);
    assertThat(points.getLast().at()).isEqualTo(14_400_000_000_000L);
    double mean =
        points.stream().mapToDouble(p -> p.seconds() * p.running().orElse(0)).sum() / 14_400;
    assertThat(mean).isEqualTo(7200.5, offset(1e-6));
    assertThat(points).allMatch(point -> point.waiting().isEmpty());
  }

  @Test
  void fewPointsStayAsTheyAre() {
    Series<ServerUse.Point> series = new Series<>();
    series.add(second(1));
    series.add(second(2));
    assertThat(series.points()).containsExactly(second(1), second(2));
  }
}
