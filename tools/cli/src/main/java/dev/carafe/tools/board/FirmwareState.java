package dev.carafe.tools.board;

import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.GuestMemory;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.LocalApicState;
import dev.carafe.firmware.PicState;
import java.util.Arrays;

/**
 * Puts memory and devices into the state that firmware and loader leave, as their own code would:
 * by writing registers.
 */
final class FirmwareState {
    private static final int MASTER = 0x20;
    private static final int SLAVE = 0xA0;
    private static final int ICW1 = 0x11; // edge-triggered, cascaded, ICW4 follows
    private static final int SLAVE_ON_IR2 = 0x04;
    private static final int SLAVE_ID = 2;
    private static final int ICW4 = 0x01; // 8086 mode

    private static final int PIT_CONTROL = 0x43;
    private static final int PIT_COUNTER_0 = 0x40;
    private static final int PIT_18_HERTZ =
            0x34; // counter 0, low then high byte, mode 2; a count of 0 is 65536

    private static final int APIC_BASE_MSR = 0x1B;
    private static final int X2APIC_MODE = 1 << 10;
    private static final int SPURIOUS_VECTOR = 0xF0;
    private static final int LVT_LINT0 = 0x350;
    private static final int LVT_LINT1 = 0x360;

    private FirmwareState() {}

    static void writeMemory(BootImage image, GuestMemory memory) {
        for (ImageSegment segment : image.segments()) {
            if (segment instanceof ImageSegment.Data data) {
                memory.write(
                        data.address(),
                        bytes(data)); // zeros need no writing: RAM was never used before
            }
        }
    }

    private static byte[] bytes(ImageSegment.Data data) {
        boolean whole = data.offset() == 0 && data.count() == data.bytes().length;
        return whole
                ? data.bytes()
                : Arrays.copyOfRange(data.bytes(), data.offset(), data.offset() + data.count());
    }

    static void setUpLegacyDevices(PicState pic, Bus ports) {
        setUpPic(ports, MASTER, pic.masterVector(), SLAVE_ON_IR2, pic.masterMask());
        setUpPic(ports, SLAVE, pic.slaveVector(), SLAVE_ID, pic.slaveMask());
        ports.write(PIT_CONTROL, 1, PIT_18_HERTZ);
        ports.write(PIT_COUNTER_0, 1, 0);
        ports.write(PIT_COUNTER_0, 1, 0);
    }

    private static void setUpPic(Bus ports, int base, int vector, int cascade, int mask) {
        ports.write(base, 1, ICW1);
        ports.write(base + 1, 1, vector);
        ports.write(base + 1, 1, cascade);
        ports.write(base + 1, 1, ICW4);
        ports.write(base + 1, 1, mask);
    }

    /** Puts a local APIC, fresh from reset, into the state that its processor starts with. */
    static void setUpLocalApic(InitialState state, LocalInterruptController apic) {
        LocalApicState wanted = state.localApic();
        BusDevice registers = apic.registers();
        registers.write(SPURIOUS_VECTOR, Integer.BYTES, wanted.spuriousVector());
        registers.write(LVT_LINT0, Integer.BYTES, wanted.lint0());
        registers.write(LVT_LINT1, Integer.BYTES, wanted.lint1());
        if (wanted.x2Apic()) {
            apic.writeMsr(APIC_BASE_MSR, apic.readMsr(APIC_BASE_MSR) | X2APIC_MODE);
        }
    }
}
