package dev.carafe.tools.gdb;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.ResetState;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interrupt.AbsentInterruptController;
import dev.carafe.core.machine.InstructionSet;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.machine.Outcome;
import dev.carafe.core.machine.RunListener;
import dev.carafe.core.machine.Stop;
import dev.carafe.tools.board.DebuggerPort;
import java.io.IOException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine with a GDB server: 1 MiB of RAM mapped one to one, its vCPUs in 64-bit code, each with
 * RBX at a word of its own. Reading the device page at 80000h counts; writing to port 501h ends the
 * run.
 */
final class DebuggedMachine implements AutoCloseable {
    static final long CODE = 0x5000;
    static final long DATA = 0xE000;
    static final long DEVICE = 0x80000;
    static final long NOP = CODE + 3;

    /** INC QWORD [RBX]; NOP; JMP to the beginning. */
    static final String COUNT = "48ff03 90 ebfa";

    private static final long GDT = 0x1000;
    private static final long PML4 = 0x10000;
    private static final long CODE_DESCRIPTOR = 0x00AF_9B00_0000_FFFFL;
    private static final long DATA_DESCRIPTOR = 0x00CF_9300_0000_FFFFL;
    private static final int RAM = 1 << 20;
    private static final InstructionSet INSTRUCTIONS = InstructionSet.load();

    final AtomicInteger deviceReads = new AtomicInteger();
    final AtomicInteger quits = new AtomicInteger();
    final GdbServer server;
    Machine machine;
    private final int vcpus;
    private volatile boolean ended;

    DebuggedMachine(int vcpus, String code) throws IOException {
        this.vcpus = vcpus;
        machine = machine(code);
        server =
                GdbServer.open(
                        new DebuggerPort.Tcp("127.0.0.1", 0),
                        line -> "you said " + line + "\n",
                        quits::incrementAndGet);
        server.start(new GdbTarget(machine.control(), OptionalLong.empty(), false));
    }

    /** Starts the vCPUs, which a client may hold back. */
    DebuggedMachine start() {
        machine.start();
        return this;
    }

    RspClient connect() throws IOException {
        return new RspClient(server.tcpPort());
    }

    /** The end of the client before is noticed soon, and until then others are refused. */
    RspClient connectWhenFree() throws IOException {
        while (true) {
            RspClient gdb = connect();
            try {
                if (gdb.ask("qC").startsWith("QC")) {
                    return gdb;
                }
            } catch (IOException refused) {
                // without a word: too many were
            }
            gdb.close();
        }
    }

    /** Whether the machine's run is over. */
    boolean ended() {
        return ended;
    }

    /** As a reset of the guest does. */
    void reset(String code) {
        server.replace(
                () -> {
                    machine.close();
                    machine = machine(code);
                    return new GdbTarget(machine.control(), OptionalLong.of(0x1234), false);
                });
        machine.start();
    }

    private Machine machine(String code) {
        Machine made = new Machine(RAM, RAM, vcpus, INSTRUCTIONS, Entropy.seeded(1));
        made.memory().write(PML4, 8, PML4 + 0x1003);
        made.memory().write(PML4 + 0x1000, 8, PML4 + 0x2003);
        made.memory().write(PML4 + 0x2000, 8, 0x83);
        made.memory().write(GDT + 8, 8, CODE_DESCRIPTOR);
        made.memory().write(GDT + 16, 8, DATA_DESCRIPTOR);
        made.memory().write(CODE, HexFormat.of().parseHex(code.replace(" ", "")));
        made.memory().makeHole(new AddressRange(DEVICE, 0x1000));
        made.memory()
                .attach(
                        new AddressRange(DEVICE, 0x1000),
                        device(() -> deviceReads.incrementAndGet(), () -> {}));
        ended = false;
        made.control().listen(new Ending());
        CpuModel model = CpuModel.max(CpuTopology.ofCores(vcpus));
        for (int i = 0; i < vcpus; i++) {
            start(made.addVcpu(model, new AbsentInterruptController()).cpu(), i);
        }
        made.ports()
                .attach(
                        new AddressRange(0x501, 1),
                        device(() -> 0, () -> made.finish(new Outcome.DebugExit(33))));
        return made;
    }

    private static void start(Cpu cpu, int index) {
        ResetState.powerUp(cpu, Activity.RUNNING);
        cpu.control.set(0x8001_0011L, PML4, 0x620, 0xD00);
        cpu.segments.setCode(8, CODE_DESCRIPTOR, 0);
        for (int segment :
                new int[] {Segments.ES, Segments.SS, Segments.DS, Segments.FS, Segments.GS}) {
            cpu.segments.setFromDescriptor(segment, 16, DATA_DESCRIPTOR);
        }
        cpu.regs[Registers.RSP] = 0x8000 + index * 0x400L;
        cpu.regs[Registers.RBX] = DATA + index * 64L;
        cpu.rip = CODE;
        cpu.setRflags(2);
    }

    private final class Ending implements RunListener {
        @Override
        public void stopped(Stop why) {}

        @Override
        public void resumed() {}

        @Override
        public void ended(Outcome how) {
            ended = true;
        }
    }

    private interface Read {
        int value();
    }

    private static BusDevice device(Read read, Runnable written) {
        return new BusDevice() {
            @Override
            public long read(int offset, int size) {
                return read.value();
            }

            @Override
            public void write(int offset, int size, long value) {
                written.run();
            }
        };
    }

    @Override
    public void close() {
        server.close();
        machine.close();
    }
}
