package dev.carafe.tools.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.board.LogSelection;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;

/**
 * Connects SLF4J to Logback without Logback's own search for configurations, which would cost a
 * third of a boot, and sends what is logged to standard error or the {@code -D} file; never to
 * standard output, which is the guest's.
 */
final class LogSetup {
    /** What Logback calls every logger's ancestor. */
    private static final String ROOT = org.slf4j.Logger.ROOT_LOGGER_NAME;

    private LogSetup() {}

    /** Must run before the first logger is asked for. */
    static void start(LogSelection selection) {
        FileOutputStream stream = open(selection);
        System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, LogbackProvider.class.getName());
        System.setProperty(
                Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN"); // or SLF4J announces the provider
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new AssertionError("a logger was asked for before the log was set up");
        }
        context.reset();
        LogAppender appender = new LogAppender(stream);
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(ROOT);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        select(selection.items());
    }

    /** Logs these items, and no others, from now on. */
    static void select(Set<LogItem> items) {
        LoggerContext context = context();
        for (LogItem item : LogItem.values()) {
            context.getLogger(item.loggerName())
                    .setLevel(items.contains(item) ? Level.TRACE : Level.OFF);
        }
    }

    /** {@link #select} where somebody else has set up the log, perhaps without Logback. */
    static void selectIfLogback(Set<LogItem> items) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext) {
            select(items);
        }
    }

    /** Logs to another stream from now on. */
    static void redirect(FileOutputStream stream) {
        Logger root = context().getLogger(ROOT);
        root.iteratorForAppenders()
                .forEachRemaining(
                        appender -> {
                            if (appender instanceof LogAppender log) {
                                log.redirect(stream);
                            }
                        });
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static FileOutputStream open(LogSelection selection) {
        if (selection.file().isEmpty()) {
            return new FileOutputStream(FileDescriptor.err);
        }
        String name = selection.file().get().toString();
        try {
            return new FileOutputStream(name);
        } catch (IOException e) {
            throw UsageError.of("-D", name, HostError.reason(e));
        }
    }
}
