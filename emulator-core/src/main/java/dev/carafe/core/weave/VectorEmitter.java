package dev.carafe.core.weave;

import static dev.carafe.core.weave.HandlerWeaver.desc;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Unaligned;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;

/**
 * Emits the two shapes of packed vector instructions. Their destination is vector register B, or
 * general register B.
 */
final class VectorEmitter {
    private static final int LOW = 16;
    private static final int HIGH = 18;
    private static final int FULL = 16;

    private final CodeBuilder code;
    private final OperandEmitter operands;
    private final Recipe recipe;

    private VectorEmitter(CodeBuilder code, OperandEmitter operands, Recipe recipe) {
        this.code = code;
        this.operands = operands;
        this.recipe = recipe;
    }

    static void emit(CodeBuilder code, OperandEmitter operands, Recipe recipe) {
        VectorEmitter emitter = new VectorEmitter(code, operands, recipe);
        operands.prepare(recipe);
        if (recipe.shape() == Recipe.Shape.VECTOR_STORE) {
            emitter.store();
            return;
        }
        emitter.readSource();
        boolean raises = recipe.takes(MxCsr.class);
        if (recipe.shape() == Recipe.Shape.LANEWISE) {
            if (raises) {
                emitter.raisingLanes();
            } else {
                emitter.lane(0, LOW);
                emitter.lane(1, HIGH);
            }
        } else if (recipe.returnsLong()) {
            emitter.toGeneralRegister();
        } else if (raises) {
            emitter.raisingRegister();
        } else {
            emitter.wholeRegister();
        }
    }

    /**
     * Both halves of the source into locals, before anything changes. A 128-bit operand in memory
     * must be aligned.
     */
    private void readSource() {
        int source = 1;
        int size = recipe.sizes().get(source);
        switch (recipe.operands().get(source)) {
            case XMM_A -> readRegister("a");
            case XMM_B -> readRegister("b");
            case XMM_MEMORY, MEMORY -> readMemory(size);
            default -> {
                operands.read(recipe, source);
                code.lstore(LOW).loadConstant(0L).lstore(HIGH);
            }
        }
    }

    private void readRegister(String which) {
        operands.lane(which, 0, Long.BYTES);
        code.lstore(LOW);
        operands.lane(which, 1, Long.BYTES);
        code.lstore(HIGH);
    }

    private void store() {
        operands.cpu();
        operands.address();
        operands.lane("b", 0, Long.BYTES);
        operands.lane("b", 1, Long.BYTES);
        invoke();
    }

    private void readMemory(int size) {
        if (size == FULL) {
            if (!recipe.method().isAnnotationPresent(Unaligned.class)) {
                operands.address();
                code.invokestatic(
                        desc(Operands.class),
                        "checkAligned16",
                        MethodTypeDesc.of(CD_void, CD_long));
            }
            operands.loadFirst(size);
            code.lstore(LOW);
            operands.loadMemory(Long.BYTES, Long.BYTES);
            code.lstore(HIGH);
        } else {
            operands.loadMemory(size, 0);
            code.lstore(LOW).loadConstant(0L).lstore(HIGH);
        }
    }

    private void lane(int lane, int local) {
        operands.laneIndex(destination(), lane);
        laneResult(lane, local);
        code.lastore();
    }

    /** Leaves what becomes of a lane on the stack. */
    private void laneResult(int lane, int local) {
        boolean readsDestination = recipe.longs() - (hasImmediate() ? 1 : 0) == 2;
        context();
        if (readsDestination) {
            operands.lane(destination(), lane, Long.BYTES);
        }
        code.lload(local);
        if (hasImmediate()) {
            operands.immediate();
        }
        invoke();
    }

    /** Both lanes are computed, and their exceptions reported, before either is written. */
    private void raisingLanes() {
        mxcsr("begin");
        laneResult(0, LOW);
        code.lstore(LOW);
        laneResult(1, HIGH);
        code.lstore(HIGH);
        mxcsr("commit");
        operands.laneIndex(destination(), 0);
        code.lload(LOW).lastore();
        operands.laneIndex(destination(), 1);
        code.lload(HIGH).lastore();
    }

    private void mxcsr(String method) {
        operands.cpuField("mxcsr", MxCsr.class);
        code.invokevirtual(desc(MxCsr.class), method, MethodTypeDesc.of(CD_void));
    }

    private String destination() {
        return recipe.operands().getFirst() == Access.XMM_A ? "a" : "b";
    }

    private boolean hasImmediate() {
        return recipe.operands().size() == 3;
    }

    /** The method works on a copy of the destination, which is copied back when nothing faults. */
    private void raisingRegister() {
        for (int lane = 0; lane < 2; lane++) {
            operands.cpuField("vectorResult", long[].class);
            code.loadConstant(lane);
            operands.lane(destination(), lane, Long.BYTES);
            code.lastore();
        }
        mxcsr("begin");
        context();
        operands.cpuField("vectorResult", long[].class);
        code.loadConstant(0);
        source();
        invoke();
        mxcsr("commit");
        for (int lane = 0; lane < 2; lane++) {
            operands.laneIndex(destination(), lane);
            operands.cpuField("vectorResult", long[].class);
            code.loadConstant(lane).laload().lastore();
        }
    }

    private void wholeRegister() {
        context();
        operands.laneIndex(destination(), 0);
        source();
        invoke();
    }

    private void toGeneralRegister() {
        context();
        source();
        operands.invoke(recipe);
        code.lstore(LOW);
        operands.write(recipe, LOW);
    }

    private void source() {
        code.lload(LOW).lload(HIGH);
        if (hasImmediate()) {
            operands.immediate();
            code.l2i();
        } else {
            code.loadConstant(0);
        }
    }

    private void context() {
        if (recipe.takes(Flags.class)) {
            operands.cpuField("flags", Flags.class);
        }
        if (recipe.takes(MxCsr.class)) {
            operands.cpuField("mxcsr", MxCsr.class);
        }
        if (recipe.takes(Cpu.class)) {
            operands.cpu();
        }
        if (recipe.takes(Width.class)) {
            ClassDesc width = desc(Width.class);
            code.getstatic(width, "W" + recipe.width().bits(), width);
        }
    }

    private void invoke() {
        Method method = recipe.method();
        ClassDesc[] parameters = new ClassDesc[method.getParameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = desc(method.getParameterTypes()[i]);
        }
        code.invokestatic(
                desc(method.getDeclaringClass()),
                method.getName(),
                MethodTypeDesc.of(desc(method.getReturnType()), parameters));
    }
}
