package dev.carafe.tools.console;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The master's end of a new pseudo-terminal, by the C library's functions (POSIX.1-2017, {@code
 * posix_openpt}); the name of the other end is for a terminal program.
 */
public final class PtyLine implements HostLine {
    // O_RDWR | O_NOCTTY | O_NONBLOCK on Linux
    private static final int READ_WRITE_NOT_CONTROLLING = 0x2 | 0x100 | 0x800;
    private static final int BLOCK = 256;
    private static final short READABLE = 1; // POLLIN
    private static final int HUNG_UP = 0x10; // POLLHUP: nobody has the other end open
    private static final int POLL_SIZE = 8;
    private static final int MOST_TRIES = 10_000;
    private static final long TRY_NANOS = 1_000_000;
    private static final long OPENER_NANOS = 50_000_000;

    private final Calls calls;
    private final int descriptor;
    private final String name;
    private final Delivery delivery = new Delivery();
    private volatile boolean closed; // set once

    private PtyLine(Calls calls, int descriptor, String name) {
        this.calls = calls;
        this.descriptor = descriptor;
        this.name = name;
        Thread.ofPlatform().daemon().name("line").start(this::read);
    }

    /** Opens one, in raw mode. */
    public static PtyLine open() throws IOException {
        Calls calls;
        try {
            calls = new Calls();
        } catch (RuntimeException e) {
            throw new IOException("this host's C library has no pseudo-terminals", e);
        }
        int descriptor = calls.integer(calls.open, READ_WRITE_NOT_CONTROLLING);
        if (descriptor < 0
                || calls.integer(calls.grant, descriptor) != 0
                || calls.integer(calls.unlock, descriptor) != 0) {
            throw new IOException("the host has no pseudo-terminal to give");
        }
        String name = calls.name(descriptor);
        raw(name);
        return new PtyLine(calls, descriptor, name);
    }

    /** As QEMU does: nothing is translated or echoed until a terminal program says otherwise. */
    private static void raw(String name) throws IOException {
        try {
            new ProcessBuilder(List.of("stty", "-F", name, "raw", "-echo")).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The other end's name, such as /dev/pts/3. */
    public String name() {
        return name;
    }

    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(BLOCK);
            while (!closed) {
                if ((calls.poll(descriptor, READABLE, -1) & HUNG_UP) != 0) {
                    LockSupport.parkNanos(OPENER_NANOS);
                }
                long length = calls.transfer(calls.read, descriptor, block, BLOCK);
                for (long i = 0; i < length; i++) {
                    delivery.deliver(block.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
                }
            }
        }
    }

    /** Waits for a reader that is slow; a byte that nobody can read is dropped. */
    @Override
    public void accept(int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            one.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
            for (int i = 0; i < MOST_TRIES && !closed; i++) {
                if (calls.transfer(calls.write, descriptor, one, 1) == 1
                        || (calls.poll(descriptor, (short) 0, 0) & HUNG_UP) != 0) {
                    return;
                }
                LockSupport.parkNanos(TRY_NANOS);
            }
        }
    }

    @Override
    public void connect(Receiver device) {
        delivery.connect(device);
    }

    @Override
    public void roomAvailable() {
        delivery.roomAvailable();
    }

    @Override
    public void close() {
        closed = true; // the descriptor ends with the process: a reader may be inside a call
    }

    /** The C library's functions. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        private static final Linker LINKER = Linker.nativeLinker();

        final MethodHandle open = integers("posix_openpt");
        final MethodHandle grant = integers("grantpt");
        final MethodHandle unlock = integers("unlockpt");
        final MethodHandle read = transfers("read");
        final MethodHandle write = transfers("write");
        private final MethodHandle poll =
                find(
                        "poll",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));
        private final MethodHandle ptsname =
                find("ptsname", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

        private static MethodHandle find(String name, FunctionDescriptor type) {
            return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type);
        }

        private static MethodHandle integers(String name) {
            return find(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }

        private static MethodHandle transfers(String name) {
            return find(
                    name,
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG));
        }

        int integer(MethodHandle call, int argument) {
            try {
                return (int) call.invokeExact(argument);
            } catch (Throwable e) {
                throw new AssertionError("a C function cannot throw", e);
            }
        }

        long transfer(MethodHandle call, int descriptor, MemorySegment block, long length) {
            try {
                return (long) call.invokeExact(descriptor, block, length);
            } catch (Throwable e) {
                throw new AssertionError("a C function cannot throw", e);
            }
        }

        /** What poll(2) says of one descriptor. */
        int poll(int descriptor, short wanted, int millis) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment one = arena.allocate(POLL_SIZE);
                one.set(ValueLayout.JAVA_INT, 0, descriptor);
                one.set(ValueLayout.JAVA_SHORT, 4, wanted);
                int ignored = (int) poll.invokeExact(one, 1L, millis);
                return one.get(ValueLayout.JAVA_SHORT, 6);
            } catch (Throwable e) {
                throw new AssertionError("a C function cannot throw", e);
            }
        }

        String name(int descriptor) {
            try {
                MemorySegment text = (MemorySegment) ptsname.invokeExact(descriptor);
                return text.reinterpret(Long.MAX_VALUE).getString(0);
            } catch (Throwable e) {
                throw new AssertionError("a C function cannot throw", e);
            }
        }
    }
}
