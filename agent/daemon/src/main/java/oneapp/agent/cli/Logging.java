package oneapp.agent.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import oneapp.agent.data.Secrets;
import org.slf4j.LoggerFactory;

/** Sends the log to standard error, one event a line, without secrets. */
final class Logging {
  private Logging() {}

  /** Sets the log up; under journald each line begins with its level as sd-daemon has it. */
  static void configure(Secrets secrets, Level level, boolean journald) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Line line = new Line(secrets, journald);
    line.setContext(context);
    line.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(line);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(console);
  }

  private static final class Line extends LayoutBase<ILoggingEvent> {
    private final Secrets secrets;
    private final boolean journald;

    Line(Secrets secrets, boolean journald) {
      this.secrets = secrets;
      this.journald = journald;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
      String trace =
          event.getThrowableProxy() == null
              ? ""
              : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()).stripTrailing();
      String prefix = journald ? "<" + priority(event.getLevel()) + ">" : event.getInstant() + " ";
      String text = event.getLevel() + " " + event.getFormattedMessage() + trace;
      return prefix + secrets.redact(text).replaceAll("\\R", "\n" + prefix) + "\n";
    }

    /** Syslog priorities, see sd-daemon(3). */
    private static int priority(Level level) {
      if (level.isGreaterOrEqual(Level.ERROR)) {
        return 3;
      }
      if (level.isGreaterOrEqual(Level.WARN)) {
        return 4;
      }
      return level.isGreaterOrEqual(Level.INFO) ? 6 : 7;
    }
  }
}
