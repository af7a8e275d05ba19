package dev.carafe.tools.board;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.apic.ApicBus;
import dev.carafe.devices.apic.ApicClocks;
import dev.carafe.devices.apic.ApicIdentity;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.apic.LocalApic;
import dev.carafe.devices.apic.MsiWindow;
import dev.carafe.devices.dma.PostPort;
import dev.carafe.devices.dma.RegisterStorage;
import dev.carafe.devices.fwcfg.FirmwareConfiguration;
import dev.carafe.devices.hpet.Hpet;
import dev.carafe.devices.keyboard.Keyboard8042;
import dev.carafe.devices.pci.HostBridge;
import dev.carafe.devices.pci.PciFunction;
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
import dev.carafe.devices.testing.DeviceMemory;
import dev.carafe.devices.testing.FlushPort;
import dev.carafe.devices.testing.InterruptWindow;
import dev.carafe.devices.video.CrtController;
import dev.carafe.firmware.BootException;
import dev.carafe.firmware.ConfigurationItems;
import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.PmRegisters;
import dev.carafe.firmware.ResetCode;
import dev.carafe.tools.console.Receiver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Every device of the PC, made and wired. Range, interrupt and wires of a device stand together
 * here and nowhere else; addresses that tables also name come from the {@link MachineDescription}.
 *
 * <p>Not modelled: INTR at LINT0 of application processors (the 8259 pair reaches the bootstrap
 * processor only), IRQ 13, SERR and IOCHK at LINT1; both machine types have the Q35's host bridge.
 */
final class PcDevices {
    private static final int MSI_WINDOW = 1 << 20;
    private static final int IO_APIC_SIZE = 0x1000;
    private static final int[] COM_PORT = {0x3F8, 0x2F8, 0x3E8, 0x2E8};
    private static final int[] COM_IRQ = {4, 3, 4, 3};
    private static final int KEYBOARD_IRQ = 1;
    private static final int MOUSE_IRQ = 12;
    private static final int TIMER_IRQ = 0;
    private static final int RTC_IRQ = 8;
    private static final int OLD_SHUTDOWN_VALUE = 0x2000;
    private static final int VIRTUALBOX_SHUTDOWN_VALUE = 0x3400;
    private static final int PM_SIZE = 12;
    private static final int CMOS_INDEX = 0x70;
    private static final int SHUTDOWN_STATUS = 0x0F;
    private static final int ISA_INTERRUPTS = 16;
    private static final int CASCADE = 2;
    private static final long TEST_MEMORY = 0xFF00_0000L;
    private static final int TEST_MEMORY_SIZE = 0x10000;
    private static final int CRT_CONTROLLER = 0x3D4;
    private static final int FIRMWARE_CONFIGURATION_SIZE = 12;

    private final MachineDescription machine;
    private final Sockets sockets;
    private final MachineControl control;
    private final ApicBus apicBus = new ApicBus();
    private final List<LocalApic> localApics = new ArrayList<>();
    private final IoApic ioApic = new IoApic(apicBus);
    private final Pic8259Pair pic;
    private final IsaInterrupts interrupts;
    private final LinearFramebuffer framebuffer; // null on a machine without a display
    private final Map<Integer, PciFunction> pciFunctions = Map.of(0, new HostBridge());
    private final List<Uart16550> uarts = new ArrayList<>(); // complete before the machine starts
    private final List<PcParts.Attached> attached = new ArrayList<>();
    private Keyboard8042 keyboard; // set by the constructor
    private AcpiPowerManagement power; // set by the constructor

    PcDevices(MachineDescription machine, Sockets sockets, MachineControl control) {
        this.machine = machine;
        this.sockets = sockets;
        this.control = control;
        pic = new Pic8259Pair(asserted -> localApics.getFirst().lint0().set(asserted));
        interrupts = new IsaInterrupts(pic, ioApic);
        framebuffer =
                machine.framebuffer() == null ? null : new LinearFramebuffer(machine.framebuffer());
        addInterruptControllers();
        power = addPowerAndReset();
        addTimers(power);
        addPci();
        addStorageRegisters();
        addPorts(CRT_CONTROLLER, CrtController.SIZE, new CrtController());
        addPorts(
                0x510,
                FIRMWARE_CONFIGURATION_SIZE,
                new FirmwareConfiguration(ConfigurationItems.of(machine), sockets.ram()));
        if (framebuffer != null) {
            addMemory(
                    machine.framebuffer().address(),
                    machine.framebuffer().sizeInBytes(),
                    framebuffer);
        }
    }

    ApicBus apicBus() {
        return apicBus;
    }

