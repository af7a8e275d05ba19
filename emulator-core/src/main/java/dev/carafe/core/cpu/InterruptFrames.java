package dev.carafe.core.cpu;

/**
 * Where the stack frames of the last interrupts lie, so that the IRET which ends a handler is known
 * from others. A kernel that switches stacks in a handler may leave frames behind; the oldest are
 * forgotten.
 *
 * <p>vCPU thread only.
 */
public final class InterruptFrames {
    private static final int DEPTH = 8;

    /** Hears of handlers that return; called before the IRET has any effect. */
    public interface Watcher {
        /** The handler of an interrupt is about to return, and its vector is still in service. */
        void returnsInService(Cpu cpu, int vector);
    }

    private final Cpu cpu;
    private final long[] frames = new long[DEPTH];
    private final int[] vectors = new int[DEPTH];
    private int depth;
    private boolean ever; // an interrupt was delivered
    private Watcher watcher; // set before the vCPU runs; null for nobody

    InterruptFrames(Cpu cpu) {
        this.cpu = cpu;
    }

    /** Who hears; before the vCPU runs. */
    public void watch(Watcher hears) {
        watcher = hears;
    }

    /** An interrupt was delivered: its frame is at RSP. */
    void delivered(int vector) {
        if (watcher == null) {
            return;
        }
        if (depth == DEPTH) {
            System.arraycopy(frames, 1, frames, 0, DEPTH - 1);
            System.arraycopy(vectors, 1, vectors, 0, DEPTH - 1);
            depth--;
        }
        ever = true;
        frames[depth] = cpu.regs[Registers.RSP];
        vectors[depth++] = vector;
    }

    /** Whether an interrupt was ever delivered while somebody watched. */
    public boolean everDelivered() {
        return ever;
    }

    /** IRET is about to pop the frame at RSP. */
    public void returning() {
        long frame = cpu.regs[Registers.RSP];
        for (int i = depth - 1; i >= 0; i--) {
            if (frames[i] == frame) {
                depth = i;
                if (cpu.apic.inService(vectors[i])) {
                    watcher.returnsInService(cpu, vectors[i]);
                }
                return;
            }
        }
    }
}
