package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.bus.GuestMemory;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.power.MachineControl;
import dev.carafe.firmware.BootException;
import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.LocalApicState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import dev.carafe.firmware.PicState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The board's wiring, driven through its ports and watched at the processors' wires. */
class PcDevicesTest {
    private static final int COM1_IER = 0x3F9;
    private static final int COM1_MCR = 0x3FC;

    private final FakeSpace ports = new FakeSpace();
    private final FakeSpace memory = new FakeSpace();
    private final List<String> events = new ArrayList<>();
    private final StringBuilder sent = new StringBuilder();

    @ParameterizedTest(name = "{0}: every device has a place of its own")
    @EnumSource(MachineType.class)
    void devicesStandWhereTheDescriptionSaysAndDoNotOverlap(MachineType type) {
        MachineDescription machine = machine(type, 4);
        devices(machine);

        assertTrue(memory.answers(machine.ioApicAddress()));
        assertTrue(memory.answers(machine.hpetAddress()));
        assertTrue(memory.answers(machine.localApicAddress()), "message-signalled interrupts");
        assertTrue(memory.answers(machine.framebuffer().address()));
        assertTrue(ports.answers(machine.pm().eventBlock()));
        assertTrue(ports.answers(machine.pm().timerBlock()));
        assertTrue(ports.answers(machine.pm().gpe0Block()));
        assertFalse(ports.answers(0x3F8), "no serial port was ordered");
    }

    @ParameterizedTest(name = "{2} ends the run by {1}")
    @CsvSource({
        "0x604,  power off, PM1_CNT,           2, 0x2000",
        "0xB004, power off, the old PM port,   2, 0x2000",
        "0x4004, power off, VirtualBox's port, 2, 0x3400",
        "0x64,   reset,     the keyboard's pulse, 1, 0xFE",
        "0xCF9,  reset,     reset control,     1, 0x06",
    })
    void endingsReachTheMachine(String port, String event, String name, int size, String value) {
        devices(machine(MachineType.Q35, 1));
        ports.write(Long.decode(port), size, Long.decode(value));

        assertEquals(List.of(event), events, name);
    }

    @Test
    void aSerialPortsInterruptReachesTheFirstProcessorThroughThe8259() throws BootException {
        PcDevices devices = devices(machine(MachineType.PC, 2));
        devices.add(configuration(List.of()), wires());
        FirmwareState.setUpLegacyDevices(PicState.MASKED, ports);
        setUpVirtualWire(devices.localApic(0));
        ports.write(0x21, 1, 0xEF); // all but IRQ 4
        ports.write(COM1_MCR, 1, 0x08);
        ports.write(COM1_IER, 1, 0x02); // the transmitter is empty

        assertEquals(List.of("cpu0 interrupt"), events);
        assertEquals(0x0C, devices.localApic(0).acknowledge(), "IRQ 4 behind vector 08h");
    }

    @Test
    void theSameInterruptReachesAProcessorThroughTheIoApic() throws BootException {
        MachineDescription machine = machine(MachineType.PC, 2);
        PcDevices devices = devices(machine);
        devices.add(configuration(List.of()), wires());
        LocalInterruptController second = devices.localApic(1);
        second.registers().write(0xF0, 4, 0x1FF);
        writeIoApic(machine, 0x10 + 2 * 4 + 1, machine.cpus().get(1).apicId() << 24);
        writeIoApic(machine, 0x10 + 2 * 4, 0x41);
        ports.write(COM1_MCR, 1, 0x08);
        ports.write(COM1_IER, 1, 0x02);

        assertEquals(List.of("cpu1 interrupt"), events);
        assertEquals(0x41, second.acknowledge());
    }

    @Test
    void bytesGoOutAndComeIn() throws BootException {
        PcDevices devices = devices(machine(MachineType.PC, 1));
        HostWires wires = wires();
        devices.add(configuration(List.of()), wires);
        ports.write(0x3F8, 1, 'A');

        assertEquals("A", sent.toString());
    }

    @Test
    void theExitPortIsWhereItWasOrderedAndGivesAnOddCode() throws BootException {
        devices(machine(MachineType.PC, 1))
                .add(configuration(List.of(new DebugExitPort(0xF4, 4))), wires());
        ports.write(0xF4, 4, 0x10);

        assertEquals(List.of("exit 33"), events);
    }

    @Test
    void anExitPortOnAnotherDeviceIsRefusedInOneSentence() {
        PcDevices devices = devices(machine(MachineType.PC, 1));
        Configuration configuration = configuration(List.of(new DebugExitPort(0x60, 4)));

        BootException refusal =
                assertThrows(BootException.class, () -> devices.add(configuration, wires()));

        assertEquals(
                "isa-debug-exit at port 0x60: another device has this port", refusal.getMessage());
    }

