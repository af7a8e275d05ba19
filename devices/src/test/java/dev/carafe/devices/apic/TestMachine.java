package dev.carafe.devices.apic;

import dev.carafe.devices.FakeTimers;
import java.util.ArrayList;
import java.util.List;

/**
 * Some local APICs and an I/O APIC on one bus, software-enabled, with short names for register
 * accesses.
 */
final class TestMachine {
    static final long TIMER_HERTZ = 1_000_000_000;
    static final long TSC_HERTZ = 2_000_000_000;

    final FakeTimers timers = new FakeTimers();
    final ApicBus bus = new ApicBus();
    final IoApic ioApic = new IoApic(bus);
    final List<LocalApic> apics = new ArrayList<>();
    final List<RecordingCpu> cpus = new ArrayList<>();
    int interruptAcknowledges;
    int extIntVector = 0x08;

    TestMachine(int... apicIds) {
        for (int id : apicIds) {
            RecordingCpu cpu = new RecordingCpu();
            ApicIdentity identity = new ApicIdentity(id, apics.isEmpty(), true, 40);
            LocalApic apic =
                    new LocalApic(
                            identity,
                            ApicClocks.of(TIMER_HERTZ, TSC_HERTZ),
                            cpu,
                            bus,
                            timers,
                            () -> {
                                interruptAcknowledges++;
                                return extIntVector;
                            });
            bus.attach(apic);
            apics.add(apic);
            cpus.add(cpu);
            apic.write(0xF0, 4, 0x1FF);
        }
        bus.attach(ioApic);
    }

    LocalApic apic(int index) {
        return apics.get(index);
    }

    RecordingCpu cpu(int index) {
        return cpus.get(index);
    }

    void write(int cpu, int offset, long value) {
        apic(cpu).write(offset, 4, value & 0xFFFF_FFFFL);
    }

    long read(int cpu, int offset) {
        return apic(cpu).read(offset, 4);
    }

    void icr(int cpu, long destination, long command) {
        write(cpu, 0x310, destination << 24);
        write(cpu, 0x300, command);
    }

    void allToX2apic() {
        for (LocalApic apic : apics) {
            apic.writeMsr(0x1B, apic.readMsr(0x1B) | 0xC00);
        }
    }

    /** Vectors of all CPUs that now have one, acknowledged and finished: "index:vector ...". */
    String taken() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < apics.size(); i++) {
            while (cpu(i).interrupt) {
                text.append(text.isEmpty() ? "" : " ").append(i).append(':');
                text.append(Integer.toHexString(apic(i).acknowledge()));
                if (apic(i).registersAt() >= 0) {
                    write(i, 0xB0, 0);
                } else {
                    apic(i).writeMsr(0x80B, 0);
                }
            }
        }
        return text.toString();
    }

    void redirect(int pin, long entry) {
        ioWrite(0x11 + 2 * pin, entry >>> 32);
        ioWrite(0x10 + 2 * pin, entry & 0xFFFF_FFFFL);
    }

    void ioWrite(int register, long value) {
        ioApic.write(0, 1, register);
        ioApic.write(0x10, 4, value);
    }

    long ioRead(int register) {
        ioApic.write(0, 1, register);
        return ioApic.read(0x10, 4);
    }
}
