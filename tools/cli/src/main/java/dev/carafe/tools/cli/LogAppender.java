package dev.carafe.tools.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes each event as whole lines at once, so that lines of several vCPUs do not mix: the thread,
 * which names the CPU, then the log item, then the message.
 */
final class LogAppender extends AppenderBase<ILoggingEvent> {
    private static final String ITEM_PREFIX = "carafe.";

    private volatile OutputStream stream; // used under AppenderBase's lock

    LogAppender(OutputStream stream) {
        this.stream = stream;
    }

    /**
     * Writes to another stream from the next event on; the old one stays open for who shares it.
     */
    void redirect(OutputStream other) {
        stream = other;
    }

    @Override
    protected void append(ILoggingEvent event) {
        try {
            stream.write(format(event).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            addError(
                    "the log cannot be written",
                    e); // once in Logback's own status list; the run goes on
        }
    }

    static String format(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        line.append(event.getThreadName()).append(' ');
        String logger = event.getLoggerName();
        if (logger.startsWith(ITEM_PREFIX)) {
            line.append(logger, ITEM_PREFIX.length(), logger.length());
        } else {
            line.append(event.getLevel().isGreaterOrEqual(Level.ERROR) ? "error" : "warning");
        }
        String start = line.append(": ").toString();
        String message = event.getFormattedMessage();
        line.append(message.replace("\n", "\n" + start)).append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }
}
