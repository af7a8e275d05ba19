package dev.carafe.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogAppenderTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void aLineNamesTheThreadTheItemAndTheMessage() throws InterruptedException {
        Logger logger = logger("carafe.guest_errors");
        Thread cpu =
                Thread.ofPlatform().name("cpu3").start(() -> logger.info("read of 0x{}", "fff"));
        cpu.join();

        assertEquals(
                "cpu3 guest_errors: read of 0xfff\n", written.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoLogItemIsAWarning() throws InterruptedException {
        Logger logger = logger("dev.carafe.core.Something");
        Thread cpu = Thread.ofPlatform().name("cpu0").start(() -> logger.warn("odd"));
        cpu.join();

        assertEquals("cpu0 warning: odd\n", written.toString(StandardCharsets.UTF_8));
    }

    private Logger logger(String name) {
        LogbackProvider provider = new LogbackProvider();
        provider.initialize();
        LoggerContext context = (LoggerContext) provider.getLoggerFactory();
        LogAppender appender = new LogAppender(written);
        appender.setContext(context);
        appender.start();
        Logger logger = context.getLogger(name);
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        return logger;
    }
}
