package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.core.cpu.RareEvents.Kind;
import dev.carafe.core.fault.ExceptionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which exceptions and interrupts a processor is in the middle of: those whose frames are still on
 * its stacks, the outermost first.
 */
final class Nesting {
    private static final int MOST = 16;
    private static final int TSS_RSP0 = 4;
    private static final int TSS_IST1 = 36;
    private static final int IST_STACKS = 7;
    private static final int FRAME = 40;
    private static final int RIP = 0;
    private static final int RSP = 24;
    private static final long FAR = 1L << 20; // handlers' stacks are smaller

    private final Scene scene;
    private final Cpu cpu;

    Nesting(Scene scene, Cpu cpu) {
        this.scene = scene;
        this.cpu = cpu;
    }

    /** The events being handled when RSP was {@code stack}; those that happened after it not. */
    List<Event> handled(List<Event> events, long stack, long before) {
        List<Event> found = new ArrayList<>();
        long inner = stack;
        for (int i = events.size() - 1; i >= 0 && found.size() < MOST; i--) {
            Event event = events.get(i);
            boolean candidate =
                    event.kind() == Kind.EXCEPTION
                            || event.kind() == Kind.INTERRUPT
                            || event.kind() == Kind.SOFTWARE_INTERRUPT;
            if (!candidate || event.order() >= before) {
                continue;
            }
            long frame = frame(event);
            if (frame != 0 && Long.compareUnsigned(inner, frame) <= 0 && frame - inner < FAR) {
                found.addFirst(event);
                inner = event.stack();
            }
        }
        return found;
    }

    /** Where the event's frame still lies, or 0. */
    private long frame(Event event) {
        int vector = (int) event.detail() & 0xFF;
        boolean code = event.kind() == Kind.EXCEPTION && ExceptionVector.hasErrorCode(vector);
        List<Long> tops = new ArrayList<>();
        tops.add(event.stack() & ~15L);
        addTop(tops, TSS_RSP0);
        for (int ist = 0; ist < IST_STACKS; ist++) {
            addTop(tops, TSS_IST1 + ist * 8);
        }
        for (long top : tops) {
            long base = top - FRAME;
            boolean same =
                    holds(base + RSP, event.stack())
                            && (event.kind() == Kind.SOFTWARE_INTERRUPT
                                    || holds(base + RIP, event.rip()));
            if (same) {
                return code ? base - 8 : base;
            }
        }
        return 0;
    }

    private void addTop(List<Long> tops, int offset) {
        if (cpu.control.longMode() && cpu.system.tr.contains(offset, 8)) {
            scene.read64(cpu, cpu.system.tr.base() + offset).ifPresent(top -> tops.add(top & ~15L));
        }
    }

    private boolean holds(long address, long value) {
        OptionalLong found = scene.read64(cpu, address);
        return found.isPresent() && found.getAsLong() == value;
    }
}
