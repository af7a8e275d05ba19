package dev.carafe.core.weave;

import static dev.carafe.core.weave.HandlerWeaver.CPU;
import static dev.carafe.core.weave.HandlerWeaver.desc;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.MmxState;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.ReadModifyWrite;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.Unchanged;
import dev.carafe.core.memory.Mmu;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/** Emits the reading and writing of one record's operands. */
class OperandEmitter {
    static final int CPU_LOCAL = 1;
    private static final int CODE = 2;
    private static final int PC = 3;
    private static final int WORD_0 = 4;
    private static final int WORD_1 = 6;
    private static final int ADDRESS = 8;
    private static final int OFFSET = 10;
    private static final int VECTOR = 16;

    private static final ClassDesc MMU = desc(Mmu.class);
    static final ClassDesc OPERANDS = desc(Operands.class);
    private static final ClassDesc RECORD = desc(Record.class);
    private static final ClassDesc MMX = desc(MmxState.class);
    private static final ClassDesc RMW = desc(ReadModifyWrite.class);

    final CodeBuilder code;

    OperandEmitter(CodeBuilder code) {
        this.code = code;
    }

    void cpu() {
        code.aload(CPU_LOCAL);
    }

    void cpuField(String name, Class<?> type) {
        code.aload(CPU_LOCAL).getfield(desc(Cpu.class), name, desc(type));
    }

    /** Loads what a semantic method takes before its operands. */
    void context(Recipe recipe) {
        if (recipe.takes(Flags.class)) {
            cpuField("flags", Flags.class);
        }
        if (recipe.takes(MxCsr.class)) {
            cpuField("mxcsr", MxCsr.class);
        }
        if (recipe.takes(Cpu.class)) {
            cpu();
        }
        if (recipe.takes(Mmu.class)) {
            memoryAtHand();
        }
        if (recipe.takes(Width.class)) {
            width(recipe.width());
        }
    }

    void width(Width width) {
        code.getstatic(desc(Width.class), "W" + width.bits(), desc(Width.class));
    }

    /**
     * Calls the semantic method. A conversion to or from an MMX register collects the exceptions of
     * both elements, and enters the MMX state even where it raises one.
     */
    void invoke(Recipe recipe) {
        if (recipe.method().isAnnotationPresent(Unchanged.class)) {
            return;
        }
        boolean converts = recipe.mmx() && recipe.takes(MxCsr.class);
        if (converts) {
            mmx("end");
            mxcsr("begin");
        }
        invoke(recipe.method());
        if (converts) {
            mxcsr("commit");
        }
    }

    void mmx(String method) {
        cpu();
        code.invokestatic(MMX, method, MethodTypeDesc.of(CD_void, CPU));
    }

    void mxcsr(String method) {
        cpuField("mxcsr", MxCsr.class);
        code.invokevirtual(desc(MxCsr.class), method, MethodTypeDesc.of(CD_void));
    }

    void invoke(Method method) {
        ClassDesc[] parameters = new ClassDesc[method.getParameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = desc(method.getParameterTypes()[i]);
        }
        code.invokestatic(
                desc(method.getDeclaringClass()),
                method.getName(),
                MethodTypeDesc.of(desc(method.getReturnType()), parameters));
    }

    void addressAndOffset() {
        code.lload(ADDRESS).lload(OFFSET);
    }

    void address() {
        code.lload(ADDRESS);
    }

    void word0() {
        code.lload(WORD_0);
    }

    void word1() {
        code.lload(WORD_1);
    }

    void immediate() {
        word1();
        code.invokestatic(RECORD, "immediate", MethodTypeDesc.of(CD_long, CD_long));
    }

    /**
     * Loads the record's words, computes the address and checks write access where the destination
     * is memory.
     */
    void prepare(Recipe recipe) {
        loadWords();
        int memory = recipe.operands().indexOf(Access.MEMORY);
        int vector = recipe.operands().indexOf(Access.XMM_MEMORY);
        int operand = memory >= 0 ? memory : vector;
        if (operand < 0) {
            return;
        }
        boolean writes = operand == 0 && writesMemory(recipe);
        int size = recipe.sizes().get(operand);
        boolean aligned = recipe.aligned() && size >= VECTOR;
        linear(recipe.addressing(), size, writes, aligned);
        if (writes && recipe.shape() == Recipe.Shape.OPERANDS && recipe.readsDestination()) {
            begin(recipe.locked(), size);
        }
    }