    /**
     * What could still interrupt a processor.
     *
     * @param deadlines how many of all devices are armed
     * @param typing whether bytes may still arrive at a serial port
     */
    InterruptPaths interruptPaths(IntSupplier deadlines, BooleanSupplier typing) {
        BooleanSupplier received =
                () -> typing.getAsBoolean() || uarts.stream().anyMatch(PcDevices::holdsBytes);
        return new InterruptPaths(localApics, ioApic, pic, deadlines, received);
    }

    LocalApic localApic(int cpu) {
        return localApics.get(cpu);
    }

    PcParts parts(Machine core) {
        return new PcParts(
                machine,
                core,
                localApics,
                ioApic,
                pic,
                keyboard,
                power,
                interrupts::raised,
                pciFunctions,
                attached);
    }

    Optional<LinearFramebuffer> framebuffer() {
        return Optional.ofNullable(framebuffer);
    }

    /**
     * Adds the serial ports, debug consoles and exit devices that were ordered.
     *
     * @throws BootException when one lies on another device
     */
    void add(Configuration configuration, HostWires wires) throws BootException {
        for (int i = 0; i < wires.serials().size(); i++) {
            Optional<SerialWire> wire = wires.serials().get(i);
            if (wire.isPresent()) {
                addSerial(i, wire.get());
            }
        }
        for (int i = 0; i < wires.debugConsoles().size(); i++) {
            int port = configuration.debugConsoles().get(i).port();
            addOrdered(port, 1, "debug console", new DebugConsole(wires.debugConsoles().get(i)));
        }
        for (DebugExitPort exit : configuration.debugExits()) {
            addOrdered(exit.port(), exit.size(), "isa-debug-exit", new DebugExit(control));
        }
        if (configuration.testDevice()) {
            addTestDevice();
        }
    }

    private void addTestDevice() throws BootException {
        String name = "pc-testdev";
        RegisterStorage echo = new RegisterStorage(Integer.BYTES);
        addOrdered(0xE0, Integer.BYTES, name, echo);
        addOrdered(0xE4, Integer.BYTES, name, new FlushPort());
        addOrdered(0xE8, Integer.BYTES, name, echo);
        List<InterruptLine> lines = new ArrayList<>();
        for (int line = 0; line < IoApic.PINS; line++) {
            lines.add(line < ISA_INTERRUPTS ? isaLine(line) : ioApic.pin(line));
        }
        addOrdered(0x2000, IoApic.PINS, name, new InterruptWindow(lines));
        addMemory(TEST_MEMORY, TEST_MEMORY_SIZE, new DeviceMemory(TEST_MEMORY_SIZE));
    }

    private InterruptLine isaLine(int irq) {
        return irq == CASCADE ? InterruptLine.UNCONNECTED : interrupts.line(irq);
    }

    private void addOrdered(int port, int size, String name, BusDevice device)
            throws BootException {
        try {
            addPorts(port, size, device);
        } catch (IllegalArgumentException e) {
            throw new BootException(
                    name
                            + " at port "
                            + BootException.hex(port)
                            + ": another device has this port");
        }
    }

    /** Whether bytes that wait will ask for attention when nothing follows them. */
    private static boolean holdsBytes(Uart16550 uart) {
        return uart.save().timeoutAt() != Long.MAX_VALUE;
    }

    private void addSerial(int number, SerialWire wire) {
        InterruptLine irq = interrupts.line(COM_IRQ[number]);
        Runnable room = wire.input()::roomAvailable;
        Uart16550 uart = new Uart16550(sockets.timers(), irq, wire.output(), room);
        uarts.add(uart);
        addPorts(COM_PORT[number], 8, uart);
        wire.input().connect(new SerialReceiver(uart));
    }

    /** The wire from the host's keyboard to a serial port. */
    private record SerialReceiver(Uart16550 uart) implements Receiver {
        @Override
        public boolean offer(int value) {
            boolean room = uart.canReceive(); // nobody else feeds this port
            if (room) {
                uart.receive(value);
            }
            return room;
        }

        @Override
        public void sendBreak() {
            uart.receiveBreak();
        }
    }

    private void addInterruptControllers() {
        for (CpuDescription cpu : machine.cpus()) {
            int index = cpu.index();
            ApicClocks clocks =
                    new ApicClocks(
                            CpuModel.CRYSTAL_HERTZ,
                            machine.tscHertz(),
                            () -> sockets.tscOffset().applyAsLong(index));
            CpuSignals signals = sockets.processors().get(index);
            LocalApic apic =
                    new LocalApic(
                            identity(cpu),
                            clocks,
                            signals,
                            apicBus,
                            sockets.timers(),
                            pic::acknowledge);
            apicBus.attach(apic);
            localApics.add(apic);
        }
        apicBus.attach(ioApic);
        addMemory(machine.ioApicAddress(), IO_APIC_SIZE, ioApic);
        addMemory(machine.localApicAddress(), MSI_WINDOW, new MsiWindow(apicBus));
        addPorts(0x20, 2, pic.master());
        addPorts(0xA0, 2, pic.slave());
        addPorts(0x4D0, 2, pic.edgeLevelControl());
    }

