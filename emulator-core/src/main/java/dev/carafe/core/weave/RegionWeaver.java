package dev.carafe.core.weave;

import static dev.carafe.core.weave.HandlerWeaver.CPU;
import static dev.carafe.core.weave.HandlerWeaver.LONGS;
import static dev.carafe.core.weave.HandlerWeaver.NEAR;
import static dev.carafe.core.weave.HandlerWeaver.WIDTH;
import static dev.carafe.core.weave.HandlerWeaver.desc;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Record;
import dev.carafe.core.weave.RegionPlan.Step;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the class of a {@link HotRegion}: the bodies of its records one after the other, as {@link
 * HandlerWeaver} writes them, with jumps between them where the target is inside.
 *
 * <p>The local that holds the record's index is exact wherever something may fault; one handler
 * around everything tells the interpreter.
 */
final class RegionWeaver extends HandlerWeaver.Emitter {
    private static final ClassDesc REGION = desc(HotRegion.class);
    private static final int THIS = 0;
    private static final ClassDesc CODE_PAGE = desc(CodePage.class);
    private static final int NEXT = RegionOperands.FREE_LOCAL;
    private static final int PAGE = NEXT + 1;

    private final RegionOperands constants;
    private final List<Step> steps;
    private final Map<Integer, Label> labels = new HashMap<>();
    private final Map<Width, Label> jumpsOut = new LinkedHashMap<>();
    private final Map<Recipe, Label> otherWaysOut = new LinkedHashMap<>(); // calls and returns
    private Label exit;

    private RegionWeaver(CodeBuilder code, RegionOperands constants, List<Step> steps) {
        super(code, constants);
        this.constants = constants;
        this.steps = steps;
    }

    static byte[] weave(String className, List<Step> steps) {
        return HandlerWeaver.handlerClass(
                className,
                REGION,
                code -> new RegionWeaver(code, new RegionOperands(code), steps).region());
    }

    private void region() {
        constants.loadFields();
        code.aload(CPU_LOCAL).getfield(CPU, "page", CODE_PAGE).astore(PAGE);
        for (Step step : steps) {
            labels.put(step.index(), code.newLabel());
        }
        exit = code.newLabel();
        Label start = code.newBoundLabel();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            code.labelBinding(labels.get(step.index()));
            step(step, i + 1 < steps.size() ? steps.get(i + 1).index() : 0);
        }
        jumpsOut.forEach(this::jumpOut);
        otherWaysOut.forEach(this::leave);
        code.labelBinding(exit).aload(THIS).aload(CPU_LOCAL).iload(NEXT);
        code.invokevirtual(REGION, "exit", MethodTypeDesc.of(CD_int, CPU, CD_int)).ireturn();
        Label end = code.newBoundLabel();
        Label fault = code.newBoundLabel();
        code.aload(CPU_LOCAL).iload(PC).putfield(CPU, "faultingRecord", CD_int).athrow();
        code.exceptionCatch(start, end, fault, desc(CpuFault.class));
    }

    private static final int CPU_LOCAL = OperandEmitter.CPU_LOCAL;

    /**
     * @param next index of the step that is emitted behind this one, or 0
     */
    private void step(Step step, int next) {
        if (step.recipe() == null) {
            goElsewhere(step, next);
            return;
        }
        constants.record(step.word0(), step.word1());
        code.loadConstant(step.index()).istore(PC);
        switch (step.recipe().shape()) {
            case JUMP_IF -> jumpIf(step, next);
            case RAW -> {
                if (step.target() != 0) {
                    jump(step, next);
                } else if (step.recipe().longs() == 0) {
                    code.goto_(
                            otherWaysOut.computeIfAbsent(step.recipe(), same -> code.newLabel()));
                } else {
                    body(step.recipe());
                    exit();
                }
            }
            default -> {
                body(step.recipe());
                int behind = step.index() + Record.LONGS;
                if (step.recipe().stores()) {
                    leaveIfStale(behind);
                }
                goTo(behind, next);
            }
        }
    }

    /** A record that only goes on elsewhere: where that is backward, it may end a loop. */
    private void goElsewhere(Step step, int next) {
        if (step.target() < step.index()) {
            Label stays = askWhetherToStay();
            code.loadConstant(step.index()).ireturn();
            code.labelBinding(stays);
        }
        countJump(step, 0);
        goTo(step.target(), next);
    }

    private Label askWhetherToStay() {
        Label stays = code.newLabel();
        code.aload(THIS).aload(CPU_LOCAL).aload(PAGE);
        code.invokevirtual(REGION, "stays", MethodTypeDesc.of(CD_boolean, CPU, CODE_PAGE));
        code.ifne(stays);
        return stays;
    }

    /** Goes on at a record: behind this one, elsewhere in the region, or outside. */
    private void goTo(int index, int next) {
        if (index == next) {
            return;
        }
        Label label = labels.get(index);
        if (label != null) {
            code.goto_(label);
        } else {
            code.loadConstant(index);
            exit();
        }
    }

    /** Leaves for the record whose index is on the stack. */
    private void exit() {
        code.istore(NEXT).goto_(exit);
    }

    /**
     * A direct jump to a record outside, or a backward one that must not stay. There is one place
     * for all of them, as for other records that leave: what is written once is compiled once.
     */
    private void jumpOut(Step step) {
        code.goto_(jumpsOut.computeIfAbsent(step.recipe().width(), width -> code.newLabel()));
    }

    private void jumpOut(Width width, Label label) {
        code.labelBinding(label);
        record();
        operands.width(width);
        code.invokestatic(
                NEAR, "jumpRelative", MethodTypeDesc.of(CD_int, CPU, LONGS, CD_int, WIDTH));
        exit();
    }

    /** A call or return that takes nothing from its record but by the record's index. */
    private void leave(Recipe recipe, Label label) {
        code.labelBinding(label);
        body(recipe);
        exit();
    }

    /** After a store, which may have changed this page's code. */
    private void leaveIfStale(int index) {
        Label unchanged = code.newLabel();
        code.aload(PAGE).getfield(CODE_PAGE, "dropped", CD_boolean).ifeq(unchanged);
        code.loadConstant(index).ireturn().labelBinding(unchanged);
    }

    private void jumpIf(Step step, int next) {
        Label notTaken = code.newLabel();
        condition(step.recipe());
        code.ifeq(notTaken);
        jump(step, 0);
        code.labelBinding(notTaken);
        goTo(step.index() + Record.LONGS, next);
    }

    /** A direct jump that is taken. */
    private void jump(Step step, int next) {
        if (!labels.containsKey(step.target())) {
            jumpOut(step);
        } else if (step.target() <= step.index()) {
            Label stays = askWhetherToStay();
            jumpOut(step);
            code.labelBinding(stays);
            countJump(step, 1);
            code.goto_(labels.get(step.target()));
        } else {
            countJump(step, 1);
            goTo(step.target(), next);
        }
    }

    /** Instructions are counted by the index of their records: a jump corrects the count. */
    private void countJump(Step step, int instructions) {
        long correction = (step.index() - step.target() >> 1) + instructions;
        if (correction != 0) {
            code.aload(CPU_LOCAL).dup().getfield(CPU, "executedBase", CD_long);
            code.loadConstant(correction).ladd().putfield(CPU, "executedBase", CD_long);
        }
    }
}