    private void begin(boolean locked, int size) {
        if (locked) {
            cpu();
        } else {
            memory();
        }
        code.lload(ADDRESS).loadConstant(size);
        code.invokestatic(
                RMW,
                locked ? "beginLocked" : "begin",
                locked
                        ? MethodTypeDesc.of(CD_long, CPU, CD_long, CD_int)
                        : memoryMethod(CD_long, CD_long, CD_int));
        code.lstore(OFFSET);
    }

    /** Leaves on the stack what the methods for plain accesses take first: the memory. */
    void memory() {
        cpuField("memory", Mmu.class);
    }

    /** Leaves the {@link Mmu}, its tags and the machine's RAM on the stack. */
    void memoryAtHand() {
        memory();
        code.dup().invokevirtual(MMU, "tags", MethodTypeDesc.of(desc(long[].class)));
        cpuField("memory", Mmu.class);
        code.invokevirtual(MMU, "ram", MethodTypeDesc.of(desc(MemorySegment.class)));
    }

    /** The classes of what {@link #memory} leaves, the {@link Mmu} first. */
    List<ClassDesc> memoryClasses() {
        return List.of(MMU);
    }

    /** The type of a static method that takes the memory first. */
    private MethodTypeDesc memoryMethod(ClassDesc returned, ClassDesc... others) {
        List<ClassDesc> parameters = new ArrayList<>(memoryClasses());
        parameters.addAll(List.of(others));
        return MethodTypeDesc.of(returned, parameters);
    }

    void loadWords() {
        code.aload(CODE).iload(PC).laload().lstore(WORD_0);
        code.aload(CODE).iload(PC).loadConstant(1).iadd().laload().lstore(WORD_1);
    }

    private static boolean writesMemory(Recipe recipe) {
        return recipe.writesDestination()
                || recipe.shape() == Recipe.Shape.SET_IF
                || recipe.shape() == Recipe.Shape.VECTOR_STORE;
    }

    private void linear(Addressing addressing, int size, boolean writes, boolean aligned) {
        switch (addressing) {
            case PLAIN -> plainAddress();
            case CHECKED, OFFSET -> {
                cpu();
                word0();
                word1();
                code.loadConstant(size).loadConstant(writes ? 1 : 0);
                code.invokestatic(
                        OPERANDS,
                        addressing == Addressing.OFFSET
                                ? "addressOffset"
                                : aligned ? "addressAligned" : "addressChecked",
                        MethodTypeDesc.of(CD_long, CPU, CD_long, CD_long, CD_int, CD_boolean));
            }
            case NONE -> throw new AssertionError("memory operand without addressing");
        }
        code.lstore(ADDRESS);
    }

    /** Leaves the linear address by plain 64-bit addressing on the stack. */
    void plainAddress() {
        cpu();
        word0();
        word1();
        code.invokestatic(OPERANDS, "address", MethodTypeDesc.of(CD_long, CPU, CD_long, CD_long));
    }

    /** Leaves the operand's offset in its segment on the stack. */
    void effectiveAddress() {
        cpu();
        word0();
        word1();
        code.invokestatic(
                OPERANDS, "effectiveAddress", MethodTypeDesc.of(CD_long, CPU, CD_long, CD_long));
    }

    /** Leaves an operand's value on the stack, zero-extended from its size. */
    void read(Recipe recipe, int operand) {
        int size = recipe.sizes().get(operand);
        switch (recipe.operands().get(operand)) {
            case A -> register("a", size);
            case B -> register("b", size);
            case C -> register("c", size);
            case MEMORY, XMM_MEMORY -> readMemory(recipe, operand, size);
            case IMMEDIATE -> {
                immediate();
                if (recipe.width().bits() < Long.SIZE) {
                    code.loadConstant(recipe.width().mask()).land();
                }
            }
            case WIDE_IMMEDIATE -> word1();
            case CL -> {
                cpuField("regs", long[].class);
                code.loadConstant(Registers.RCX).laload().loadConstant(0xFFL).land();
            }
            case EFFECTIVE_ADDRESS -> effectiveAddress();
            case XMM_A -> lane("a", 0, size);
            case XMM_B -> lane("b", 0, size);
            case XMM_C -> lane("c", 0, size);
            case MMX_A -> readMmx("a");
            case MMX_B -> readMmx("b");
        }
    }

    void register(String which, int size) {
        cpu();
        word0();
        code.invokestatic(OPERANDS, which + size * 8, MethodTypeDesc.of(CD_long, CPU, CD_long));
    }

