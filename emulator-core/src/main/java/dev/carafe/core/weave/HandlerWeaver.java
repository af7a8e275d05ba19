package dev.carafe.core.weave;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Complex;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.ReadModifyWrite;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.control.Near;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the class of one handler: the method {@code exec} that reads the operands of one record,
 * or of two in a row, calls the semantic method and stores its result. It only ever emits calls and
 * a few loads; every rule is in the Java it calls.
 */
final class HandlerWeaver {
    static final ClassDesc CPU = desc(Cpu.class);
    static final ClassDesc LONGS = CD_long.arrayType();
    static final ClassDesc WIDTH = desc(Width.class);
    private static final ClassDesc COMPLEX = desc(Complex.class);
    static final ClassDesc NEAR = desc(Near.class);
    private static final ClassDesc HANDLER = desc(Handler.class);
    private static final ClassDesc INSTRUCTION = desc(Instruction.class);
    private static final ClassDesc RMW = desc(ReadModifyWrite.class);
    static final MethodTypeDesc EXEC = MethodTypeDesc.of(CD_int, CPU, LONGS, CD_int);

    private HandlerWeaver() {}

    static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /**
     * The class file of a handler that executes these recipes, the records of which follow each
     * other.
     */
    static byte[] weave(String className, List<Recipe> recipes) {
        return handlerClass(
                className,
                HANDLER,
                code -> {
                    Emitter emitter = new Emitter(code, new OperandEmitter(code));
                    for (int i = 0; i < recipes.size(); i++) {
                        if (i > 0) {
                            emitter.advance(recipes.get(i - 1));
                        }
                        emitter.part(recipes.get(i), i > 0, i == recipes.size() - 1);
                    }
                });
    }

