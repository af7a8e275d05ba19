package dev.carafe.firmware;

import dev.carafe.firmware.bytes.ByteWriter;

/**
 * What a PC's firmware does when the boot processor comes to the reset vector and the machine has
 * not been switched on just then: one page of 16-bit code, which stands at the top of the 4 GiB as
 * read-only memory and below 1 MiB as its shadow. It asks the shutdown status in CMOS register 0Fh
 * (IBM PC AT Technical Reference, "Shutdown Byte"):
 *
 * <ul>
 *   <li>05h, 0Ah: goes on at the far pointer 40:67, with or without an end of interrupt before
 *   <li>FEh: the machine sleeps; waits for WAK_STS and goes on at the waking vector in the FACS
 *   <li>everything else: resets the whole machine, which boots anew
 * </ul>
 *
 * <p>Written by hand; each line is one or a few instructions. It runs from the shadow: programs
 * come to FFFF:0000 as well as by the reset vector.
 */
public final class ResetCode {
    /** The shutdown status by which the code knows that the machine sleeps. */
    public static final int SLEEPING = 0xFE;

    private static final int VECTOR = 0xFF0;
    private static final int GDTR = 0x78;
    private static final int GDT = 0x7E;
    private static final int SEGMENT = GuestLayout.BIOS_SEGMENT >> 4;
    private static final int OFFSET_IN_SEGMENT =
            GuestLayout.RESET_SHADOW - GuestLayout.BIOS_SEGMENT;
    private static final int FIRMWARE_WAKING_VECTOR = 12; // in the FACS
    private static final long FLAT_DATA = 0x008F_9300_0000_FFFFL;

    private ResetCode() {}

    /** The page for a machine. */
    public static byte[] page(MachineDescription machine) {
        ByteWriter code = new ByteWriter((int) GuestLayout.PAGE);
        choose(code);
        resume(code);
        wake(code, machine);
        code.u16(15).u32((int) (GuestLayout.RESET_ROM + GDT));
        code.u64(0).u64(FLAT_DATA);
        code.zeros(VECTOR - code.size());
        hex(code, "EA").u16(OFFSET_IN_SEGMENT).u16(SEGMENT); // jmp far to the shadow's beginning
        code.zeros((int) GuestLayout.PAGE - code.size());
        return code.toByteArray();
    }

    private static void choose(ByteWriter code) {
        hex(code, "FA"); // cli
        hex(code, "B0 0F E6 70 E4 71"); // al = CMOS register 0Fh
        hex(code, "3C 0A 74 1A"); // 0Ah: to 25h
        hex(code, "3C 05 74 10"); // 05h: to 1Fh
        hex(code, "3C FE 74 1A"); // FEh: to 2Dh
        hex(code, "BA F9 0C B0 02 EE B0 06 EE"); // port CF9h = 02h, then 06h
        hex(code, "F4 EB FD"); // hlt, for ever
    }

    private static void resume(ByteWriter code) {
        hex(code, "B0 20 E6 A0 E6 20"); // 1Fh: end of interrupt to both 8259s
        hex(code, "31 C0 8E D8"); // 25h: ds = 0
        hex(code, "FF 2E 67 04"); // jmp far [467h]
    }

    private static void wake(ByteWriter code, MachineDescription machine) {
        hex(code, "BA").u16(machine.pm().eventBlock()); // 2Dh: dx = PM1_STS
        hex(code, "F3 90 ED F6 C4 80 74 F8"); // pause until bit 15, WAK_STS
        hex(code, "B0 0F E6 70 B0 00 E6 71"); // CMOS register 0Fh = 0
        hex(code, "2E 66 0F 01 16").u16(OFFSET_IN_SEGMENT + GDTR); // lgdt cs:[gdtr], 32-bit base
        hex(code, "0F 20 C0 0C 01 0F 22 C0"); // CR0.PE = 1
        hex(code, "BB 08 00 8E DB"); // ds = 8: a limit of 4 GiB, which stays
        hex(code, "24 FE 0F 22 C0"); // CR0.PE = 0
        long facs = machine.lowRamBytes() - GuestLayout.PAGE;
        hex(code, "66 67 A1").u32((int) (facs + FIRMWARE_WAKING_VECTOR)); // eax = its vector
        hex(code, "31 DB 8E DB"); // ds = 0
        hex(code, "89 C1 83 E1 0F 89 0E 67 04"); // [467h] = bits 3:0
        hex(code, "66 C1 E8 04 A3 69 04"); // [469h] = bits 19:4
        hex(code, "FF 2E 67 04"); // jmp far [467h]
    }

    private static ByteWriter hex(ByteWriter code, String bytes) {
        for (String one : bytes.split(" ")) {
            code.u8(Integer.parseInt(one, 16));
        }
        return code;
    }
}