    private ApicIdentity identity(CpuDescription cpu) {
        boolean bootstrap = cpu.index() == machine.bsp().index();
        return new ApicIdentity(
                cpu.apicId(), bootstrap, machine.hasX2Apic(), machine.physicalAddressBits());
    }

    private void addTimers(AcpiPowerManagement power) {
        Timers timers = sockets.timers();
        InterruptLine timerWire = interrupts.line(TIMER_IRQ);
        InterruptLine rtcWire = interrupts.line(RTC_IRQ);
        if (machine.hasHpet()) {
            Hpet hpet = new Hpet(timers, timerWire, rtcWire, ioApic::pin);
            addMemory(machine.hpetAddress(), GuestLayout.HPET_SIZE, hpet);
            timerWire = hpet.intervalTimer();
            rtcWire = hpet.rtc();
        }
        Pit8254 pit = new Pit8254(timers, timerWire);
        addPorts(0x40, 4, pit);
        addPorts(0x61, 1, new PortB(pit, timers));
        InterruptLine clockWire = rtcWire;
        InterruptLine clock =
                asserted -> {
                    clockWire.set(asserted);
                    power.clockInterrupt(asserted);
                };
        Instant start = Instant.ofEpochSecond(machine.bootTime());
        addPorts(0x70, 2, new CmosRtc(timers, clock, start, CmosContents.of(machine)));
    }

    private AcpiPowerManagement addPowerAndReset() {
        PmRegisters pm = machine.pm();
        AcpiPowerManagement power =
                new AcpiPowerManagement(
                        sockets.timers(), interrupts.line(pm.sciInterrupt()), control, this::sleep);
        addPorts(pm.eventBlock(), PM_SIZE, power);
        addPorts(pm.gpe0Block(), pm.gpe0Length(), new GeneralPurposeEvents(pm.gpe0Length()));
        addPorts(pm.smiCommandPort(), 2, new ApmControl(power, pm.acpiEnable(), pm.acpiDisable()));
        addPorts(0xB004, 2, new ShutdownPort(OLD_SHUTDOWN_VALUE, control));
        addPorts(0x4004, 2, new ShutdownPort(VIRTUALBOX_SHUTDOWN_VALUE, control));
        addPorts(0x8900, 1, new ShutdownString(control));
        A20Gate a20 = new A20Gate(sockets.a20());
        addPorts(0x92, 1, new Port92(a20, this::initProcessors));
        keyboard =
                new Keyboard8042(
                        interrupts.line(KEYBOARD_IRQ),
                        interrupts.line(MOUSE_IRQ),
                        true,
                        a20,
                        control);
        addPorts(0x60, 1, keyboard.data());
        addPorts(0x64, 1, keyboard.command());
        return power;
    }

    /** Sends the processors into the firmware's code, which waits for the end of the sleep. */
    private void sleep() {
        sockets.ports().write(CMOS_INDEX, 1, SHUTDOWN_STATUS);
        sockets.ports().write(CMOS_INDEX + 1, 1, ResetCode.SLEEPING);
        initProcessors();
    }

    private void initProcessors() {
        for (CpuSignals processor : sockets.processors()) {
            processor.init();
        }
    }

    private void addPci() {
        addPorts(0xCF8, 8, new PciHost(pciFunctions, new ResetControl(control)));
    }

    private void addStorageRegisters() {
        addPorts(0x00, 0x10, new RegisterStorage(0x10));
        addPorts(0x80, 1, new PostPort(code -> {}));
        addPorts(0x81, 0x0F, new RegisterStorage(0x0F));
        addPorts(0xC0, 0x20, new RegisterStorage(0x20));
    }

    private void addPorts(int first, int count, BusDevice device) {
        attach(sockets.ports(), first, count, device);
    }

    private void addMemory(long start, long length, BusDevice device) {
        attach(sockets.memory(), start, length, device);
    }

    private void attach(Bus bus, long start, long length, BusDevice device) {
        AddressRange range = new AddressRange(start, length);
        bus.attach(range, device);
        attached.add(new PcParts.Attached(bus == sockets.ports(), range, device));
    }
}
