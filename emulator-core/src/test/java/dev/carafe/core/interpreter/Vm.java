package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.decode.OpcodeIndex;
import dev.carafe.core.isa.decode.OpcodeTables;
import dev.carafe.core.weave.HandlerIndex;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * A processor that executes machine code of tests by decoder, woven handlers and interpreter: flat
 * segments from 0, privilege level 0, the first 2 MiB mapped one to one by 4 KiB pages (in 64-bit
 * code). Every exception leads to a HLT, and is asked for by {@link #fault}.
 */
public final class Vm implements AutoCloseable {
    public static final long CODE = TestMachine.CODE;
    public static final long STACK = TestMachine.STACK;
    public static final long DATA = 0xD000;
    public static final long PRESENT = 1;
    public static final long WRITABLE = 2;

    private static final long HANDLERS = 0xB000;
    private static final int HANDLER_BYTES = 16;
    private static final int INTERRUPT_GATE = 14;
    private static final long PAGE_DIRECTORY = 0x12000;
    private static final long PAGE_TABLE = 0x13000;
    private static final int PAGES = 256;
    private static final long OSFXSR_OSXMMEXCPT = 3 << 9;
    private static final int HLT = 0xF4;
    private static final int ESP_0 = 4; // in a 32-bit TSS
    private static final int SS_0 = 8;
    private static final long BUDGET = 1_000_000; // much, so that it does not go step by step

    private static final HandlerIndex HANDLER_INDEX = HandlerIndex.load();
    private static final OpcodeTables OPCODES = OpcodeTables.load();

    public final TestMachine machine;
    public final Cpu cpu;
    private final Interpreter interpreter;

    /** An exception as its handler finds it. */
    public record Fault(int vector, long errorCode, long rip, long rsp, long flags) {
        @Override
        public String toString() {
            return "%s(%X) at %X".formatted(ExceptionVector.name(vector), errorCode, rip);
        }
    }

    private Vm(TestMachine machine, HotRegions.Policy regions) {
        this.machine = machine;
        cpu = machine.cpu;
        CodeCache cache =
                new CodeCache(
                        machine.bus.pageStates(), page -> cpu.memory.dropWriteTags(page >>> 12));
        machine.bus.setCodeWatcher(cache);
        OpcodeIndex index =
                OPCODES.index(name -> Feature.named(name).map(cpu.model::has).orElse(false));
        interpreter =
                new Interpreter(
                        cpu,
                        new Interpreter.Shared(
                                cache,
                                new HandlerTable(
                                        HANDLER_INDEX, machine.bus, regions, HandlerTable::fail),
                                index,
                                machine.bus));
        for (int vector = 0; vector < 256; vector++) {
            machine.bus.write(HANDLERS + vector * HANDLER_BYTES, 1, HLT);
        }
    }

    /** 64-bit code. Exceptions use a stack of their own. */
    public static Vm bare() {
        return bare("max", HotRegions.Policy.WHEN_HOT);
    }

    static Vm bare(HotRegions.Policy regions) {
        return bare("max", regions);
    }

    /** The same with the processor of that name, as {@code -cpu} reads it. */
    public static Vm bare(String model) {
        return bare(model, HotRegions.Policy.WHEN_HOT);
    }

    private static Vm bare(String model, HotRegions.Policy regions) {
        CpuTopology one = CpuTopology.ofCores(1);
        CpuModel cpu = CpuModel.of(model, one, CpuModel.DEFAULT_TSC_HERTZ);
        Vm vm = new Vm(TestMachine.longMode(cpu), regions);
        vm.machine.put64(TestMachine.TSS + 0x24, TestMachine.IST1);
        for (int vector = 0; vector < 256; vector++) {
            vm.machine.gate64(vector, INTERRUPT_GATE, 1, HANDLERS + vector * HANDLER_BYTES);
        }
        for (int page = 0; page < PAGES; page++) {
            vm.map((long) page << 12, (long) page << 12 | PRESENT | WRITABLE);
        }
        vm.machine.put64(PAGE_DIRECTORY, PAGE_TABLE | PRESENT | WRITABLE);
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | OSFXSR_OSXMMEXCPT);
        vm.cpu.memory.flush();
        return vm;
    }

    /** 32-bit protected mode without paging. */
    public static Vm protectedMode() {
        return protectedMode(HotRegions.Policy.WHEN_HOT);
    }

    static Vm protectedMode(HotRegions.Policy regions) {
        Vm vm = new Vm(TestMachine.protectedMode(), regions);
        for (int vector = 0; vector < 256; vector++) {
            vm.machine.gate32(vector, INTERRUPT_GATE, HANDLERS + vector * HANDLER_BYTES);
        }
        vm.machine.put32(TestMachine.TSS + ESP_0, TestMachine.RSP0); // for handlers of user code
        vm.machine.put32(TestMachine.TSS + SS_0, TestMachine.KERNEL_DATA);
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | OSFXSR_OSXMMEXCPT);
        return vm;
    }

    /** 16-bit real mode, all segments at 0. */
    public static Vm realMode() {
        return realMode(HotRegions.Policy.WHEN_HOT);
    }

    static Vm realMode(HotRegions.Policy regions) {
        Vm vm = new Vm(TestMachine.reset(), regions);
        for (int vector = 0; vector < 256; vector++) {
            vm.machine.put32(vector * 4L, HANDLERS + vector * HANDLER_BYTES);
        }
        for (int segment = 0; segment < Segments.COUNT; segment++) {
            vm.cpu.segments.load(segment, 0);
        }
        vm.cpu.segments.setBase(Segments.CS, 0);
        vm.cpu.control.set(0x10, 0, OSFXSR_OSXMMEXCPT, 0);
        vm.cpu.regs[Registers.RSP] = STACK;
        vm.cpu.rip = CODE;
        return vm;
    }

    // ---- before

    public Vm set(int register, long value) {
        cpu.regs[register] = value;
        return this;
    }

    public Vm rax(String hex) {
        return set(Registers.RAX, parse(hex));
    }

    public Vm rbx(String hex) {
        return set(Registers.RBX, parse(hex));
    }

    public Vm flags(long image) {
        cpu.setRflags(image);
        return this;
    }

    public Vm code(long address, String hex) {
        machine.bus.write(address, HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    public Vm put64(long address, long value) {
        machine.put64(address, value);
        return this;
    }

    /** Sets the page-table entry of a linear page below 1 MiB, without invalidating anything. */
    public Vm map(long linear, long entry) {
        machine.put64(PAGE_TABLE + (linear >>> 12) * 8, entry);
        return this;
    }

    // ---- go

    /**
     * Executes the code and what it leads to, up to a HLT behind it or in an exception's handler.
     */
    public Vm execute(String hex) {
        return execute(CODE, hex);
    }

    public Vm execute(long address, String hex) {
        code(address, hex + " F4");
        return from(address);
    }

    /** Goes on at an address, up to a HLT. */
    public Vm from(long address) {
        cpu.rip = address;
        cpu.activity = Activity.RUNNING;
        StopReason reason = run(BUDGET);
        if (reason != StopReason.IDLE) {
            throw new AssertionError("stopped by " + reason + " at " + Long.toHexString(cpu.rip));
        }
        return this;
    }

    public StopReason run(long budget) {
        return interpreter.run(budget);
    }

    public long executed() {
        return interpreter.executed();
    }

    // ---- after

    public String rax() {
        return hex(cpu.regs[Registers.RAX]);
    }

    public long reg(int register) {
        return cpu.regs[register];
    }

    public long get64(long address) {
        return machine.get64(address);
    }

    /** The status flags that are set, from high to low. */
    public String flags() {
        StringJoiner names = new StringJoiner(" ");
        int[] bits = {Flags.OF, Flags.SF, Flags.ZF, Flags.AF, Flags.PF, Flags.CF};
        String[] all = {"OF", "SF", "ZF", "AF", "PF", "CF"};
        for (int i = 0; i < bits.length; i++) {
            if ((cpu.flags.get() & bits[i]) != 0) {
                names.add(all[i]);
            }
        }
        return names.toString();
    }

    /** The exception that stopped the code, or null when it ended by its own HLT. */
    public Fault fault() {
        long at = cpu.rip - 1 - HANDLERS;
        if (at < 0 || at >= 256 * HANDLER_BYTES) {
            return null;
        }
        int vector = (int) at / HANDLER_BYTES;
        int size = cpu.control.longMode() ? 8 : cpu.control.protectedMode() ? 4 : 2;
        boolean hasError =
                size > 2 && (vector == 8 || vector >= 10 && vector <= 14 || vector == 17);
        long sp = cpu.regs[Registers.RSP];
        long error = hasError ? machine.bus.read(sp, size) : 0;
        sp += hasError ? size : 0;
        long before = size == 8 ? machine.get64(sp + 24) : sp + 3 * size;
        return new Fault(
                vector,
                error,
                machine.bus.read(sp, size),
                before,
                machine.bus.read(sp + 2 * size, size));
    }

    public int vector() {
        Fault fault = fault();
        return fault == null ? -1 : fault.vector();
    }

    public static String hex(long value) {
        return "%016X".formatted(value);
    }

    private static long parse(String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }

    @Override
    public void close() {
        machine.close();
    }
}
