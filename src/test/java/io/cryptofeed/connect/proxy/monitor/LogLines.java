package io.cryptofeed.connect.proxy.monitor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What a logger is told while this is open, each line after its level. */
public final class LogLines implements AutoCloseable {

  private final Logger logger;
  private final Level level;
  private final boolean additive;
  private final Appender appender = new Appender();

  private LogLines(String name) {
    logger = LoggerContext.getContext(false).getLogger(name);
    level = logger.getLevel();
    additive = logger.isAdditive();
    appender.start();
    logger.addAppender(appender);
    logger.setAdditive(false);
    Configurator.setLevel(name, Level.ALL);
  }

  public static LogLines of(String logger) {
    return new LogLines(logger);
  }

  public List<String> all() {
    return List.copyOf(appender.lines);
  }

  @Override
  public void close() {
    logger.removeAppender(appender);
    logger.setAdditive(additive);
    Configurator.setLevel(logger.getName(), level);
  }

  private static final class Appender extends AbstractAppender {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    Appender() {
      super("lines", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
    }
  }
}
