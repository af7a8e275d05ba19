package dev.carafe.core.cpu;

/**
 * Who changed a word of memory last with a locked instruction, and where: the owner of a lock that
 * others wait for. One table for all vCPUs, filled without order or lock: whoever takes a lock next
 * does so after its last owner has written here, so what is read about a held lock is its owner.
 * Words that share a slot push each other out.
 */
public final class LockWriters {
    private static final int SLOTS = 2048; // a power of two
    private static final int SLOT_LONGS = 8; // a cache line for each
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int HASH_SHIFT = 53;
    private static final int WORD_SHIFT = 2;

    private static final int KEY = 0;
    private static final int RIP = 1;
    private static final int WHO = 2;
    private static final int STACK = 3;
    private static final int WHEN = 4;
    private static final int INTERRUPTS_ON = 1 << 16;

    private final long[] table = new long[SLOTS * SLOT_LONGS];

    /**
     * The last change of a word.
     *
     * @param vcpu who
     * @param rip of the instruction
     * @param stack RSP then
     * @param interrupts whether IF was set
     * @param instructions executed by that vCPU before, to within one page of code
     */
    public record Writer(int vcpu, long rip, long stack, boolean interrupts, long instructions) {}

    /**
     * A locked instruction has changed a word.
     *
     * @param offset of the operand in host memory
     * @param pc its record, or 0 when RIP is exact
     */
    public void changed(Cpu cpu, long offset, int pc) {
        long key = offset >>> WORD_SHIFT;
        int at = slot(key);
        table[at + KEY] = key + 1;
        table[at + RIP] =
                pc == 0 ? cpu.rip : cpu.regs[Registers.CODE_PAGE] + cpu.page.offsets[pc >> 1];
        table[at + WHO] = cpu.index | (cpu.interruptsEnabled() ? INTERRUPTS_ON : 0);
        table[at + STACK] = cpu.regs[Registers.RSP];
        table[at + WHEN] = cpu.executedBase;
    }

    /** The last change of the word at an offset in host memory, or null when none is known. */
    public Writer last(long offset) {
        long key = offset >>> WORD_SHIFT;
        int at = slot(key);
        if (table[at + KEY] != key + 1) {
            return null;
        }
        int who = (int) table[at + WHO];
        return new Writer(
                who & INTERRUPTS_ON - 1,
                table[at + RIP],
                table[at + STACK],
                (who & INTERRUPTS_ON) != 0,
                table[at + WHEN]);
    }

    private static int slot(long key) {
        return (int) (key * SPREAD >>> HASH_SHIFT) * SLOT_LONGS;
    }
}
