package dev.carafe.tools.verify;

import java.util.List;
import java.util.StringJoiner;

/** Registers and flags by name. */
final class Names {
    private static final List<String> REGISTERS =
            List.of(
                    "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10",
                    "R11", "R12", "R13", "R14", "R15");
    private static final String[] FLAGS = {
        "CF", "", "PF", "", "AF", "", "ZF", "SF", "TF", "IF", "DF", "OF", "", "", "NT", "", "RF",
        "VM", "AC", "VIF", "VIP", "ID"
    };
    private static final String[] SELECTORS = {"ES", "CS", "SS", "DS", "FS", "GS"};

    private Names() {}

    static String register(int number) {
        return REGISTERS.get(number);
    }

    static int register(String name) {
        return REGISTERS.indexOf(name);
    }

    static String selector(int number) {
        return SELECTORS[number];
    }

    /** The bit of a flag. */
    static int flag(String name) {
        for (int i = 0; i < FLAGS.length; i++) {
            if (FLAGS[i].equals(name)) {
                return 1 << i;
            }
        }
        throw new AssertionError("flag " + name);
    }

    static String flags(long image) {
        StringJoiner names = new StringJoiner(" ", "[", "]");
        for (int i = FLAGS.length - 1; i >= 0; i--) {
            if ((image >>> i & 1) != 0 && !FLAGS[i].isEmpty()) {
                names.add(FLAGS[i]);
            }
        }
        return names.toString();
    }
}