    /** The class file of a handler that has nothing but this method {@code exec}. */
    static byte[] handlerClass(String name, ClassDesc superclass, Consumer<CodeBuilder> exec) {
        return ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        builder ->
                                begin(builder, superclass)
                                        .withMethodBody("exec", EXEC, ClassFile.ACC_PUBLIC, exec));
    }

    /** A public final class with a constructor that takes nothing. */
    static ClassBuilder begin(ClassBuilder builder, ClassDesc superclass) {
        return builder.withSuperclass(superclass)
                .withFlags(AccessFlag.FINAL, AccessFlag.PUBLIC)
                .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        ClassFile.ACC_PUBLIC,
                        code ->
                                code.aload(0)
                                        .invokespecial(superclass, INIT_NAME, MTD_void)
                                        .return_());
    }

    /** Emits the body for one record after the other. */
    static class Emitter {
        static final int CODE = 2;
        static final int PC = 3;
        private static final int RESULT = 12;
        private static final int OLD = 14;

        final CodeBuilder code;
        final OperandEmitter operands;

        Emitter(CodeBuilder code, OperandEmitter operands) {
            this.code = code;
            this.operands = operands;
        }

        /** Goes to the next record, unless the one before has just changed the code there. */
        void advance(Recipe before) {
            code.iinc(PC, Record.LONGS);
            if (before.stores()) {
                Label unchanged = code.newLabel();
                code.aload(CODE).iload(PC).laload().l2i().loadConstant(Record.HANDLER_MASK).iand();
                code.ifne(unchanged).iload(PC).ireturn().labelBinding(unchanged);
            }
        }

        void part(Recipe recipe, boolean later, boolean last) {
            boolean marked = later && recipe.mayFault();
            if (marked) {
                operands.cpu();
                code.iload(PC).putfield(CPU, "faultingRecord", CD_int);
            }
            if (recipe.mmx()) {
                operands.mmx("begin");
            }
            body(recipe);
            if (recipe.mmx()) {
                operands.mmx("end");
            }
            boolean returns =
                    recipe.shape() == Recipe.Shape.RAW
                            || recipe.shape() == Recipe.Shape.COMPLEX
                            || recipe.shape() == Recipe.Shape.COMPLEX_LEAVING;
            if (marked) {
                operands.cpu();
                code.loadConstant(0).putfield(CPU, "faultingRecord", CD_int);
            }
            if (returns) {
                code.ireturn();
            } else if (last && recipe.shape() != Recipe.Shape.JUMP_IF) {
                returnNext();
            }
        }

        void body(Recipe recipe) {
            switch (recipe.shape()) {
                case OPERANDS -> operands(recipe);
                case LANEWISE, WHOLE_REGISTER, VECTOR_STORE -> {
                    if (recipe.vector() > 0) {
                        VexEmitter.emit(code, operands, recipe);
                    } else {
                        VectorEmitter.emit(code, operands, recipe);
                    }
                }
                case SET_IF -> setIf(recipe);
                case MOVE_IF -> moveIf(recipe);
                case JUMP_IF -> jumpIf(recipe);
                case RAW -> raw(recipe);
                case COMPLEX -> complex(recipe, false);
                case COMPLEX_LEAVING -> complex(recipe, true);
            }
        }

        private void returnNext() {
            code.iload(PC).loadConstant(Record.LONGS).iadd().ireturn();
        }

        private void operands(Recipe recipe) {
            operands.prepare(recipe);
            if (recipe.locked()) {
                lockedOperands(recipe);
                return;
            }
            call(recipe, false);
            store(recipe);
        }

        /** Calls the semantic method; its result, if any, is on the stack. */
        private void call(Recipe recipe, boolean oldInLocal) {
            operands.context(recipe);
            int first = recipe.readsDestination() ? 0 : recipe.operands().size() - recipe.longs();
            for (int i = first; i < recipe.operands().size() && i < first + recipe.longs(); i++) {
                if (i == 0 && oldInLocal) {
                    code.lload(OLD);
                } else {
                    operands.read(recipe, i);
                }
            }
            operands.invoke(recipe);
        }

        /** Stores or drops the result that is on the stack. */
        private void store(Recipe recipe) {
            if (!recipe.returnsLong()) {
                return;
            }
            if (!recipe.writesDestination()) {
                code.pop2();
                return;
            }
            code.lstore(RESULT);
            if (recipe.writesVexVector()) {
                VexEmitter.emitScalar(code, operands, recipe, RESULT);
            } else {
                operands.write(recipe, RESULT);
            }
        }

        private void lockedOperands(Recipe recipe) {
            int size = recipe.sizes().getFirst();
            Label again = code.newBoundLabel();
            operands.cpu();
            operands.addressAndOffset();
            code.loadConstant(size)
                    .invokestatic(
                            RMW,
                            "loadLocked",
                            MethodTypeDesc.of(CD_long, CPU, CD_long, CD_long, CD_int))
                    .lstore(OLD);
            call(recipe, true);
            code.lstore(RESULT);
            operands.cpu();
            operands.addressAndOffset();
            code.loadConstant(size)
                    .lload(OLD)
                    .lload(RESULT)
                    .iload(PC)
                    .invokestatic(
                            RMW,
                            "storeLocked",
                            MethodTypeDesc.of(
                                    CD_boolean,
                                    CPU,
                                    CD_long,
                                    CD_long,
                                    CD_int,
                                    CD_long,
                                    CD_long,
                                    CD_int))
                    .ifeq(again);
        }

        void condition(Recipe recipe) {
            operands.cpuField("flags", Flags.class);
            operands.invoke(recipe.method());
        }

        private void setIf(Recipe recipe) {
            operands.prepare(recipe);
            condition(recipe);
            code.i2l().lstore(RESULT);
            operands.write(recipe, RESULT);
        }

        /**
         * CMOVcc reads its source, and may fault, whatever the condition; a 32-bit destination is
         * always cleared above.
         */
        private void moveIf(Recipe recipe) {
            operands.prepare(recipe);
            operands.read(recipe, 1);
            code.lstore(RESULT);
            Label store = code.newLabel();
            condition(recipe);
            code.ifne(store);
            operands.read(recipe, 0);
            code.lstore(RESULT).labelBinding(store);
            operands.write(recipe, RESULT);
        }

        private void jumpIf(Recipe recipe) {
            Label taken = code.newLabel();
            condition(recipe);
            code.ifne(taken);
            returnNext();
            code.labelBinding(taken);
            record();
            operands.width(recipe.width());
            code.invokestatic(
                            NEAR,
                            "jumpRelative",
                            MethodTypeDesc.of(CD_int, CPU, LONGS, CD_int, WIDTH))
                    .ireturn();
        }

        void record() {
            operands.cpu();
            code.aload(CODE).iload(PC);
        }

        private void raw(Recipe recipe) {
            if (recipe.longs() > 0) {
                operands.prepare(recipe);
            }
            record();
            if (recipe.takes(Width.class)) {
                operands.width(recipe.width());
            }
            if (recipe.longs() > 0) {
                operands.read(recipe, 0);
            }
            operands.invoke(recipe.method()); // leaves the next record on the stack
        }

        private void complex(Recipe recipe, boolean leaves) {
            operands.cpu();
            operands.cpu();
            code.iload(PC)
                    .invokestatic(COMPLEX, "begin", MethodTypeDesc.of(INSTRUCTION, CPU, CD_int));
            code.invokestatic(
                    desc(recipe.method().getDeclaringClass()),
                    recipe.method().getName(),
                    MethodTypeDesc.of(CD_void, CPU, INSTRUCTION));
            operands.cpu();
            code.iload(PC)
                    .invokestatic(
                            COMPLEX,
                            leaves ? "leave" : "end",
                            MethodTypeDesc.of(CD_int, CPU, CD_int));
        }
    }
}
