package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/**
 * The stack that the current TSS names for an inner privilege level, in protected mode (SDM Vol.
 * 3A, "Stack Switching").
 *
 * @param selector SS0, SS1 or SS2
 * @param pointer ESP0, ESP1 or ESP2
 */
public record TssStack(int selector, long pointer) {
    private static final int WIDE = 8; // type bit that tells a 32-bit TSS from a 16-bit one

    /**
     * Reads it.
     *
     * @param external EXT bit of the #TS that a short TSS raises
     */
    public static TssStack of(Cpu cpu, int privilege, int external) {
        SystemSegment tr = cpu.system.tr;
        boolean wide = (tr.attributes() & WIDE) != 0;
        int offset = wide ? 4 + 8 * privilege : 2 + 4 * privilege;
        if (!tr.contains(offset, wide ? 6 : 4)) {
            throw CpuFault.of(ExceptionVector.INVALID_TSS, tr.selector() & 0xFFFC | external);
        }
        long at = tr.base() + offset;
        return wide
                ? new TssStack((int) cpu.memory.system.load16(at + 4), cpu.memory.system.load32(at))
                : new TssStack(
                        (int) cpu.memory.system.load16(at + 2), cpu.memory.system.load16(at));
    }
}
