package dev.carafe.core.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes of a machine's memory: one native segment, reserved and not committed, so that its size
 * costs nothing until the guest touches it. The JVM checks the bounds of every access. Offsets are
 * not physical addresses: see {@link PhysicalBus}.
 *
 * <p>Order is that of x86 (SDM Vol. 3A, "Memory Ordering in P6 and More Recent Processor
 * Families"): a load is followed by an acquire fence and a store preceded by a release fence, which
 * costs nothing on x86 hosts and is needed on others.
 *
 * <p>Not modelled: an access that is not naturally aligned may be seen in parts by another vCPU, as
 * on hardware when it crosses a cache line; here also within one, while the JVM has not compiled
 * the code yet.
 */
public final class Ram implements AutoCloseable {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of what {@link #storeFrame} stores. */
    static final int FRAME = 5 * Long.BYTES;

    private static final VarHandle PLAIN_BYTE = BYTE.varHandle();
    private static final VarHandle PLAIN_SHORT = SHORT.varHandle();
    private static final VarHandle PLAIN_INT = INT.varHandle();
    private static final VarHandle PLAIN_LONG = LONG.varHandle();

    private static final VarHandle ATOMIC_LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ATOMIC_INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final Arena arena;
    final MemorySegment segment;

    private Ram(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    /** Initializes this class and what it stands on. */
    static void prepare() {
        try (Arena small = Arena.ofConfined()) {
            small.allocate(LONG).set(LONG, 0, 0);
        }
    }

    /** Reserves {@code size} bytes of zeros; a multiple of 4096. */
    public static Ram reserve(long size) {
        if (size <= 0 || size % Tlb.PAGE_SIZE != 0) {
            throw new IllegalArgumentException(
                    "memory of %d bytes is not a positive multiple of 4096".formatted(size));
        }
        Arena arena = Arena.ofShared();
        return new Ram(arena, Reservation.reserve(size, arena));
    }

    public long size() {
        return segment.byteSize();
    }

    /**
     * The same bytes for code that vCPUs execute and nobody else: the JVM checks the bounds, but
     * not whether the memory was given back, since that waits for the vCPUs' threads. {@link
     * #segment} itself where the JVM was not told that native access is wanted.
     */
    @SuppressWarnings("restricted") // address and size are those of a segment
    MemorySegment unscoped() {
        return Ram.class.getModule().isNativeAccessEnabled()
                ? MemorySegment.ofAddress(segment.address()).reinterpret(segment.byteSize())
                : segment;
    }

    /** Gives the memory back to the host; no vCPU may run any more. */
    @Override
    public void close() {
        arena.close();
    }

    static long load8(MemorySegment ram, long offset) {
        byte value = (byte) PLAIN_BYTE.get(ram, offset);
        VarHandle.acquireFence();
        return value & 0xFFL;
    }

    static long load16(MemorySegment ram, long offset) {
        short value = (short) PLAIN_SHORT.get(ram, offset);
        VarHandle.acquireFence();
        return value & 0xFFFFL;
    }

    static long load32(MemorySegment ram, long offset) {
        int value = (int) PLAIN_INT.get(ram, offset);
        VarHandle.acquireFence();
        return value & 0xFFFF_FFFFL;
    }

    static long load64(MemorySegment ram, long offset) {
        long value = (long) PLAIN_LONG.get(ram, offset);
        VarHandle.acquireFence();
        return value;
    }

    static void store8(MemorySegment ram, long offset, long value) {
        VarHandle.releaseFence();
        PLAIN_BYTE.set(ram, offset, (byte) value);
    }

    static void store16(MemorySegment ram, long offset, long value) {
        VarHandle.releaseFence();
        PLAIN_SHORT.set(ram, offset, (short) value);
    }

    static void store32(MemorySegment ram, long offset, long value) {
        VarHandle.releaseFence();
        PLAIN_INT.set(ram, offset, (int) value);
    }

    static void store64(MemorySegment ram, long offset, long value) {
        VarHandle.releaseFence();
        PLAIN_LONG.set(ram, offset, value);
    }

    /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
    long load(long offset, int size) {
        return load(segment, offset, size);
    }

    void store(long offset, int size, long value) {
        store(segment, offset, size, value);
    }

    static long load(MemorySegment ram, long offset, int size) {
        return switch (size) {
            case 1 -> load8(ram, offset);
            case 2 -> load16(ram, offset);
            case 4 -> load32(ram, offset);
            default -> load64(ram, offset);
        };
    }

    static void store(MemorySegment ram, long offset, int size, long value) {
        switch (size) {
            case 1 -> store8(ram, offset, value);
            case 2 -> store16(ram, offset, value);
            case 4 -> store32(ram, offset, value);
            default -> store64(ram, offset, value);
        }
    }

    /** Stores five words, the uppermost first. */
    void storeFrame(long offset, long[] words) {
        MemorySegment to = segment;
        VarHandle.releaseFence();
        to.set(LONG, offset + 32, words[4]);
        VarHandle.releaseFence();
        to.set(LONG, offset + 24, words[3]);
        VarHandle.releaseFence();
        to.set(LONG, offset + 16, words[2]);
        VarHandle.releaseFence();
        to.set(LONG, offset + 8, words[1]);
        VarHandle.releaseFence();
        to.set(LONG, offset, words[0]);
    }

    /** Loads five words, the lowest first. */
    void loadFrame(long offset, long[] words) {
        MemorySegment from = segment;
        words[0] = from.get(LONG, offset);
        VarHandle.acquireFence();
        words[1] = from.get(LONG, offset + 8);
        VarHandle.acquireFence();
        words[2] = from.get(LONG, offset + 16);
        VarHandle.acquireFence();
        words[3] = from.get(LONG, offset + 24);
        VarHandle.acquireFence();
        words[4] = from.get(LONG, offset + 32);
        VarHandle.acquireFence();
    }

    /** Loads an operand that lies within one naturally aligned eight-byte word, in one piece. */
    long loadAtomic(long offset, int size) {
        long word = (long) ATOMIC_LONG.getVolatile(segment, offset & ~7L);
        return word >>> shift(offset) & mask(size);
    }

    /**
     * Replaces an operand that lies within one naturally aligned eight-byte word if it has the
     * expected value. A full fence either way.
     */
    boolean compareAndSet(long offset, int size, long expected, long value) {
        if (size == 8) {
            return ATOMIC_LONG.compareAndSet(segment, offset, expected, value);
        }
        if (size == 4 && (offset & 3) == 0) {
            return ATOMIC_INT.compareAndSet(segment, offset, (int) expected, (int) value);
        }
        long word = offset & ~7L;
        int shift = shift(offset);
        long mask = mask(size) << shift;
        long wanted = expected << shift & mask;
        long replacement = value << shift & mask;
        while (true) {
            long before = (long) ATOMIC_LONG.getVolatile(segment, word);
            if ((before & mask) != wanted) {
                VarHandle.fullFence();
                return false;
            }
            if (ATOMIC_LONG.compareAndSet(segment, word, before, before & ~mask | replacement)) {
                return true;
            }
        }
    }

    private static int shift(long offset) {
        return (int) (offset & 7) << 3;
    }

    private static long mask(int size) {
        return -1L >>> (64 - 8 * size);
    }
}
