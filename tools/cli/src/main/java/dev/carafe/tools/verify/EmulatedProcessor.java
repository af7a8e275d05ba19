package dev.carafe.tools.verify;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.InterruptShadow;
import dev.carafe.core.cpu.LockWriters;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.ResetState;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interpreter.CodeCache;
import dev.carafe.core.interpreter.HandlerTable;
import dev.carafe.core.interpreter.Interpreter;
import dev.carafe.core.interrupt.AbsentInterruptController;
import dev.carafe.core.isa.decode.OpcodeTables;
import dev.carafe.core.memory.Mmu;
import dev.carafe.core.memory.PhysicalBus;
import dev.carafe.core.weave.HandlerIndex;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The real interpreter with one processor and nothing around it, in user code as the host's kernel
 * runs it: the same descriptors, control bits and pages. Exceptions are delivered through an IDT,
 * and the case's end is read from their frame. Used by one thread.
 */
final class EmulatedProcessor implements AutoCloseable {
    private static final int CODE32 = 0x23;
    private static final int DATA = 0x2B;
    private static final int CODE64 = 0x33;
    private static final int KERNEL_CODE = 0x10;
    private static final int TSS_SELECTOR = 0x40;
    private static final long[] GDT = {
        0,
        0x00CF_9B00_0000_FFFFL,
        0x00AF_9B00_0000_FFFFL,
        0x00CF_9300_0000_FFFFL,
        0x00CF_FB00_0000_FFFFL,
        0x00CF_F300_0000_FFFFL,
        0x00AF_FB00_0000_FFFFL,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0x0040_F500_0000_0000L // the last one tells the CPU's number
    };
    private static final int GDT_LIMIT = 0x7F;
    private static final int TSS_LIMIT = 0x67;
    private static final int TSS_BUSY = 0x8B;
    private static final int LDT = 0x82;
    private static final int TSS_RSP0 = 4;
    private static final int TSS_MAP_BASE = 0x60; // the word at 66h, with the reserved ones before
    private static final int INTERRUPT_GATE = 0x8E;
    private static final int USER_GATE = 0xEE;
    private static final int VECTORS = 256;
    private static final long HANDLERS = 0xFFFF_D000_0000_0000L; // never executed
    private static final int HANDLER_BYTES = 16;
    private static final int[] USER_VECTORS = {3, 4}; // of Linux, beside the system call
    private static final int MOST_PARTS = 64;
    private static final long CR0 = 0x8005_0033L;
    private static final long EFER = 0xD01;
    private static final long XCR0 = 7;
    private static final int WITH_ERROR_CODE = 1 << 8 | 0x1F << 10 | 1 << 17 | 1 << 21;

    private final PhysicalBus bus = new PhysicalBus(AddressSpace.RAM, AddressSpace.RAM);
    private final AddressSpace space = new AddressSpace(bus);
    private final Cpu cpu;
    private final Interpreter interpreter;
    private final byte[] pattern = Layout.pattern();
    private final byte[] live = new byte[Layout.DATA_BYTES];
    private final byte[] block = new byte[Layout.BLOCK];
    private final byte[] noCode = new byte[Layout.CODE_BYTES];

    EmulatedProcessor(CpuModel model, OpcodeTables tables, HandlerIndex handlers) {
        Mmu mmu = new Mmu(bus, new Surroundings.Alone(), model.physicalBits());
        var parts =
                new Cpu.Parts(
                        0,
                        model,
                        mmu,
                        new Surroundings.NoPorts(),
                        new AbsentInterruptController(),
                        () -> 0,
                        Entropy.seeded(0),
                        new Events(),
                        new LockWriters());
        cpu = new Cpu(parts);
        CodeCache cache = new CodeCache(bus.pageStates(), p -> cpu.memory.dropWriteTags(p >>> 12));
        bus.setCodeWatcher(cache);
        var opcodes = tables.index(name -> Feature.named(name).map(model::has).orElse(false));
        interpreter =
                new Interpreter(
                        cpu,
                        new Interpreter.Shared(
                                cache, new HandlerTable(handlers, bus), opcodes, bus));
        ResetState.powerUp(cpu, Activity.RUNNING);
        writeTables();
        enterLongMode();
        Arrays.fill(noCode, (byte) 0xCC);
        space.writeData(0, pattern);
    }

