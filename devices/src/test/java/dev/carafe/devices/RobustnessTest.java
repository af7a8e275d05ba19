package dev.carafe.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.apic.ApicBus;
import dev.carafe.devices.apic.ApicClocks;
import dev.carafe.devices.apic.ApicIdentity;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.apic.LocalApic;
import dev.carafe.devices.apic.MsiWindow;
import dev.carafe.devices.dma.PostPort;
import dev.carafe.devices.dma.RegisterStorage;
import dev.carafe.devices.hpet.Hpet;
import dev.carafe.devices.keyboard.Keyboard8042;
import dev.carafe.devices.pci.HostBridge;
import dev.carafe.devices.pci.PciHost;
import dev.carafe.devices.pic.Pic8259Pair;
import dev.carafe.devices.pit.Pit8254;
import dev.carafe.devices.pit.PortB;
import dev.carafe.devices.power.A20Gate;
import dev.carafe.devices.power.AcpiPowerManagement;
import dev.carafe.devices.power.ApmControl;
import dev.carafe.devices.power.DebugConsole;
import dev.carafe.devices.power.DebugExit;
import dev.carafe.devices.power.GeneralPurposeEvents;
import dev.carafe.devices.power.MachineControl;
import dev.carafe.devices.power.Port92;
import dev.carafe.devices.power.ResetControl;
import dev.carafe.devices.power.ShutdownPort;
import dev.carafe.devices.power.ShutdownString;
import dev.carafe.devices.rtc.CmosRtc;
import dev.carafe.devices.serial.Uart16550;
import dev.carafe.devices.video.CrtController;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A guest may read and write anything anywhere: no device throws, and none answers more bytes than
 * were asked for.
 */
class RobustnessTest {
    private static final int ACCESSES = 20_000;
    private static final int[] SIZES = {1, 2, 4, 8};
    private static final InterruptLine LINE = InterruptLine.UNCONNECTED;

    private final FakeTimers timers = new FakeTimers();
    private final ApicBus bus = new ApicBus();

