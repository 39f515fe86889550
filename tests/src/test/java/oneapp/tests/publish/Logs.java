package oneapp.tests.publish;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Every line that is logged while it is open. */
final class Logs implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  Logs() {
    lines.start();
    root.addAppender(lines);
  }

  List<String> lines() {
    return List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  String text() {
    return String.join("\n", lines());
  }

  long count(String part) {
    return lines().stream().filter(line -> line.contains(part)).count();
  }

  @Override
  public void close() {
    root.detachAppender(lines);
  }
}
