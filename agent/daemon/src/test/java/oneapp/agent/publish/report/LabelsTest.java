package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import oneapp.agent.publish.report.LineChart.Level;
import oneapp.agent.publish.report.LineChart.Point;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void labelsThatHaveRoomStayWhereTheyAreWanted() {
    assertThat(Labels.apart(List.of(80.0, 120.0, 200.0), 75, 240))
        .containsExactly(80.0, 120.0, 200.0);
  }

  @Test
  void labelsThatTouchGoApartAndStayInside() {
    assertThat(Labels.apart(List.of(70.0, 71.0, 100.0), 75, 240))
        .containsExactly(75.0, 90.0, 105.0);
    assertThat(Labels.apart(List.of(230.0, 238.0, 239.0), 75, 240))
        .containsExactly(210.0, 225.0, 240.0);
  }

  @Test
  void inARowThoseAreLeftOutThatWouldRunIntoTheOneBefore() {
    assertThat(Labels.beside(List.of(10, 40, 55, 80), 0, i -> i, i -> 20))
        .containsExactly(10, 40, 80);
    assertThat(Labels.beside(List.of(5, 40), 0, i -> i, i -> 20)).containsExactly(40);
  }

  @Test
  void capitalsAreWider() {
    assertThat(Labels.width("CHAT")).isGreaterThan(Labels.width("chat"));
  }

  @Test
  void aLevelIsNamedAtTheEndWhereItHidesFewerPoints() {
    Plot plot = new Plot(Axis.fromZero(10), Axis.fromZero(100), 62);
    Level level = new Level("CHAT: 50 ms", 50, true);
    assertThat(names(plot, level, new Point(9, 53))).contains("text-anchor=\"start\"");
    assertThat(names(plot, level, new Point(1, 53))).contains("text-anchor=\"end\"");
    assertThat(names(plot, level, new Point(9, 20))).contains("text-anchor=\"end\"");
  }

  private static String names(Plot plot, Level level, Point point) {
    Html svg = new Html();
    new LevelNames(plot, List.of(level), List.of(point)).draw(svg);
    return svg.toString();
  }

  @Test
  void aLegendTakesAsManyRowsAsItNeeds() {
    Legend one = new Legend(List.of("GPU 0"), List.of("slowed down by heat or a fault"));
    Legend two =
        new Legend(
            List.of("lowest: GPU 7", "highest: GPU 5"), List.of("slowed down by heat or a fault"));
    assertThat(two.lastRow()).isEqualTo(one.lastRow() + Labels.LINE);
  }
}
