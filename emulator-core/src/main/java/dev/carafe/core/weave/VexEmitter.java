package dev.carafe.core.weave;

import static dev.carafe.core.weave.HandlerWeaver.LONGS;
import static dev.carafe.core.weave.HandlerWeaver.desc;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Aligned;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.VectorRegisters;
import dev.carafe.core.isa.WholeRegister;
import dev.carafe.core.memory.Mmu;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits the VEX-encoded forms of the vector shapes: the method that is written for 128 bits is
 * called for each lane of 128, or of 64, bits.
 *
 * <p>All sources are read first. The result is built in the destination, or in a scratch register
 * where exceptions may still prevent it, and what lies above it is cleared. A source shorter than a
 * 256-bit destination feeds half of itself to each lane (PMOVSX, CVTPS2PD) unless there are two
 * sources (PSLLW); a source longer than the destination gives half of it from each lane (CVTPD2PS).
 */
final class VexEmitter {
    private static final int[] SOURCE = {16, 18, 20, 22};
    private static final int RESULT = 12;
    private static final int LANE = 16;
    private static final int YMM = 32;

    private final CodeBuilder code;
    private final OperandEmitter operands;
    private final Recipe recipe;
    private final boolean hasImmediate;
    private final int source;
    private final boolean inScratch;

    private VexEmitter(CodeBuilder code, OperandEmitter operands, Recipe recipe) {
        this.code = code;
        this.operands = operands;
        this.recipe = recipe;
        int last = recipe.operands().size() - 1;
        boolean byImmediate = recipe.operands().getFirst() == Access.XMM_C; // PSLLW vxmm, xmm, imm8
        hasImmediate = recipe.operands().get(last) == Access.IMMEDIATE && !byImmediate;
        source = hasImmediate ? last - 1 : last;
        inScratch = recipe.takes(MxCsr.class);
    }

    static void emit(CodeBuilder code, OperandEmitter operands, Recipe recipe) {
        VexEmitter emitter = new VexEmitter(code, operands, recipe);
        operands.prepare(recipe);
        if (recipe.shape() == Recipe.Shape.VECTOR_STORE) {
            emitter.store();
            return;
        }
        emitter.readSource();
        if (recipe.shape() == Recipe.Shape.LANEWISE) {
            emitter.lanewise();
        } else if (recipe.returnsLong()) {
            emitter.toGeneralRegister();
        } else {
            emitter.wholeRegister();
        }
    }

    /** Stores a scalar's result: the rest comes from the first source. */
    static void emitScalar(CodeBuilder code, OperandEmitter operands, Recipe recipe, int local) {
        VexEmitter emitter = new VexEmitter(code, operands, recipe);
        String destination = emitter.destination();
        if (!recipe.readsDestination()) {
            operands.laneIndex("c", 0);
            operands.laneIndex(destination, 0);
            emitter.copy(LANE);
        }
        operands.setLane(destination, recipe.sizes().getFirst(), local);
        emitter.clearAbove();
    }

    // ---- sources

    private void readSource() {
        int size = recipe.sizes().get(source);
        switch (recipe.operands().get(source)) {
            case XMM_A -> readRegister("a", size);
            case XMM_B -> readRegister("b", recipe.vector());
            case XMM_MEMORY, MEMORY -> readMemory(size);
            default -> {
                operands.read(recipe, source);
                code.lstore(SOURCE[0]).loadConstant(0L).lstore(SOURCE[1]);
            }
        }
    }

    private void readRegister(String which, int size) {
        int longs = size == YMM ? 4 : 2;
        for (int i = 0; i < longs; i++) {
            operands.lane(which, i, Long.BYTES);
            code.lstore(SOURCE[i]);
        }
    }

    private void readMemory(int size) {
        checkAligned(size);
        if (size < LANE) {
            operands.loadMemory(size, 0);
            code.lstore(SOURCE[0]).loadConstant(0L).lstore(SOURCE[1]);
            return;
        }
        operands.loadFirst(size);
        code.lstore(SOURCE[0]);
        for (int i = 1; i < size / Long.BYTES; i++) {
            operands.loadMemory(Long.BYTES, i * Long.BYTES);
            code.lstore(SOURCE[i]);
        }
    }

    private void checkAligned(int size) {
        if (size >= LANE && recipe.method().isAnnotationPresent(Aligned.class)) {
            operands.address();
            code.invokestatic(
                    desc(Operands.class),
                    "checkAligned" + size,
                    MethodTypeDesc.of(CD_void, CD_long));
        }
    }

    private int sourceSize() {
        return switch (recipe.operands().get(source)) {
            case XMM_A, XMM_MEMORY, MEMORY -> recipe.sizes().get(source);
            case XMM_B -> recipe.vector();
            default -> LANE;
        };
    }

    /** Leaves one 64-bit half of what a 128-bit lane works on. */
    private void sourceHalf(int lane, int half) {
        int size = sourceSize();
        if (lane == 0 || size == YMM) {
            code.lload(SOURCE[2 * lane + half]);
        } else if (hasFirstSource()
                || recipe.operands().get(source) == Access.IMMEDIATE
                || recipe.method().getAnnotation(WholeRegister.class).repeatsSource()) {
            code.lload(SOURCE[half]);
        } else if (half == 1) {
            code.loadConstant(0L);
        } else if (size == LANE) {
            code.lload(SOURCE[1]);
        } else {
            code.lload(SOURCE[0]).loadConstant(size / 2 * Byte.SIZE).lushr();
        }
    }

