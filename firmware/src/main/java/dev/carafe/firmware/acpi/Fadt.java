package dev.carafe.firmware.acpi;

import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import dev.carafe.firmware.PmRegisters;
import dev.carafe.firmware.bytes.ByteWriter;

/** Fixed ACPI Description Table, revision 3. */
final class Fadt {
    private static final int LENGTH = 244;

    private static final int SPACE_MEMORY = 0;
    private static final int SPACE_IO = 1;

    private static final int BOOT_8042 = 0x0002;
    private static final int WBINVD = 1;
    private static final int PROC_C1 = 1 << 2;
    private static final int SLP_BUTTON = 1 << 5;
    private static final int RTC_S4 = 1 << 7;
    private static final int RESET_REG_SUP = 1 << 10;
    private static final int USE_PLATFORM_CLOCK = 1 << 15;
    private static final int FORCE_APIC_CLUSTER_MODEL = 1 << 18;

    private static final int NO_SUCH_STATE =
            0x0FFF; // C2 and C3 latencies beyond what the states allow
    private static final int CENTURY = 0x32;
    private static final int RESET_PORT = 0xCF9;
    private static final int RESET_VALUE = 0x0F;

    private Fadt() {}

    static byte[] bytes(MachineDescription machine, long facs, long dsdt) {
        PmRegisters pm = machine.pm();
        ByteWriter out =
                TableWriter.begin("FACP", 3, LENGTH)
                        .u32((int) facs)
                        .u32((int) dsdt)
                        .u8(1) // model: dual 8259 present
                        .u8(0) // preferred profile: unspecified
                        .u16(pm.sciInterrupt())
                        .u32(pm.smiCommandPort())
                        .u8(pm.acpiEnable())
                        .u8(pm.acpiDisable())
                        .u8(0)
                        .u8(0)
                        .u32(pm.eventBlock())
                        .u32(0)
                        .u32(pm.controlBlock())
                        .u32(0)
                        .u32(0)
                        .u32(pm.timerBlock())
                        .u32(pm.gpe0Block())
                        .u32(0)
                        .u8(4) // PM1 event length
                        .u8(2) // PM1 control length
                        .u8(0)
                        .u8(4) // PM timer length
                        .u8(pm.gpe0Length())
                        .zeros(3)
                        .u16(NO_SUCH_STATE)
                        .u16(NO_SUCH_STATE)
                        .zeros(8) // cache flush and duty cycle
                        .u8(CENTURY)
                        .u16(BOOT_8042)
                        .u8(0)
                        .u32(flags(machine));
        address(out, SPACE_IO, 8, RESET_PORT);
        out.u8(RESET_VALUE).zeros(3).u64(0).u64(dsdt);
        address(out, SPACE_IO, 32, pm.eventBlock());
        address(out, SPACE_MEMORY, 0, 0);
        address(out, SPACE_IO, 16, pm.controlBlock());
        address(out, SPACE_MEMORY, 0, 0);
        address(out, SPACE_MEMORY, 0, 0);
        address(out, SPACE_IO, 32, pm.timerBlock());
        address(out, SPACE_IO, pm.gpe0Length() * 8, pm.gpe0Block());
        address(out, SPACE_MEMORY, 0, 0);
        return TableWriter.finish(out);
    }

    private static int flags(MachineDescription machine) {
        int flags = WBINVD | PROC_C1 | SLP_BUTTON | RTC_S4 | RESET_REG_SUP;
        if (machine.hasHpet() || machine.type() == MachineType.Q35) {
            flags |= USE_PLATFORM_CLOCK;
        }
        return machine.cpus().size() > 8 ? flags | FORCE_APIC_CLUSTER_MODEL : flags;
    }

    /** ACPI, "Generic Address Structure". */
    private static void address(ByteWriter out, int space, int bits, long address) {
        out.u8(space).u8(bits).u8(0).u8(0).u64(address);
    }
}
