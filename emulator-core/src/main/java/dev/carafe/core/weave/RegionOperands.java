package dev.carafe.core.weave;

import static dev.carafe.core.weave.HandlerWeaver.CPU;
import static dev.carafe.core.weave.HandlerWeaver.LONGS;
import static dev.carafe.core.weave.HandlerWeaver.desc;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Record;
import dev.carafe.core.memory.Mmu;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Operands of records that are known while their handler is woven: register numbers, displacements
 * and immediates are constants of the code, and so is the machine's RAM. Fields of the processor
 * that do not change meanwhile are locals. So are the TLB's tags: whatever changes who accesses
 * memory, or how it is translated, is a complex instruction or an exception, and ends the region.
 */
final class RegionOperands extends OperandEmitter {
    private static final int REGS = 40;
    private static final int XMM = 41;
    private static final int FLAGS = 42;
    private static final int MEMORY = 43;
    private static final int MXCSR = 44;
    private static final int TAGS = 45;
    static final int FREE_LOCAL = 46;

    private static final ClassDesc MMU = desc(Mmu.class);
    private static final ClassDesc SEGMENT = desc(MemorySegment.class);

    /** A constant for the host's compiler too: most checks of an access are done once for all. */
    private static final DynamicConstantDesc<?> RAM =
            DynamicConstantDesc.ofNamed(
                    ConstantDescs.BSM_CLASS_DATA, ConstantDescs.DEFAULT_NAME, SEGMENT);

    private long word0;
    private long word1;

    RegionOperands(CodeBuilder code) {
        super(code);
    }

    /** Emitted once, before everything else. */
    void loadFields() {
        field("regs", long[].class, REGS);
        field("xmm", long[].class, XMM);
        field("flags", Flags.class, FLAGS);
        field("memory", Mmu.class, MEMORY);
        field("mxcsr", MxCsr.class, MXCSR);
        code.aload(MEMORY).invokevirtual(MMU, "tags", MethodTypeDesc.of(LONGS)).astore(TAGS);
    }

    private void field(String name, Class<?> type, int local) {
        code.aload(CPU_LOCAL)
                .getfield(CPU, name, type == long[].class ? LONGS : desc(type))
                .astore(local);
    }

    /** The record that is emitted next. */
    void record(long newWord0, long newWord1) {
        word0 = newWord0;
        word1 = newWord1;
    }

    @Override
    void cpuField(String name, Class<?> type) {
        switch (name) {
            case "regs" -> code.aload(REGS);
            case "xmm" -> code.aload(XMM);
            case "flags" -> code.aload(FLAGS);
            case "memory" -> code.aload(MEMORY);
            case "mxcsr" -> code.aload(MXCSR);
            default -> super.cpuField(name, type);
        }
    }

    @Override
    void memory() {
        code.aload(MEMORY).aload(TAGS).loadConstant(RAM);
    }

    @Override
    void memoryAtHand() {
        memory();
    }

    @Override
    List<ClassDesc> memoryClasses() {
        return List.of(MMU, LONGS, SEGMENT);
    }

    @Override
    void loadWords() {
        // they are constants
    }

    @Override
    void word0() {
        code.loadConstant(word0);
    }

    @Override
    void word1() {
        code.loadConstant(word1);
    }

    @Override
    void immediate() {
        code.loadConstant(Record.immediate(word1));
    }

    @Override
    void plainAddress() {
        sum(true);
    }

    @Override
    void effectiveAddress() {
        if (Record.addressSize(word0) == 0) {
            sum(false);
        } else {
            super.effectiveAddress();
        }
    }

    /** Base + index × scale + displacement, and the segment's base: those that are there. */
    private void sum(boolean withSegment) {
        code.loadConstant(Record.displacement(word1));
        add(Record.base(word0), 0);
        add(Record.index(word0), Record.scale(word0));
        if (withSegment) {
            add(Record.segmentBase(word0), 0);
        }
    }

    private void add(int slot, int scale) {
        if (slot == Registers.ZERO) {
            return;
        }
        slot(slot);
        if (scale != 0) {
            code.loadConstant(scale).lshl();
        }
        code.ladd();
    }

    private void slot(int slot) {
        code.aload(REGS).loadConstant(slot).laload();
    }

    @Override
    void register(String which, int size) {
        slot(number(which));
        int shift = highShift(which);
        if (size == 1 && shift != 0) {
            code.loadConstant(shift).lushr();
        }
        if (size < Long.BYTES) {
            code.loadConstant((1L << 8 * size) - 1).land();
        }
    }

    @Override
    void setRegister(String which, int size, int local) {
        if (size < Integer.BYTES) {
            super.setRegister(which, size, local);
            return;
        }
        code.aload(REGS).loadConstant(number(which.substring(3).toLowerCase())).lload(local);
        if (size == Integer.BYTES) {
            code.loadConstant(0xFFFF_FFFFL).land();
        }
        code.lastore();
    }

    private int number(String which) {
        return switch (which) {
            case "a" -> Record.a(word0);
            case "b" -> Record.b(word0);
            default -> Record.c(word0);
        };
    }

    private int highShift(String which) {
        return switch (which) {
            case "a" -> Record.aHighShift(word0);
            case "b" -> Record.bHighShift(word0);
            default -> 0;
        };
    }

    @Override
    void laneNumber(String which, int lane) {
        code.loadConstant(number(which) * dev.carafe.core.cpu.Cpu.VECTOR_STRIDE + lane);
    }
}
