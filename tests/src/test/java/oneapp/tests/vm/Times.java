package oneapp.tests.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long each step took, as a table for the maintainer. */
final class Times {
  private record Row(String step, Duration taken) {}

  private final List<Row> rows = new ArrayList<>();
  private long since = System.nanoTime();

  /** A step is over: it took the time since the last one. */
  void step(String name) {
    long now = System.nanoTime();
    rows.add(new Row(name, Duration.ofNanos(now - since)));
    since = now;
    System.out.printf("%6d s  %s%n", rows.getLast().taken().toSeconds(), name);
  }

  void write(Path file) throws IOException {
    StringBuilder table = new StringBuilder("| step | seconds |\n|---|---|\n");
    rows.forEach(row -> table.append("| %s | %d |%n".formatted(row.step, row.taken.toSeconds())));
    Duration all = rows.stream().map(Row::taken).reduce(Duration.ZERO, Duration::plus);
    table.append("| all | %d |%n".formatted(all.toSeconds()));
    Files.createDirectories(file.getParent());
    Files.writeString(file, table);
    System.out.println(table);
  }
}
