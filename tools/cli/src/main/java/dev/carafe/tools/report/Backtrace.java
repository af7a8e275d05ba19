package dev.carafe.tools.report;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who called whom on one processor: by frame pointers as far as they lead, then by what on the
 * stack looks like a return address, which is marked as a guess.
 */
final class Backtrace {
    private static final int MOST_FRAMES = 24;
    private static final int WORDS_SCANNED = 256;
    private static final int GUESSES = 12;
    private static final int CALL_NEAR = 0xE8;
    private static final int CALL_INDIRECT = 0xFF;
    private static final int NEAR_BYTES = 5;
    private static final int LONGEST_INDIRECT = 7;

    private final Scene scene;
    private final Cpu cpu;

    Backtrace(Scene scene, Cpu cpu) {
        this.scene = scene;
        this.cpu = cpu;
    }

    /** Addresses, innermost first. */
    record Frame(long rip, boolean guess) {}

    List<Frame> frames() {
        List<Frame> frames = new ArrayList<>();
        if (cpu.activity == Activity.WAIT_FOR_SIPI || cpu.activity == Activity.PARKED) {
            return frames;
        }
        frames.add(new Frame(cpu.rip, false));
        if (!cpu.control.codeIs64()) {
            return frames;
        }
        follow(frames);
        if (frames.size() == 1) {
            scan(frames);
        }
        return frames;
    }

    private void follow(List<Frame> frames) {
        long frame = cpu.regs[Registers.RBP];
        long below = cpu.regs[Registers.RSP];
        while (frames.size() < MOST_FRAMES && Long.compareUnsigned(frame, below) >= 0) {
            OptionalLong next = scene.read64(cpu, frame);
            OptionalLong rip = scene.read64(cpu, frame + Long.BYTES);
            boolean plausible =
                    frame % Long.BYTES == 0
                            && next.isPresent()
                            && rip.isPresent()
                            && isReturn(rip.getAsLong());
            if (!plausible) {
                return;
            }
            frames.add(new Frame(rip.getAsLong(), false));
            below = frame + 1;
            frame = next.getAsLong();
        }
    }

    private void scan(List<Frame> frames) {
        long stack = cpu.regs[Registers.RSP];
        for (int i = 0; i < WORDS_SCANNED && frames.size() <= GUESSES; i++) {
            OptionalLong word = scene.read64(cpu, stack + 8L * i);
            if (word.isEmpty()) {
                return;
            }
            if (isReturn(word.getAsLong())) {
                frames.add(new Frame(word.getAsLong(), true));
            }
        }
    }

    /** Whether a call may have left an address: it lies in code, behind a call. */
    boolean isReturn(long address) {
        boolean code =
                scene.symbols().hasSymbols()
                        ? scene.symbols().isCode(address)
                        : scene.isMapped(cpu, address);
        if (!code) {
            return false;
        }
        byte[] before = new byte[LONGEST_INDIRECT];
        if (scene.read(cpu, address - LONGEST_INDIRECT, before) < LONGEST_INDIRECT) {
            return false;
        }
        if ((before[LONGEST_INDIRECT - NEAR_BYTES] & 0xFF) == CALL_NEAR) {
            return true;
        }
        for (int length = 2; length <= LONGEST_INDIRECT; length++) {
            int at = LONGEST_INDIRECT - length;
            boolean callForm = at + 1 < before.length && (before[at + 1] >> 3 & 7) == 2;
            if ((before[at] & 0xFF) == CALL_INDIRECT && callForm) {
                return true;
            }
        }
        return false;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Frame frame : frames()) {
            boolean innermost = lines.isEmpty();
            // A return address may be the next line already; the call ends just before it.
            String place =
                    innermost
                            ? scene.place(frame.rip())
                            : scene.symbols()
                                    .code(frame.rip() - 1)
                                    .map(
                                            at ->
                                                    new dev.carafe.tools.symbols.Place(
                                                                    at.symbol(),
                                                                    at.offset() + 1,
                                                                    at.source())
                                                            .toString())
                                    .orElse(Text.hex(frame.rip()));
            lines.add(
                    "%2d  %s  %s%s"
                            .formatted(
                                    lines.size(),
                                    Text.hex(frame.rip(), 16),
                                    place,
                                    frame.guess() ? "  (a guess from the stack)" : ""));
        }
        return lines;
    }
}
