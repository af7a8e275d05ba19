package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The memory order that four real vCPU threads show is x86-TSO: "x86-TSO: A Rigorous and Usable
 * Programmer's Model for x86 Multiprocessors". The guest counts outcomes; which of them are
 * forbidden is said again here, so that a slip in the guest's own table cannot hide one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LitmusTest {
    private static final int ITERATIONS = 100_000;
    private static final List<String> VARIANTS = List.of("", "+mfence", "+locked");

    /** For each shape the outcome that sequential consistency forbids. */
    private static final Map<String, Set<String>> RELAXED =
            Map.of(
                    "SB", Set.of("r0:0", "r1:0"),
                    "R", Set.of("r0:0", "y:2"),
                    "MP", Set.of("r0:1", "r1:0"),
                    "LB", Set.of("r0:1", "r1:1"),
                    "IRIW", Set.of("r0:1", "r1:0", "r2:1", "r3:0"),
                    "S", Set.of("r0:1", "x:2"),
                    "2+2W", Set.of("x:1", "y:1"),
                    "n5", Set.of("r0:2", "r1:1"),
                    "CoRR", Set.of("r0:1", "r1:0"));

    /** What a store buffer makes possible where no fence and no locked instruction forbids it. */
    private static final Set<String> ALLOWED = Set.of("SB", "R");

    private final Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    private PcMachine.Run run;

    @BeforeAll
    void runAllShapes() {
        run =
                PcMachine.bootingGuest("tests/litmus.elf")
                        .cpus(4)
                        .commandLine("iters=" + ITERATIONS)
                        .run();
        for (String line : run.lines()) {
            if (line.startsWith("LITMUS ")) {
                record(line.split(" "));
            }
        }
    }

    /** LITMUS name iterations outcome=count ... */
    private void record(String[] words) {
        Map<String, Long> outcomes = new LinkedHashMap<>();
        for (String word : Arrays.copyOfRange(words, 3, words.length)) {
            int equals = word.indexOf('=');
            outcomes.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
        }
        counts.put(words[1], outcomes);
    }

    @Test
    void everyShapeRanInEveryVariantToTheEnd() {
        for (String shape : RELAXED.keySet()) {
            for (String variant : VARIANTS) {
                Map<String, Long> outcomes = counts.getOrDefault(shape + variant, Map.of());
                long sum = outcomes.values().stream().mapToLong(Long::longValue).sum();
                assertEquals(ITERATIONS, sum, () -> shape + variant + " in\n" + run.serial());
            }
        }
        assertEquals(RELAXED.size() * VARIANTS.size(), counts.size());
    }

    @Test
    void noForbiddenOutcomeIsEverSeen() {
        List<String> seen = new ArrayList<>();
        counts.forEach(
                (name, outcomes) -> {
                    if (!ALLOWED.contains(name)) {
                        seen.addAll(relaxed(name, outcomes));
                    }
                });

        assertEquals(List.of(), seen);
        assertEquals(0x10 << 1 | 1, run.exitCode(), "the guest agrees:\n" + run.serial());
    }

    @Test
    void threadsReallyRaceEachOther() {
        assertTrue(
                counts.get("SB").size() > 1 && counts.get("MP").size() > 1,
                () -> "more than one outcome:\n" + run.serial());
    }

    private static List<String> relaxed(String name, Map<String, Long> outcomes) {
        Set<String> forbidden = RELAXED.get(name.replaceFirst("\\+(mfence|locked)$", ""));
        return outcomes.entrySet().stream()
                .filter(e -> Set.of(e.getKey().split(",")).containsAll(forbidden))
                .map(e -> name + " " + e.getKey() + " " + e.getValue() + " times")
                .toList();
    }
}
