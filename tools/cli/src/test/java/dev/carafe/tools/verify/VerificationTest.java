package dev.carafe.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A bounded comparison with this computer's processor. Where it cannot be asked there is none;
 * where it is another vendor's than the one the tables of differences were made on, its result is
 * printed and not judged.
 */
class VerificationTest {
    private static final long FIXED_SEED = 20_260_101;
    private static final int SHOWN = 5;

    @Test
    void everyEncodingDoesWhatItDoesOnTheHost() {
        compare(FIXED_SEED, 150_000);
    }

    @Test
    void aFreshSeedFindsNoDifference() {
        compare(System.currentTimeMillis(), 50_000);
    }

    @Test
    void aCaseFollowsFromSeedAndNumber() {
        String once = summary(run(new Verification.Plan(2000, 5000, 7, "", 1)));
        String twice = summary(run(new Verification.Plan(2000, 5000, 7, "", 2)));

        assertEquals(once, twice);
    }

    @Test
    void aFilterLeavesOneMnemonic() {
        assertTrue(new Verification(plan("add")).hasRows(), "letters of either case");
        assertFalse(new Verification(plan("NOSUCH")).hasRows());
    }

    @Test
    void aBatchOfWhichNothingCanBeRunIsLeftOut() {
        Report report = run(new Verification.Plan(5000, 0, 3, "CMPSQ", 1)); // not in 32-bit code

        assertTrue(report.comparisons() > 0);
    }

    private static Verification.Plan plan(String filter) {
        return new Verification.Plan(1, 0, 1, filter, 1);
    }

    private static void compare(long seed, long cases) {
        System.out.println("comparison with the host: seed " + seed);
        Report report = run(new Verification.Plan(cases, 0, seed, "", 2));

        if (!provenHost()) {
            System.out.println(summary(report));
            Assumptions.abort("differences between vendors are known from AMD's processors only");
        }
        assertEquals(0, report.mismatches(), () -> summary(report));
        assertTrue(report.comparisons() > cases / 2, "most cases can be compared");
    }

    /** Whether the tables of differences were made on a processor like this one. */
    private static boolean provenHost() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo")).contains("AuthenticAMD");
        } catch (IOException e) {
            return false;
        }
    }

    private static Report run(Verification.Plan plan) {
        try {
            return new Verification(plan).run();
        } catch (Verification.Unavailable e) {
            Assumptions.abort(e.getMessage());
            throw new AssertionError(e);
        }
    }

    private static String summary(Report report) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        report.print(new PrintStream(text, true, StandardCharsets.UTF_8), SHOWN);
        return text.toString(StandardCharsets.UTF_8);
    }
}