    private boolean hasFirstSource() {
        return recipe.operands().getFirst() != Access.XMM_C
                && recipe.operands().contains(Access.XMM_C);
    }

    /** The register whose lanes are the method's first argument. */
    private String firstSource() {
        if (recipe.operands().getFirst() == Access.XMM_C) {
            return "a";
        }
        return hasFirstSource() ? "c" : destination();
    }

    // ---- the shapes

    private void lanewise() {
        int sources = recipe.longs() - (hasImmediate ? 1 : 0);
        begin();
        for (int i = 0; i < recipe.vector() / Long.BYTES; i++) {
            target(i);
            operands.context(recipe);
            if (sources == 3) {
                operands.lane(destination(), i, Long.BYTES);
            }
            if (sources >= 2) {
                operands.lane(firstSource(), i, Long.BYTES);
            }
            sourceHalf(i / 2, i % 2);
            if (hasImmediate) {
                operands.immediate();
            }
            operands.invoke(recipe.method());
            code.lastore();
        }
        finish();
    }

    private void wholeRegister() {
        if (hasFirstSource() || recipe.operands().getFirst() == Access.XMM_C) {
            operands.laneIndex(firstSource(), 0);
            target(0);
            copy(recipe.vector());
        }
        begin();
        boolean narrows = sourceSize() > recipe.vector();
        int lanes = Math.max(sourceSize(), recipe.vector()) / LANE;
        for (int lane = 0; lane < lanes; lane++) {
            operands.context(recipe);
            target(2 * lane);
            arguments(lane);
            operands.invoke(recipe.method());
        }
        if (recipe.method().getAnnotation(WholeRegister.class).readsOnly()) {
            return;
        }
        if (narrows) {
            target(0);
            registers("joinLanes", MethodTypeDesc.of(CD_void, LONGS, CD_int));
        }
        finish();
    }

    private void toGeneralRegister() {
        arguments(0);
        operands.invoke(recipe.method());
        if (sourceSize() == YMM) {
            arguments(1);
            operands.invoke(recipe.method());
            int bits = recipe.method().getAnnotation(WholeRegister.class).resultBits();
            if (bits == 0) {
                throw new AssertionError(recipe.method() + ": which bits come from which lane?");
            }
            code.loadConstant(bits).lshl().lor();
        }
        code.lstore(RESULT);
        operands.write(recipe, RESULT);
    }

    private void arguments(int lane) {
        sourceHalf(lane, 0);
        sourceHalf(lane, 1);
        if (!hasImmediate) {
            code.loadConstant(0);
            return;
        }
        operands.immediate();
        code.l2i();
        int bits = recipe.method().getAnnotation(WholeRegister.class).immediateBits();
        if (lane == 1 && bits > 0) {
            code.loadConstant(bits).ishr();
        }
    }

    private void store() {
        int size = recipe.vector();
        checkAligned(size);
        if (size > LANE) {
            operands.cpuField("memory", Mmu.class);
            operands.address();
            code.loadConstant(size)
                    .invokevirtual(
                            desc(Mmu.class),
                            "checkWrite",
                            MethodTypeDesc.of(CD_void, CD_long, CD_int));
        }
        for (int lane = 0; lane < size / LANE; lane++) {
            operands.cpu();
            operands.address();
            code.loadConstant((long) lane * LANE).ladd();
            operands.lane("b", 2 * lane, Long.BYTES);
            operands.lane("b", 2 * lane + 1, Long.BYTES);
            operands.invoke(recipe.method());
        }
    }

    // ---- the destination

    private String destination() {
        return switch (recipe.operands().getFirst()) {
            case XMM_A -> "a";
            case XMM_C -> "c";
            default -> "b";
        };
    }

    /** Leaves array and index of where a lane of the result is built on the stack. */
    private void target(int lane) {
        if (inScratch) {
            operands.cpuField("vectorResult", long[].class);
            code.loadConstant(lane);
        } else {
            operands.laneIndex(destination(), lane);
        }
    }

    private void begin() {
        if (inScratch) {
            operands.mxcsr("begin");
        }
    }

    private void finish() {
        if (inScratch) {
            operands.mxcsr("commit");
            target(0);
            operands.laneIndex(destination(), 0);
            copy(recipe.vector());
        }
        if (recipe.vector() == LANE) {
            clearAbove();
        }
    }

    private void clearAbove() {
        operands.laneIndex(destination(), 0);
        registers("clearAbove16", MethodTypeDesc.of(CD_void, LONGS, CD_int));
    }

    /** Two arrays, each with an index, are on the stack. */
    private void copy(int size) {
        registers("copy" + size, MethodTypeDesc.of(CD_void, LONGS, CD_int, LONGS, CD_int));
    }

    private void registers(String method, MethodTypeDesc type) {
        code.invokestatic(desc(VectorRegisters.class), method, type);
    }
}