    @TestFactory
    Iterable<DynamicTest> randomAccessesNeverThrow() {
        return devices().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> hammer(e.getValue())))
                .toList();
    }

    private void hammer(BusDevice device) {
        SplittableRandom random = new SplittableRandom(20261120);
        for (int i = 0; i < ACCESSES; i++) {
            int size = SIZES[random.nextInt(SIZES.length)];
            int reach = random.nextInt(4) == 0 ? 0x1000 : 16;
            int offset = random.nextInt(reach);
            long mask = AccessSize.allOnes(size);
            if (random.nextBoolean()) {
                long value = device.read(offset, size);
                assertEquals(0, value & ~mask, "offset " + offset + ", size " + size);
            } else {
                long value = random.nextBoolean() ? random.nextLong() : random.nextInt(8);
                device.write(offset, size, value & mask);
            }
            timers.advance(
                    random.nextInt(8) == 0 ? random.nextLong(3_000_000) : random.nextInt(2000));
        }
    }

    private Map<String, BusDevice> devices() {
        MachineControl machine = new Ignoring();
        A20Gate a20 = new A20Gate(LINE);
        Pic8259Pair pic = new Pic8259Pair(LINE);
        IoApic ioApic = new IoApic(bus);
        LocalApic apic = apic(0);
        bus.attach(ioApic);
        bus.attach(apic);
        bus.attach(apic(1));
        Pit8254 pit = new Pit8254(timers, pic.irq(0));
        Keyboard8042 keyboard = new Keyboard8042(pic.irq(1), pic.irq(12), true, a20, machine);
        AcpiPowerManagement power = new AcpiPowerManagement(timers, LINE, machine, () -> {});
        Map<String, BusDevice> devices = new LinkedHashMap<>();
        devices.put("local APIC", apic);
        devices.put("I/O APIC", ioApic);
        devices.put("MSI window", new MsiWindow(bus));
        devices.put("8259 master", pic.master());
        devices.put("8259 slave", pic.slave());
        devices.put("ELCR", pic.edgeLevelControl());
        devices.put("8254", pit);
        devices.put("port 61h", new PortB(pit, timers));
        devices.put("RTC", new CmosRtc(timers, LINE, Instant.EPOCH, new byte[0]));
        devices.put("16550", new Uart16550(timers, LINE, b -> {}));
        devices.put("HPET", new Hpet(timers, LINE, LINE, ioApic::pin));
        devices.put("8042 data", keyboard.data());
        devices.put("8042 command", keyboard.command());
        devices.put("ACPI PM", power);
        devices.put("APM", new ApmControl(power, 2, 3));
        devices.put("GPE", new GeneralPurposeEvents(16));
        devices.put("port 92h", new Port92(a20, () -> {}));
        devices.put("debug exit", new DebugExit(machine));
        devices.put("debug console", new DebugConsole(c -> {}));
        devices.put("shutdown port", new ShutdownPort(0x2000, machine));
        devices.put("shutdown string", new ShutdownString(machine));
        devices.put("PCI", new PciHost(Map.of(0, new HostBridge()), new ResetControl(machine)));
        devices.put("storage", new RegisterStorage(16));
        devices.put("POST", new PostPort(c -> {}));
        devices.put("CRT controller", new CrtController());
        return devices;
    }

    /** The board resets a device by giving back its power-on state. */
    @TestFactory
    Iterable<DynamicTest> theStateAtPowerOnCanAlwaysBePutBack() {
        return devices().entrySet().stream()
                .filter(e -> e.getValue() instanceof Stateful<?>)
                .map(
                        e ->
                                DynamicTest.dynamicTest(
                                        e.getKey(),
                                        () ->
                                                hammerAndPutBack(
                                                        e.getValue(), (Stateful<?>) e.getValue())))
                .toList();
    }

    private <S extends Record> void hammerAndPutBack(BusDevice device, Stateful<S> state) {
        S powerOn = state.save();
        hammer(device);
        state.restore(powerOn);
        assertEquals(powerOn, state.save());
        assertEquals(powerOn.toString(), state.save().toString());
    }

    @Test
    void randomMsrAccessesAreAnsweredOrRejected() {
        LocalApic apic = apic(0);
        bus.attach(apic);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < ACCESSES; i++) {
            int register =
                    random.nextInt(10) == 0
                            ? 0x1B
                            : random.nextInt(8) == 0 ? 0x6E0 : 0x800 + random.nextInt(256);
            long value =
                    random.nextBoolean()
                            ? random.nextLong()
                            : 0xFEE0_0000L | random.nextInt(0x1000);
            try {
                if (random.nextBoolean()) {
                    apic.writeMsr(register, value);
                } else {
                    apic.readMsr(register);
                }
            } catch (MsrRejected rejected) {
                assertEquals(MsrRejected.INSTANCE, rejected);
            }
            timers.advance(random.nextInt(2000));
        }
    }

    @Test
    void aStateOfAnotherVersionIsRefusedInOneSentence() {
        PostPort port = new PostPort(c -> {});
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> port.restore(new PostPort.State(9, 0)));
        assertEquals(
                "state of POST port has version 9, this build reads version 1", e.getMessage());
    }

    private LocalApic apic(int id) {
        ApicIdentity identity = new ApicIdentity(id, id == 0, true, 40);
        return new LocalApic(
                identity,
                ApicClocks.of(1_000_000_000, 1_000_000_000),
                new Deaf(),
                bus,
                timers,
                () -> 0);
    }

    private static final class Ignoring implements MachineControl {
        @Override
        public void powerOff() {}

        @Override
        public void reset() {}

        @Override
        public void exit(int code) {}
    }

    private static final class Deaf implements CpuSignals {
        @Override
        public void interrupt(boolean asserted) {}

        @Override
        public void nmi() {}

        @Override
        public void smi() {}

        @Override
        public void init() {}

        @Override
        public void startup(int vector) {}
    }
}
