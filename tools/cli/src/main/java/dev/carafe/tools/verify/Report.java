package dev.carafe.tools.verify;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.text.InstructionText;
import dev.carafe.core.isa.text.Syntax;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a comparison has found, collected from all its threads. */
public final class Report {
    private static final int MOST_RECORDS = 1 << 14;

    /**
     * A case whose results differ.
     *
     * @param text readable, and enough to repeat it
     */
    record Mismatch(long number, Encoding encoding, String text) {}

    private final long seed;
    private final long notImplemented; // encodings
    private long compared; // guarded by this, as all below
    private long skipped;
    private long mismatched;
    private final Map<Integer, Encoding> encodings = new TreeMap<>();
    private final Map<String, Long> skippedBy = new TreeMap<>();
    private final Map<String, Long> mismatchedBy = new TreeMap<>();
    private final Map<String, Mismatch> firstOf = new TreeMap<>();

    Report(long seed, long notImplemented) {
        this.seed = seed;
        this.notImplemented = notImplemented;
    }

    synchronized void compared(TestCase test) {
        compared++;
        encodings.put(test.encoding.id(), test.encoding);
    }

    synchronized void skipped(TestCase test) {
        skipped++;
        skippedBy.merge(test.skipped, 1L, Long::sum);
    }

    synchronized void mismatch(TestCase test, Result host, List<String> differences) {
        mismatched++;
        String notation = test.encoding.notation();
        mismatchedBy.merge(notation, 1L, Long::sum);
        Mismatch known = firstOf.get(notation);
        if (known == null && firstOf.size() < MOST_RECORDS
                || known != null && known.number() > test.number) {
            String text = record(test, host, differences);
            firstOf.put(notation, new Mismatch(test.number, test.encoding, text));
        }
    }

    public synchronized long mismatches() {
        return mismatched;
    }

    public synchronized long comparisons() {
        return compared;
    }

    private String record(TestCase test, Result host, List<String> differences) {
        StringBuilder text = new StringBuilder();
        text.append(
                "case %d of seed %d, %s: %s\n"
                        .formatted(
                                test.number,
                                seed,
                                test.code32 ? "32-bit code" : "64-bit code",
                                test.encoding.notation()));
        text.append(
                "  code    %X: %s  %s%s\n"
                        .formatted(
                                test.rip(),
                                HexFormat.of()
                                        .withUpperCase()
                                        .withDelimiter(" ")
                                        .formatHex(test.code),
                                InstructionText.of(
                                        test.instruction,
                                        test.rip() + test.code.length,
                                        Syntax.INTEL),
                                test.step ? "  (single step)" : ""));
        ProcessorState state = test.state;
        for (int i = 0; i < (test.code32 ? 8 : ProcessorState.GENERAL); i++) {
            text.append(i % 4 == 0 ? i == 0 ? "  before  " : "\n          " : "  ");
            text.append("%-3s %016X".formatted(Names.register(i), state.registers[i]));
        }
        text.append(
                "\n          RFLAGS %s  MXCSR %04X  FCW %04X FSW %04X FTW %02X"
                        .formatted(
                                Names.flags(state.rflags),
                                state.mxcsr,
                                state.controlWord,
                                state.statusWord,
                                state.tags));
        if (test.instruction.memory()) {
            long address = Addresses.effective(test);
            text.append("\n          operand at %X".formatted(address));
        }
        for (int i = 0; i < test.patchCount; i++) {
            text.append(
                    "\n          memory at %X: %s"
                            .formatted(
                                    test.patchAddresses[i],
                                    HexFormat.of().formatHex(test.patches[i])));
        }
        vectors(test, text);
        text.append("\n  host    %s".formatted(Comparison.ending(host)));
        for (String difference : differences) {
            text.append("\n  differs ").append(difference);
        }
        return text.append('\n').toString();
    }

    /** The vector and x87 registers that the instruction names. */
    private static void vectors(TestCase test, StringBuilder text) {
        for (Operand operand : test.encoding.operands()) {
            int number =
                    switch (operand.kind()) {
                        case XMM -> test.instruction.reg();
                        case XMM_OR_MEMORY ->
                                test.instruction.memory() ? -1 : test.instruction.rm();
                        default -> -1;
                    };
            if (number >= 0) {
                text.append(
                        "\n          YMM%-2d %s"
                                .formatted(number, Comparison.vector(test.state, number)));
            }
        }
        boolean escape = test.encoding.notation().startsWith("D") && test.code.length > 1;
        for (int i = 0; escape && i < ProcessorState.X87; i++) {
            text.append(i % 4 == 0 ? "\n          " : "  ");
            text.append(
                    "ST%d %04X.%016X"
                            .formatted(i, test.state.signExponents[i], test.state.significands[i]));
        }
    }

    /**
     * Prints the whole of it.
     *
     * @param most records of mismatches to print in full
     */
    public synchronized void print(PrintStream out, int most) {
        firstOf.values().stream()
                .sorted((a, b) -> Long.compare(a.number(), b.number()))
                .limit(most)
                .forEach(mismatch -> out.println(mismatch.text()));
        if (!mismatchedBy.isEmpty()) {
            out.println("mismatches by encoding:");
            mismatchedBy.forEach(
                    (notation, count) -> out.println("  %8d  %s".formatted(count, notation)));
        }
        if (!skippedBy.isEmpty()) {
            out.println("skipped:");
            skippedBy.forEach((reason, count) -> out.println("  %8d  %s".formatted(count, reason)));
        }
        if (notImplemented > 0) {
            out.println(
                    "%d encodings of the tables are not implemented: their feature is not offered"
                            .formatted(notImplemented));
        }
        out.println(
                "seed %d: %d encodings compared, %d cases, %d skipped, %d mismatches"
                        .formatted(seed, encodings.size(), compared, skipped, mismatched));
    }
}
