package dev.carafe.core.cpu;

/**
 * Who changed a word of memory last with a locked instruction, and where: the owner of a lock that
 * others wait for. Tables for all vCPUs, filled without order or lock: whoever takes a lock next
 * does so after its last owner has written here, so what is read about a held lock is its owner.
 * Words that share a slot push each other out.
 *
 * <p>A ticket lock is not owned by who drew the last ticket but by who drew the one being served;
 * so each vCPU's last change of a word is kept with what the word held before.
 */
public final class LockWriters {
    private static final int SLOTS = 2048; // of each table; a power of two
    private static final int SLOT_LONGS = 8; // a cache line for each
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int HASH_SHIFT = 53;
    private static final int WORD_SHIFT = 2;
    private static final int VCPU_BITS = 12;

    private static final int KEY = 0;
    private static final int RIP = 1;
    private static final int INTERRUPTS = 2;
    private static final int STACK = 3;
    private static final int WHEN = 4;
    private static final int OLD = 5;
    private static final int NEW = 6;

    private final long[] changes = new long[SLOTS * SLOT_LONGS]; // by word and vCPU
    private final long[] lasts = new long[SLOTS * SLOT_LONGS]; // by word: who

    /**
     * The last change of a word by one vCPU.
     *
     * @param vcpu who
     * @param rip of the instruction
     * @param stack RSP then
     * @param interrupts whether IF was set
     * @param instructions executed by that vCPU before, to within one page of code
     * @param before what the word held
     * @param after what it held then
     */
    public record Writer(
            int vcpu,
            long rip,
            long stack,
            boolean interrupts,
            long instructions,
            long before,
            long after) {}

    /**
     * A locked instruction has changed a word.
     *
     * @param offset of the operand in host memory
     * @param pc its record, or 0 when RIP is exact
     */
    public void changed(Cpu cpu, long offset, long before, long after, int pc) {
        long key = key(offset, cpu.index);
        int at = slot(key);
        changes[at + KEY] = key;
        changes[at + RIP] =
                pc == 0 ? cpu.rip : cpu.regs[Registers.CODE_PAGE] + cpu.page.offsets[pc >> 1];
        changes[at + INTERRUPTS] = cpu.systemFlags & Rflags.IF;
        changes[at + STACK] = cpu.regs[Registers.RSP];
        changes[at + WHEN] = cpu.executedBase;
        changes[at + OLD] = before;
        changes[at + NEW] = after;
        lasts[slot(offset >>> WORD_SHIFT)] = key;
    }

    /** The last change of the word at an offset in host memory, or null when none is known. */
    public Writer last(long offset) {
        long key = lasts[slot(offset >>> WORD_SHIFT)];
        int vcpu = (int) key & (1 << VCPU_BITS) - 1;
        return key == key(offset, vcpu) ? of(offset, vcpu) : null;
    }

    /** The last change of a word by one vCPU, or null when none is known. */
    public Writer of(long offset, int vcpu) {
        long key = key(offset, vcpu);
        int at = slot(key);
        if (changes[at + KEY] != key) {
            return null;
        }
        return new Writer(
                vcpu,
                changes[at + RIP],
                changes[at + STACK],
                changes[at + INTERRUPTS] != 0,
                changes[at + WHEN],
                changes[at + OLD],
                changes[at + NEW]);
    }

    /** Never 0: a slot that nobody filled matches no key. */
    private static long key(long offset, int vcpu) {
        return (offset >>> WORD_SHIFT) + 1 << VCPU_BITS | vcpu;
    }

    private static int slot(long key) {
        return (int) (key * SPREAD >>> HASH_SHIFT) * SLOT_LONGS;
    }
}