    /** What the host has at {@link Layout#EXIT}. */
    void setWayOut(byte[] bytes) {
        space.writeWayOut(bytes);
    }

    private void writeTables() {
        for (int i = 0; i < GDT.length; i++) {
            space.writeSystem(AddressSpace.GDT + i * 8L, GDT[i]);
        }
        for (int vector = 0; vector < VECTORS; vector++) {
            int number = vector;
            boolean user = Arrays.stream(USER_VECTORS).anyMatch(v -> v == number);
            long handler = HANDLERS + (long) vector * HANDLER_BYTES;
            long at = AddressSpace.IDT + vector * 16L;
            space.writeSystem(
                    at,
                    handler & 0xFFFF
                            | (long) KERNEL_CODE << 16
                            | (long) (user ? USER_GATE : INTERRUPT_GATE) << 40
                            | (handler & 0xFFFF_0000L) << 32);
            space.writeSystem(at + 8, handler >>> 32);
        }
        long top = AddressSpace.STACK_TOP;
        space.writeSystem(AddressSpace.TSS, top << 32); // RSP0, at an odd place
        space.writeSystem(AddressSpace.TSS + TSS_RSP0 + 4, top >>> 32);
        space.writeSystem(AddressSpace.TSS + TSS_MAP_BASE, -1); // no I/O permission map
    }

    private void enterLongMode() {
        cpu.system.gdtr = new TableRegister(AddressSpace.GDT, GDT_LIMIT);
        cpu.system.idtr = new TableRegister(AddressSpace.IDT, VECTORS * 16 - 1);
        cpu.system.ldtr = new SystemSegment(0, 0, 0, LDT);
        cpu.system.tr = new SystemSegment(TSS_SELECTOR, AddressSpace.TSS, TSS_LIMIT, TSS_BUSY);
        long cr4 =
                ControlBits.CR4_DE
                        | ControlBits.CR4_PSE
                        | ControlBits.CR4_PAE
                        | ControlBits.CR4_MCE
                        | ControlBits.CR4_PGE
                        | ControlBits.CR4_OSFXSR
                        | ControlBits.CR4_OSXMMEXCPT
                        | when(Feature.UMIP, ControlBits.CR4_UMIP)
                        | when(Feature.FSGSBASE, ControlBits.CR4_FSGSBASE)
                        | when(Feature.XSAVE, ControlBits.CR4_OSXSAVE)
                        | when(Feature.SMEP, ControlBits.CR4_SMEP)
                        | when(Feature.SMAP, ControlBits.CR4_SMAP);
        cpu.control.set(CR0, AddressSpace.ROOT, cr4, EFER);
        if (has(Feature.XSAVE)) {
            cpu.system.xcr0 = XCR0;
        }
    }

    private long when(Feature feature, long bits) {
        return has(feature) ? bits : 0;
    }

    private boolean has(Feature feature) {
        return cpu.model.has(feature);
    }

    /** Puts the code of a batch where it is executed. */
    void load(List<TestCase> cases) {
        space.writeCode(0, noCode);
        for (TestCase test : cases) {
            space.writeCode(test.codeOffset, test.codeWithExit());
        }
    }

    /** Executes one case of the batch that was loaded. */
    void execute(TestCase test, Result result) {
        prepare(test);
        interpreter.run(1);
        for (int i = 0; i < MOST_PARTS && repeats(test); i++) {
            interpreter.run(1); // interrupts could have come in between
        }
        collect(test, result);
    }

    private boolean repeats(TestCase test) {
        return test.instruction.repeat() != 0 && !test.step && cpu.rip == test.rip();
    }

