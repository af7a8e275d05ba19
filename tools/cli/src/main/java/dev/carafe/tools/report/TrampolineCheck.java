package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.tools.symbols.Symbolizer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whether the code that a start-up IPI sent a processor to is a whole copy of what the kernel's
 * file has: kernels copy it to low memory, and some copy too little.
 */
final class TrampolineCheck {
    private static final int PAGE = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int SAMPLE = 16; // bytes by which the code is found in the file

    /** Kernels write parameters into their copy; one of these places is as in the file. */
    private static final int[] SKIPPED = {0, 4, 8, 16, 32};

    private final Scene scene;
    private final Cpu cpu;

    TrampolineCheck(Scene scene, Cpu cpu) {
        this.scene = scene;
        this.cpu = cpu;
    }

    /** Says that the copy is cut short when the processor is in it; null otherwise. */
    Finding why(long rip) {
        Event start = cpu.rare.last(RareEvents.Kind.SIPI);
        if (start == null) {
            return null;
        }
        long page = start.detail() << PAGE_SHIFT;
        long at = scene.codeAddress(cpu, rip) - page;
        if (at < 0 || at > PAGE) {
            return null;
        }
        byte[] copy = new byte[PAGE];
        scene.machine().memory().read(page, copy);
        for (int skipped : SKIPPED) {
            byte[] sample = Arrays.copyOfRange(copy, skipped, skipped + SAMPLE);
            Optional<Symbolizer.Bytes> original = scene.symbols().find(sample, PAGE);
            if (original.isPresent()) {
                byte[] there = Arrays.copyOfRange(copy, skipped, PAGE);
                return compare(start.detail(), skipped, there, original.get());
            }
        }
        return null;
    }

    private Finding compare(long vector, int skipped, byte[] copy, Symbolizer.Bytes original) {
        int same = skipped + lastCommon(copy, original.content());
        int whole = skipped + lastMeant(original.content());
        if (same >= whole) {
            return null;
        }
        String text =
                ("running the trampoline that SIPI vector %s started at %s: the copy of %s there holds"
                                + " %d bytes, at least %d are needed")
                        .formatted(
                                Text.hex(vector, 2),
                                Text.hex(vector << PAGE_SHIFT),
                                scene.symbols().describeShort(original.address() - skipped),
                                same,
                                whole);
        return Finding.of(
                "short-trampoline", text, "Copy the whole trampoline to the page of the SIPI.");
    }

    /** Where the copy ends: behind the last stretch that is as in the file and not zero. */
    private static int lastCommon(byte[] copy, byte[] original) {
        int end = 0;
        for (int i = 0; i + 4 <= original.length; i++) {
            boolean same = Arrays.equals(copy, i, i + 4, original, i, i + 4);
            boolean meant = original[i] != 0 && original[i + 1] != 0 && original[i + 2] != 0;
            end = same && meant ? i + 4 : end;
        }
        return end;
    }

    private static int lastMeant(byte[] original) {
        int end = 0;
        for (int i = 0; i + 4 <= original.length; i++) {
            boolean meant = original[i] != 0 && original[i + 1] != 0 && original[i + 2] != 0;
            end = meant ? i + 4 : end;
        }
        return end;
    }
}
