package dev.carafe.tools.gdb;

import dev.carafe.core.machine.Motion;
import java.util.ArrayList;
import java.util.List;

/** What {@code vCont}, {@code c} and {@code s} want each vCPU to do. */
final class Resumption {
    /** QEMU's bits of {@code qqemu.sstep}. */
    static final int STEP_ENABLED = 1;

    static final int STEP_WITHOUT_INTERRUPTS = 2;
    static final int STEP_WITHOUT_TIMERS = 4;
    static final int STEP_ALL = STEP_ENABLED | STEP_WITHOUT_INTERRUPTS | STEP_WITHOUT_TIMERS;

    private Resumption() {}

    /**
     * Reads the actions behind {@code vCont;}: for each vCPU the first that names it counts, and
     * one that none names stands still.
     *
     * @param stepBits how steps are done
     */
    static List<Motion> actions(String text, int count, int stepBits) {
        List<Motion> motions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            motions.add(null);
        }
        for (String action : text.split(";", -1)) {
            int colon = action.indexOf(':');
            String what = colon < 0 ? action : action.substring(0, colon);
            int whom =
                    colon < 0 ? ThreadIds.ALL : ThreadIds.parse(action.substring(colon + 1), count);
            give(motions, whom, motion(what, stepBits));
        }
        motions.replaceAll(motion -> motion == null ? Motion.HOLD : motion);
        requireMovement(motions);
        return motions;
    }

    /** The same motion for one vCPU, or for all. */
    static List<Motion> of(Motion motion, int whom, int count) {
        List<Motion> motions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            motions.add(whom < 0 || whom == i ? motion : Motion.HOLD);
        }
        return motions;
    }

    private static void give(List<Motion> motions, int whom, Motion motion) {
        for (int i = 0; i < motions.size(); i++) {
            if (motions.get(i) == null && (whom < 0 || whom == i)) {
                motions.set(i, motion);
            }
        }
    }

    private static Motion motion(String what, int stepBits) {
        if (what.isEmpty()) {
            throw new PacketError();
        }
        return switch (what.charAt(0)) {
            case 'c', 'C' -> Motion.RUN;
            case 's', 'S' -> step(0, 0, stepBits);
            case 't' -> Motion.HOLD;
            case 'r' -> range(what.substring(1), stepBits);
            default -> throw new PacketError();
        };
    }

    private static Motion range(String bounds, int stepBits) {
        int comma = bounds.indexOf(',');
        if (comma < 0) {
            throw new PacketError();
        }
        long start = Hex.number(bounds.substring(0, comma));
        long end = Hex.number(bounds.substring(comma + 1));
        return step(start, end, stepBits);
    }

    static Motion step(long start, long end, int stepBits) {
        if ((stepBits & STEP_ENABLED) == 0) {
            return Motion.RUN;
        }
        return new Motion.Step(
                start,
                end,
                (stepBits & STEP_WITHOUT_INTERRUPTS) == 0,
                (stepBits & STEP_WITHOUT_TIMERS) == 0);
    }

    private static void requireMovement(List<Motion> motions) {
        if (motions.stream().allMatch(Motion.Hold.class::isInstance)) {
            throw new PacketError();
        }
    }
}
