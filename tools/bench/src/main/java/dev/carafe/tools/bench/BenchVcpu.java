package dev.carafe.tools.bench;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.LockWriters;
import dev.carafe.core.cpu.ResetState;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interpreter.CodeCache;
import dev.carafe.core.interpreter.HandlerTable;
import dev.carafe.core.interpreter.Interpreter;
import dev.carafe.core.interrupt.AbsentInterruptController;
import dev.carafe.core.isa.decode.OpcodeTables;
import dev.carafe.core.machine.PortBus;
import dev.carafe.core.memory.ExclusiveAccess;
import dev.carafe.core.memory.Mmu;
import dev.carafe.core.memory.PhysicalBus;
import dev.carafe.core.weave.HandlerIndex;
import java.util.HexFormat;

/**
 * One processor in 64-bit mode with 16 MiB of RAM and no machine around it: paging on, the first
 * GiB mapped to itself by 2 MiB pages, a GDT, and an IDT whose gate 80h leads to IRETQ.
 */
final class BenchVcpu {
    static final long CODE = 0x10_0000;
    static final long HANDLER = 0x10_1000;
    static final long DATA = 0x20_0000;
    static final int DEVICE_PORT = 0x3F8;

    private static final long RAM = 16L << 20;
    private static final long PML4 = 0x1_0000;
    private static final long PDPT = 0x1_1000;
    private static final long PAGE_DIRECTORY = 0x1_2000;
    private static final long IDT = 0x2_0000;
    private static final long GDT = 0x3_0000;
    private static final long STACK = 0x8_0000;
    private static final int ENTRIES = 512;
    private static final int TABLE_FLAGS = 0x3; // present, writable
    private static final int LARGE_PAGE_FLAGS = 0x83;
    private static final int PAGE_SHIFT = 21;
    private static final long CR0 = 0x8001_0011L; // PG, WP, ET, PE
    private static final long CR4 = 0x20; // PAE
    private static final long EFER = 0xD00; // NXE, LMA, LME
    private static final int CODE64 = 0x209B;
    private static final int DATA64 = 0x0093;
    private static final int CODE_SELECTOR = 0x08;
    private static final int DATA_SELECTOR = 0x10;
    private static final long CODE_DESCRIPTOR = 0x0020_9B00_0000_0000L;
    private static final long DATA_DESCRIPTOR = 0x0000_9300_0000_0000L;
    private static final int VECTOR = 0x80;
    private static final long INTERRUPT_GATE = 0x8E00L;

    final PhysicalBus memory = new PhysicalBus(RAM, RAM);
    final PortBus ports = new PortBus();
    final Cpu cpu;
    private final Interpreter interpreter;

    /** Makes a processor that is about to execute {@code code}, given in hexadecimal. */
    BenchVcpu(String code) {
        CpuModel model = CpuModel.max(CpuTopology.ofCores(1));
        CodeCache cache = new CodeCache(memory.pageStates(), this::dropWriteTags);
        memory.setCodeWatcher(cache);
        Mmu mmu = new Mmu(memory, new Alone(), model.physicalBits());
        cpu =
                new Cpu(
                        new Cpu.Parts(
                                0,
                                model,
                                mmu,
                                ports,
                                new AbsentInterruptController(),
                                () -> 0,
                                Entropy.seeded(0),
                                new Events(),
                                new LockWriters()));
        var opcodes =
                OpcodeTables.load()
                        .index(name -> Feature.named(name).map(model::has).orElse(false));
        HandlerTable handlers = new HandlerTable(HandlerIndex.load(), memory);
        interpreter =
                new Interpreter(cpu, new Interpreter.Shared(cache, handlers, opcodes, memory));
        ports.attach(new AddressRange(DEVICE_PORT, 8), new Latch());
        writeTables();
        memory.write(CODE, HexFormat.of().parseHex(code.replace(" ", "")));
        memory.write(HANDLER, HexFormat.of().parseHex("48CF")); // IRETQ
        enterLongMode();
    }

    /** What a machine does before a page's code is kept: from now on stores to it are noticed. */
    private void dropWriteTags(long physicalPage) {
        cpu.memory.dropWriteTags(physicalPage >>> 12);
        memory.pageStates().clearWritable(physicalPage >>> 12);
    }

    private void writeTables() {
        memory.write(PML4, 8, PDPT | TABLE_FLAGS);
        memory.write(PDPT, 8, PAGE_DIRECTORY | TABLE_FLAGS);
        for (int i = 0; i < ENTRIES; i++) {
            memory.write(PAGE_DIRECTORY + 8L * i, 8, (long) i << PAGE_SHIFT | LARGE_PAGE_FLAGS);
        }
        memory.write(GDT + CODE_SELECTOR, 8, CODE_DESCRIPTOR);
        memory.write(GDT + DATA_SELECTOR, 8, DATA_DESCRIPTOR);
        long gate =
                HANDLER & 0xFFFF | CODE_SELECTOR << 16 | INTERRUPT_GATE << 32 | HANDLER >> 16 << 48;
        memory.write(IDT + 16L * VECTOR, 8, gate);
    }

    private void enterLongMode() {
        ResetState.powerUp(cpu, Activity.RUNNING);
        cpu.control.set(CR0, PML4, CR4, EFER);
        for (int segment = 0; segment < Segments.COUNT; segment++) {
            boolean code = segment == Segments.CS;
            cpu.segments.set(
                    segment, code ? CODE_SELECTOR : DATA_SELECTOR, 0, -1, code ? CODE64 : DATA64);
        }
        cpu.system.gdtr = new TableRegister(GDT, DATA_SELECTOR + 7);
        cpu.system.idtr = new TableRegister(IDT, 0xFFF);
        cpu.setRflags(2);
        cpu.regs[3] = DATA; // RBX
        cpu.regs[4] = STACK; // RSP
        cpu.rip = CODE;
    }

    /** Executes so many instructions. */
    void run(int instructions) {
        interpreter.run(instructions);
        if (cpu.activity != Activity.RUNNING) {
            throw new AssertionError("the benchmark's code has stopped: " + cpu.tripleFault);
        }
    }

    /** No other processor exists. */
    private static final class Alone implements ExclusiveAccess {
        @Override
        public void enter() {}

        @Override
        public void exit() {}
    }

    /** A device of one register. */
    private static final class Latch implements BusDevice {
        private long value;

        @Override
        public long read(int offset, int size) {
            return value;
        }

        @Override
        public void write(int offset, int size, long newValue) {
            value = newValue;
        }
    }
}