    private void readMmx(String which) {
        cpu();
        code.lload(WORD_0).invokestatic(MMX, which, MethodTypeDesc.of(CD_long, CPU, CD_long));
    }

    private void setMmx(String which, int local) {
        cpu();
        code.lload(WORD_0)
                .lload(local)
                .invokestatic(MMX, which, MethodTypeDesc.of(CD_void, CPU, CD_long, CD_long));
    }

    private void readMemory(Recipe recipe, int operand, int size) {
        if (operand == 0 && recipe.writesDestination() && recipe.readsDestination()) {
            memory();
            addressAndOffset();
            code.loadConstant(size);
            code.invokestatic(RMW, "load", memoryMethod(CD_long, CD_long, CD_long, CD_int));
        } else {
            loadMemory(size, 0);
        }
    }

    /** Loads the first quadword of a longer operand. */
    void loadFirst(int size) {
        cpu();
        code.lload(ADDRESS)
                .loadConstant(size)
                .invokestatic(
                        OPERANDS, "loadFirst", MethodTypeDesc.of(CD_long, CPU, CD_long, CD_int));
    }

    /** Loads from the operand's address plus a constant. */
    void loadMemory(int size, int distance) {
        memory();
        code.lload(ADDRESS);
        if (distance != 0) {
            code.loadConstant((long) distance).ladd();
        }
        code.invokevirtual(
                MMU, "load" + size * 8, memoryMethod(CD_long, CD_long).dropParameterTypes(0, 1));
    }

    /** Leaves a 64-bit lane of vector register A or B on the stack, or the low 32 bits of it. */
    void lane(String which, int lane, int size) {
        laneIndex(which, lane);
        code.laload();
        if (size == Integer.BYTES) {
            code.loadConstant(0xFFFFFFFFL).land();
        }
    }

    /** Leaves the vector file and the index of a lane of register A or B on the stack. */
    void laneIndex(String which, int lane) {
        cpuField("xmm", long[].class);
        laneNumber(which, lane);
    }

    void laneNumber(String which, int lane) {
        word0();
        code.invokestatic(RECORD, which, MethodTypeDesc.of(CD_int, CD_long))
                .loadConstant(Cpu.VECTOR_STRIDE)
                .imul();
        if (lane != 0) {
            code.loadConstant(lane).iadd();
        }
    }

    /** Stores a local to the destination. */
    void write(Recipe recipe, int local) {
        int size = recipe.sizes().getFirst();
        switch (recipe.operands().getFirst()) {
            case A -> setRegister("setA", size, local);
            case B -> setRegister("setB", size, local);
            case C -> setRegister("setC", size, local);
            case MEMORY, XMM_MEMORY -> writeMemory(recipe, size, local);
            case XMM_A -> setLane("a", size, local);
            case XMM_B -> setLane("b", size, local);
            case MMX_A -> setMmx("setA", local);
            case MMX_B -> setMmx("setB", local);
            default -> throw new AssertionError(recipe + " has no destination");
        }
    }

    void setRegister(String which, int size, int local) {
        cpu();
        word0();
        code.lload(local)
                .invokestatic(
                        OPERANDS,
                        which + size * 8,
                        MethodTypeDesc.of(CD_void, CPU, CD_long, CD_long));
    }

    private void writeMemory(Recipe recipe, int size, int local) {
        if (recipe.shape() == Recipe.Shape.OPERANDS && recipe.readsDestination()) {
            memory();
            addressAndOffset();
            code.loadConstant(size).lload(local);
            code.invokestatic(
                    RMW, "store", memoryMethod(CD_void, CD_long, CD_long, CD_int, CD_long));
        } else {
            storeMemory(size, 0, local);
        }
    }

    void storeMemory(int size, int distance, int local) {
        memory();
        code.lload(ADDRESS);
        if (distance != 0) {
            code.loadConstant((long) distance).ladd();
        }
        code.lload(local);
        code.invokevirtual(
                MMU,
                "store" + size * 8,
                memoryMethod(CD_void, CD_long, CD_long).dropParameterTypes(0, 1));
    }

    /** Writes a lane; a 32-bit value leaves the lane's upper half. */
    void setLane(String which, int size, int local) {
        laneIndex(which, 0);
        if (size == Integer.BYTES) {
            code.dup2().laload().loadConstant(~0xFFFFFFFFL).land();
            code.lload(local).loadConstant(Width.W32.mask()).land().lor();
        } else {
            code.lload(local);
        }
        code.lastore();
    }
}
