package dev.carafe.tools.board;

import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;

/**
 * What firmware leaves in the real-time clock's memory: sizes of memory and the number of
 * processors.
 */
final class CmosContents {
    private static final int SIZE = 128;
    private static final int EQUIPMENT = 0x14;
    private static final int BASE_MEMORY = 0x15;
    private static final int EXTENDED_MEMORY = 0x17;
    private static final int EXTENDED_MEMORY_AGAIN = 0x30;
    private static final int ABOVE_16_MIB = 0x34;
    private static final int ABOVE_4_GIB = 0x5B;
    private static final int LAST_PROCESSOR = 0x5F;

    private static final int FPU_AND_MOUSE = 0x06;
    private static final int BASE_KIB = 640;
    private static final int KIB_SHIFT = 10;
    private static final int BLOCK_SHIFT = 16;
    private static final long SIXTEEN_MIB = 16L << 20;
    private static final long MOST = 0xFFFF;

    private CmosContents() {}

    static byte[] of(MachineDescription machine) {
        byte[] cmos = new byte[SIZE];
        cmos[EQUIPMENT] = FPU_AND_MOUSE;
        put(cmos, BASE_MEMORY, 2, BASE_KIB);
        long extendedKib = machine.lowRamBytes() - GuestLayout.ONE_MIB >> KIB_SHIFT;
        put(cmos, EXTENDED_MEMORY, 2, clamp(extendedKib));
        put(cmos, EXTENDED_MEMORY_AGAIN, 2, clamp(extendedKib));
        put(cmos, ABOVE_16_MIB, 2, clamp(machine.lowRamBytes() - SIXTEEN_MIB >> BLOCK_SHIFT));
        put(cmos, ABOVE_4_GIB, 3, machine.highRamBytes() >> BLOCK_SHIFT);
        cmos[LAST_PROCESSOR] = (byte) (machine.cpus().size() - 1);
        return cmos;
    }

    private static long clamp(long value) {
        return Math.clamp(value, 0, MOST);
    }

    private static void put(byte[] cmos, int index, int size, long value) {
        for (int i = 0; i < size; i++) {
            cmos[index + i] = (byte) (value >> 8 * i);
        }
    }
}