    private void prepare(TestCase test) {
        for (int i = 0; i < test.patchCount; i++) {
            apply(test.patchAddresses[i], test.patches[i]);
        }
        ProcessorState state = test.state;
        System.arraycopy(state.registers, 0, cpu.regs, 0, ProcessorState.GENERAL);
        cpu.setRflags(state.rflags | (test.step ? 0x100 : 0));
        cpu.rip = test.rip();
        cpu.nextRip = cpu.rip;
        cpu.activity = Activity.RUNNING;
        cpu.shadow = InterruptShadow.NONE;
        cpu.tripleFault = null;
        cpu.pauses = 0;
        cpu.control.setCr2(0);
        int code = test.code32 ? CODE32 : CODE64;
        cpu.segments.setCode(code, GDT[code >> 3], 3);
        for (int segment : new int[] {Segments.ES, Segments.SS, Segments.DS}) {
            cpu.segments.setFromDescriptor(segment, DATA, GDT[DATA >> 3]);
        }
        for (int segment : new int[] {Segments.FS, Segments.GS}) {
            if (test.code32) {
                cpu.segments.setFromDescriptor(segment, DATA, GDT[DATA >> 3]);
            } else {
                cpu.segments.setNull(segment, 0);
            }
        }
        cpu.segments.setBase(Segments.FS, state.fsBase);
        cpu.segments.setBase(Segments.GS, state.gsBase);
        X87Image.load(cpu.x87, state);
        cpu.mxcsr.set(state.mxcsr);
        System.arraycopy(state.vectors, 0, cpu.xmm, 0, state.vectors.length);
    }

    private void apply(long address, byte[] bytes) {
        int first = Layout.dataOffset(address);
        int last = Layout.dataOffset(address + bytes.length - 1);
        if (first >= 0 && last == first + bytes.length - 1) {
            space.writeData(first, bytes);
            return;
        }
        for (int i = 0; i < bytes.length; i++) {
            int offset = Layout.dataOffset(address + i);
            if (offset >= 0) {
                space.writeData(offset, bytes[i]);
            }
        }
    }

    private void collect(TestCase test, Result result) {
        ProcessorState state = result.state;
        System.arraycopy(cpu.regs, 0, state.registers, 0, ProcessorState.GENERAL);
        state.rflags = cpu.rflags();
        System.arraycopy(cpu.segments.selector, 0, state.selectors, 0, Segments.COUNT);
        state.fsBase = cpu.segments.base(Segments.FS);
        state.gsBase = cpu.segments.base(Segments.GS);
        X87Image.store(cpu.x87, state);
        state.mxcsr = cpu.mxcsr.get();
        System.arraycopy(cpu.xmm, 0, state.vectors, 0, state.vectors.length);
        result.rip = cpu.rip;
        result.ending = Result.Ending.EXECUTED;
        long vector = (cpu.rip - HANDLERS) / HANDLER_BYTES;
        if (cpu.activity == Activity.SHUTDOWN) {
            result.ending = Result.Ending.HUNG;
        } else if (vector >= 0 && vector < VECTORS && cpu.cpl == 0) {
            readFrame(result, (int) vector);
        }
        collectMemory(result);
    }

    private void readFrame(Result result, int vector) {
        result.ending = Result.Ending.EXCEPTION;
        result.vector = vector;
        result.cr2 = cpu.control.cr2();
        long at = cpu.regs[Registers.RSP];
        result.errorCode = 0;
        if (vector < 32 && (WITH_ERROR_CODE >>> vector & 1) != 0) {
            result.errorCode = space.readSystem(at);
            at += 8;
        }
        result.rip = space.readSystem(at);
        result.state.selectors[Segments.CS] = (int) space.readSystem(at + 8);
        result.state.rflags = space.readSystem(at + 16);
        result.state.registers[Registers.RSP] = space.readSystem(at + 24);
        result.state.selectors[Segments.SS] = (int) space.readSystem(at + 32);
    }

    private void collectMemory(Result result) {
        space.readData(live);
        result.blockCount = 0;
        int from = 0;
        while (true) {
            int found = Arrays.mismatch(live, from, live.length, pattern, from, live.length);
            if (found < 0) {
                return;
            }
            int offset = from + found & -Layout.BLOCK;
            result.blockOffsets[result.blockCount] = offset;
            System.arraycopy(
                    live, offset, result.blocks, result.blockCount * Layout.BLOCK, Layout.BLOCK);
            System.arraycopy(pattern, offset, block, 0, Layout.BLOCK);
            space.writeData(offset, block);
            result.blockCount++;
            from = offset + Layout.BLOCK;
        }
    }

    @Override
    public String toString() {
        return "%s at %s".formatted(cpu.model.name(), HexFormat.of().toHexDigits(cpu.rip));
    }

    @Override
    public void close() {
        bus.close();
    }
}
