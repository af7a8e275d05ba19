package dev.carafe.core.isa.integer;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;

/** How test rows write flags and operands. */
final class FlagNames {
    private static final String[] NAMES = {"OF", "SF", "ZF", "AF", "PF", "CF"};
    private static final int[] BITS = {Flags.OF, Flags.SF, Flags.ZF, Flags.AF, Flags.PF, Flags.CF};

    private FlagNames() {}

    static String of(Flags flags) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NAMES.length; i++) {
            if ((flags.get() & BITS[i]) != 0) {
                text.append(text.isEmpty() ? "" : " ").append(NAMES[i]);
            }
        }
        return text.toString();
    }

    static Flags parse(String names) {
        int image = 0;
        for (int i = 0; i < NAMES.length; i++) {
            image |= names.contains(NAMES[i]) ? BITS[i] : 0;
        }
        Flags flags = new Flags();
        flags.set(image);
        return flags;
    }

    /** The width of an operand written with all its digits. */
    static Width width(String hex) {
        return Width.ofSize(hex.length() / 2);
    }

    static String hex(Width width, long value) {
        return "%016X".formatted(value).substring(16 - 2 * width.size());
    }
}
