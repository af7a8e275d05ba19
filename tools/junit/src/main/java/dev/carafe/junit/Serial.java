package dev.carafe.junit;

import dev.carafe.tools.console.InputLine;
import dev.carafe.tools.console.Receiver;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A serial port of a machine, from outside. */
public final class Serial {
    private static final int LINES_SHOWN = 40;
    private static final int RETRY_MILLIS = 10;

    private final Vm vm;
    private final int number;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder text = new StringBuilder(); // guarded by lock, as what follows
    private int cursor; // what expect has seen
    private boolean silent; // nothing more will come
    private final Typed typed = new Typed();

    Serial(Vm vm, int number) {
        this.vm = vm;
        this.number = number;
    }

    /**
     * Waits until the guest has sent a text that the expression finds, behind the last such text.
     * {@code ^} and {@code $} are beginnings and ends of lines. Starts the machine.
     *
     * @return the match, with its groups
     * @throws AssertionError when the machine ends before, or the limit is reached
     */
    public Matcher expect(String regex) {
        return expect(Pattern.compile(regex, Pattern.MULTILINE));
    }

    /** {@link #expect(String)} with flags of the expression's own. */
    public Matcher expect(Pattern pattern) {
        vm.start();
        long left = TimeUnit.SECONDS.toNanos(vm.limitSeconds());
        vm.beginWait();
        lock.lock();
        try {
            while (true) {
                Matcher matcher = pattern.matcher(text.toString());
                if (matcher.find(cursor) && (silent || !matcher.requireEnd())) {
                    cursor = matcher.end();
                    return matcher;
                }
                if (silent) {
                    throw new AssertionError(
                            failure(pattern, "and the machine ended: " + vm.end()));
                }
                if (left <= 0) {
                    throw new AssertionError(
                            failure(pattern, "within " + vm.limitSeconds() + " s" + vm.where()));
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(failure(pattern, "before the test was interrupted"));
        } finally {
            lock.unlock();
            vm.endWait();
        }
    }

    private String failure(Pattern pattern, String why) {
        return "COM"
                + (number + 1)
                + " did not say '"
                + pattern
                + "' "
                + why
                + "\nit said:\n"
                + last();
    }

    private String last() {
        var lines = text.toString().lines().toList();
        int from = Math.max(0, lines.size() - LINES_SHOWN);
        return String.join("\n", lines.subList(from, lines.size()));
    }

    /** Everything that the guest has sent so far. */
    public String text() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    /** Types a text; the guest takes it at its own speed. */
    public void send(String line) {
        typed.add(line.getBytes(StandardCharsets.UTF_8));
    }

    IntConsumer output() {
        return value -> {
            lock.lock();
            try {
                text.append((char) (value & 0xFF));
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        };
    }

    InputLine input() {
        return typed;
    }

    void machineEnded() {
        lock.lock();
        try {
            silent = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        typed.end();
    }

    /** What is typed, on its way to the port. */
    private final class Typed implements InputLine {
        private static final int END = -1;

        private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();
        private final Semaphore room = new Semaphore(0);
        private volatile Receiver receiver; // set once, before the machine starts
        private boolean started; // guarded by this

        private synchronized void add(byte[] more) {
            for (byte each : more) {
                bytes.add(each & 0xFF);
            }
            if (!started) {
                started = true;
                Thread.ofVirtual().start(this::deliver);
            }
        }

        private void end() {
            bytes.add(END);
            room.release();
        }

        private void deliver() {
            try {
                for (int value = bytes.take(); value != END; value = bytes.take()) {
                    while (receiver == null || !receiver.offer(value)) {
                        room.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                        if (bytes.contains(END)) {
                            return;
                        }
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean mayBring() {
            return !bytes.isEmpty() || !vm.isWaitedFor();
        }

        @Override
        public void connect(Receiver device) {
            receiver = device;
        }

        @Override
        public void roomAvailable() {
            room.release();
        }
    }
}
