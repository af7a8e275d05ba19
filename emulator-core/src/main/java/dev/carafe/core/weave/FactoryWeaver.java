package dev.carafe.core.weave;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.carafe.core.isa.Handler;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes the class of the {@link HandlerFactory}. */
final class FactoryWeaver {
    private static final String MAKE = "make";
    private static final int GROUP_SHIFT =
            8; // handlers in one method, which the compiler wants below 8000 bytes
    private static final ClassDesc HANDLER = HandlerWeaver.desc(Handler.class);
    private static final MethodTypeDesc MAKER = MethodTypeDesc.of(HANDLER, CD_int);

    private FactoryWeaver() {}

    /**
     * The class file of a factory.
     *
     * @param handlers prefix of the handlers' class names, which their numbers follow
     * @param end first number that no handler has
     */
    static byte[] weave(String name, String handlers, int first, int end) {
        ClassDesc self = ClassDesc.of(name);
        ClassDesc superclass = HandlerWeaver.desc(HandlerFactory.class);
        int groups = (end - 1 >> GROUP_SHIFT) + 1;
        return ClassFile.of()
                .build(
                        self,
                        builder -> {
                            HandlerWeaver.begin(builder, superclass)
                                    .withMethodBody(
                                            MAKE,
                                            MAKER,
                                            ClassFile.ACC_PUBLIC,
                                            code -> chooseGroup(code, self, groups));
                            for (int group = 0; group < groups; group++) {
                                int low = Math.max(first, group << GROUP_SHIFT);
                                int high = Math.min(end, group + 1 << GROUP_SHIFT);
                                builder.withMethodBody(
                                        MAKE + group,
                                        MAKER,
                                        ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
                                        code -> construct(code, handlers, low, high));
                            }
                        });
    }

    private static void chooseGroup(CodeBuilder code, ClassDesc self, int groups) {
        List<Label> labels = labels(code, groups);
        Label none = code.newLabel();
        code.iload(1).loadConstant(GROUP_SHIFT).ishr();
        code.tableswitch(none, cases(0, labels));
        for (int group = 0; group < groups; group++) {
            code.labelBinding(labels.get(group)).iload(1);
            code.invokestatic(self, MAKE + group, MAKER).areturn();
        }
        code.labelBinding(none).aconst_null().areturn();
    }

    private static void construct(CodeBuilder code, String handlers, int low, int high) {
        List<Label> labels = labels(code, high - low);
        Label none = code.newLabel();
        code.iload(0).tableswitch(none, cases(low, labels));
        for (int number = low; number < high; number++) {
            ClassDesc handler = ClassDesc.of(handlers + number);
            code.labelBinding(labels.get(number - low)).new_(handler).dup();
            code.invokespecial(handler, INIT_NAME, MTD_void);
            // Needless but for the verifier, which would load all handlers to see that it is one.
            code.checkcast(HANDLER).areturn();
        }
        code.labelBinding(none).aconst_null().areturn();
    }

    private static List<Label> labels(CodeBuilder code, int count) {
        List<Label> labels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            labels.add(code.newLabel());
        }
        return labels;
    }

    private static List<SwitchCase> cases(int low, List<Label> labels) {
        List<SwitchCase> cases = new ArrayList<>(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            cases.add(SwitchCase.of(low + i, labels.get(i)));
        }
        return cases;
    }
}