    @Test
    void theTestDeviceEchoesRaisesInterruptsAndHasMemory() throws BootException {
        PcDevices devices = devices(machine(MachineType.PC, 1));
        devices.add(configuration(List.of()), wires());
        FirmwareState.setUpLegacyDevices(PicState.MASKED, ports);
        setUpVirtualWire(devices.localApic(0));
        ports.write(0x21, 1, 0xDF); // all but IRQ 5

        ports.write(0xE0, 4, 0x12345678);
        assertEquals(0x5678, ports.read(0xE0, 2));
        assertEquals(0x34, ports.read(0xEA, 1), "the same register byte by byte");
        ports.write(0xE4, 4, 0x1000);
        memory.write(0xFF00_0010L, 8, 0x1122334455667788L);
        assertEquals(0x11223344L, memory.read(0xFF00_0014L, 4));
        assertEquals(List.of(), events);
        ports.write(0x2005, 1, 1);
        assertEquals(List.of("cpu0 interrupt"), events);
    }

    @ParameterizedTest(name = "key {0}: {2}")
    @CsvSource({
        "0x00, 4, 55 4d 45 51, signature",
        "0x01, 4, 00 00 00 03, both interfaces",
        "0x03, 8, 00 00 00 00 10 00 00 00, size of RAM",
        "0x05, 2, 00 03, processors",
        "0x0F, 2, 00 03, limit of APIC IDs",
        "0x11, 4, 00 00 00 00, nothing",
    })
    void theFirmwareConfigurationAnswersByKey(String key, int size, String bytes, String name) {
        devices(machine(MachineType.PC, 3));
        ports.write(0x510, 2, Long.decode(key));
        StringBuilder read = new StringBuilder();
        for (int i = 0; i < size; i++) {
            read.insert(0, " %02x".formatted(ports.read(0x511, 1)));
        }

        assertEquals(" " + bytes, read.toString(), name);
    }

    @Test
    void theFastResetOfPort92InitializesEveryProcessor() {
        devices(machine(MachineType.PC, 2));
        ports.write(0x92, 1, 0x02);
        ports.write(0x92, 1, 0x03);

        assertEquals(List.of("cpu0 init", "cpu1 init"), events);
    }

    private void setUpVirtualWire(LocalInterruptController apic) {
        LocalApicState state = LocalApicState.virtualWire(false);
        apic.registers().write(0xF0, 4, state.spuriousVector());
        apic.registers().write(0x350, 4, state.lint0());
    }

    private void writeIoApic(MachineDescription machine, int register, int value) {
        memory.write(machine.ioApicAddress(), 4, register);
        memory.write(machine.ioApicAddress() + 0x10, 4, value & 0xFFFF_FFFFL);
    }

    private static MachineDescription machine(MachineType type, int cpus) {
        return MachineDescription.builder()
                .type(type)
                .cpus(cpus)
                .framebuffer(FramebufferDescription.standard())
                .build();
    }

    private PcDevices devices(MachineDescription machine) {
        List<CpuSignals> processors = new ArrayList<>();
        machine.cpus().forEach(cpu -> processors.add(new RecordedSignals("cpu" + cpu.index())));
        Sockets sockets =
                new Sockets(
                        ports,
                        memory,
                        new NoRam(),
                        new StoppedTimers(),
                        processors,
                        cpu -> 0,
                        open -> {});
        return new PcDevices(machine, sockets, new RecordedControl());
    }

    /** Machines here never transfer. */
    private static final class NoRam implements GuestMemory {
        @Override
        public void read(long physical, byte[] into) {
            throw new AssertionError("a transfer from 0x" + Long.toHexString(physical));
        }

        @Override
        public void write(long physical, byte[] from) {
            throw new AssertionError("a transfer to 0x" + Long.toHexString(physical));
        }
    }

    private static Configuration configuration(List<DebugExitPort> exits) {
        return new Configuration(
                new BootSource(Optional.empty(), Optional.empty(), "", List.of()),
                128L << 20,
                new Topology(1, 1, 1, 1, 1),
                new CpuSelection("max", Map.of()),
                MachineModel.PC,
                List.of(new HostPort.Stdio(false)),
                List.of(),
                exits,
                true,
                new Ending(false, false, false),
                new LogSelection(java.util.Set.of(), Optional.empty()),
                Optional.empty());
    }

    private HostWires wires() {
        IntConsumer output = value -> sent.append((char) value);
        return new HostWires(List.of(Optional.of(new SerialWire(output))), List.of());
    }

    private final class RecordedControl implements MachineControl {
        @Override
        public void powerOff() {
            events.add("power off");
        }

        @Override
        public void reset() {
            events.add("reset");
        }

        @Override
        public void exit(int code) {
            events.add("exit " + code);
        }
    }

    private final class RecordedSignals implements CpuSignals {
        private final String name;

        RecordedSignals(String name) {
            this.name = name;
        }

        @Override
        public void interrupt(boolean asserted) {
            if (asserted) {
                events.add(name + " interrupt");
            }
        }

        @Override
        public void nmi() {
            events.add(name + " nmi");
        }

        @Override
        public void smi() {
            events.add(name + " smi");
        }

        @Override
        public void init() {
            events.add(name + " init");
        }

        @Override
        public void startup(int vector) {
            events.add(name + " startup " + vector);
        }
    }

    /** Time stands still. */
    private static final class StoppedTimers implements Timers {
        @Override
        public long now() {
            return 0;
        }

        @Override
        public Timer timer(Runnable expiry) {
            return new Timer() {
                @Override
                public void arm(long deadlineNanos) {}

                @Override
                public void disarm() {}
            };
        }
    }
}
