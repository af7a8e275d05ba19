package dev.carafe.tools.report;

/** Somebody who looks at a running machine from a thread of his own. */
public interface Watcher extends AutoCloseable {
    void start();

    @Override
    void close();
}
