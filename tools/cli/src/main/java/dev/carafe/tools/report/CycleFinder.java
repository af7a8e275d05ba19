package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.machine.Visitor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether a processor goes round in a circle for ever: it comes back to a state that it
 * was in before, with every register and flag as it was, and on its way it has changed no memory,
 * asked no device, clock or generator, and taken no interrupt. As long as nobody else changes what
 * it reads and nothing interrupts it, it will do the same again.
 *
 * <p>Runs on the processor's own thread, after Brent's algorithm. Not modelled: loops with x87 or
 * string instructions, which count as ways out.
 */
final class CycleFinder implements Visitor {
    /** Who changes memory so often does not wait for somebody. */
    private static final int MOST_CHANGES = 64;

    private static final long SECONDS = 5;
    private static final int STACK_BYTES = 16;

    private static final Set<Operation> WAYS_OUT =
            EnumSet.of(
                    Operation.IN,
                    Operation.OUT,
                    Operation.RDTSC,
                    Operation.RDTSCP,
                    Operation.RDPMC,
                    Operation.RDRAND,
                    Operation.RDSEED,
                    Operation.RDMSR,
                    Operation.WRMSR,
                    Operation.HLT,
                    Operation.MWAIT);

    /** A word that the circle reads, and what it found there. */
    record Read(long address, int size, boolean locked, long rip, long value) {}

    private final Scene scene;
    private final int mostSteps;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean cyclic; // written before done
    private final Map<Long, Read> reads = new LinkedHashMap<>(); // written before done
    private final Set<Integer> states = new HashSet<>(); // hashes; likewise
    private final Map<Long, Instruction> decoded = new HashMap<>();

    // The visit's own.
    private final long[] anchor = new long[Registers.ZERO];
    private long[] anchorVectors;
    private long anchorRip;
    private long anchorFlags;
    private int changes;

    /**
     * @param mostSteps instructions after which it gives up
     */
    CycleFinder(Scene scene, int mostSteps) {
        this.scene = scene;
        this.mostSteps = mostSteps;
    }

    /** Waits for the visit's end; whether the processor goes round in a circle. */
    boolean await() {
        try {
            return done.await(SECONDS, TimeUnit.SECONDS) && cyclic;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the circle reads, first things first. */
    Map<Long, Read> reads() {
        return reads;
    }

    /**
     * Whether a processor that stands still is in a state of the circle and will stay in it: what
     * the circle reads may have been changed by a processor that was visited later.
     */
    boolean holds(Cpu cpu) {
        return states.contains(hash(cpu))
                && reads.values().stream()
                        .allMatch(read -> word(cpu, read.address()) == read.value());
    }

    @Override
    public void visit(Cpu cpu, Steps steps) {
        try {
            cyclic = search(cpu, steps);
        } finally {
            done.countDown();
        }
    }

    private boolean search(Cpu cpu, Steps steps) {
        long events = cpu.rare.count();
        setAnchor(cpu);
        int sinceAnchor = 0;
        int power = 1;
        for (int i = 0; i < mostSteps; i++) {
            Instruction insn = instruction(cpu);
            if (insn == null || isWayOut(insn)) {
                return false;
            }
            boolean changed = step(cpu, steps, insn);
            if (cpu.rare.count() != events || changes > MOST_CHANGES) {
                return false;
            }
            sinceAnchor++;
            if (!changed && atAnchor(cpu)) {
                return true;
            }
            if (changed || sinceAnchor == power) {
                power = changed ? power : power * 2;
                sinceAnchor = 0;
                setAnchor(cpu);
            }
        }
        return false;
    }

    private Instruction instruction(Cpu cpu) {
        return decoded.computeIfAbsent(cpu.rip, rip -> scene.instruction(cpu, rip));
    }

    private static boolean isWayOut(Instruction insn) {
        String name = insn.operation().name();
        return WAYS_OUT.contains(insn.operation())
                || insn.repeat() != 0 && insn.operation() != Operation.PAUSE
                || name.startsWith("INS")
                || name.startsWith("OUTS")
                || name.startsWith("MOVS") && !name.startsWith("MOVSX")
                || name.startsWith("STOS")
                || name.startsWith("F") && !name.endsWith("FENCE");
    }

    /** Executes one instruction; whether it changed memory. Devices count as changed memory. */
    private boolean step(Cpu cpu, Steps steps, Instruction insn) {
        boolean memory = insn.memory() && insn.operation() != Operation.LEA;
        long address = memory ? Scene.operandAddress(cpu, insn, cpu.rip) : 0;
        long stack = Scene.stackPointer(cpu) - STACK_BYTES;
        long before = memory ? word(cpu, address) : 0;
        long pushedBefore = word(cpu, stack);
        long pushedAbove = word(cpu, stack + Long.BYTES);
        boolean device = memory && !scene.isMapped(cpu, address);
        if (memory) {
            int size = Math.max(1, insn.width().size());
            boolean locked = insn.lock() || insn.operation() == Operation.XCHG;
            reads.putIfAbsent(address, new Read(address, size, locked, cpu.rip, before));
        }
        if (!steps.step() || device) {
            changes = MOST_CHANGES + 1;
            return true;
        }
        boolean changed =
                memory && word(cpu, address) != before && isStore(insn)
                        || word(cpu, stack) != pushedBefore
                        || word(cpu, stack + Long.BYTES) != pushedAbove;
        changes += changed ? 1 : 0;
        return changed;
    }

    private static boolean isStore(Instruction insn) {
        return switch (insn.operation()) {
            case CMP, TEST, BT -> false;
            default -> true;
        };
    }

    private long word(Cpu cpu, long address) {
        return scene.read64(cpu, address).orElse(0);
    }

    private void setAnchor(Cpu cpu) {
        System.arraycopy(cpu.regs, 0, anchor, 0, anchor.length);
        anchorVectors = cpu.xmm.clone();
        anchorRip = cpu.rip;
        anchorFlags = cpu.rflags();
        reads.clear();
        states.clear();
        states.add(hash(cpu));
    }

    private boolean atAnchor(Cpu cpu) {
        states.add(hash(cpu));
        return cpu.rip == anchorRip
                && cpu.rflags() == anchorFlags
                && Arrays.equals(cpu.regs, 0, anchor.length, anchor, 0, anchor.length)
                && Arrays.equals(cpu.xmm, anchorVectors);
    }

    private static int hash(Cpu cpu) {
        int place = Long.hashCode(cpu.rip) * 31 + Long.hashCode(cpu.rflags());
        return place * 31 + registersHash(cpu);
    }

    /** Of the general registers alone, which may be those of a processor that runs. */
    static int registersHash(Cpu cpu) {
        int hash = 0;
        for (int i = 0; i < Registers.ZERO; i++) {
            hash = hash * 31 + Long.hashCode(cpu.regs[i]);
        }
        return hash;
    }
}
