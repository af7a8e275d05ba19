package dev.carafe.core.isa.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.decode.EncodingSampler;
import dev.carafe.core.isa.decode.OpcodeIndex;
import dev.carafe.core.isa.decode.OpcodeTables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The text of instructions. objdump.tsv holds what GNU objdump 2.40 wrote for one or more samples
 * of almost every row and code mode; how it was made is told in docs/testing.md.
 */
class InstructionTextTest {
    private static final OpcodeTables TABLES = OpcodeTables.loadText();
    private static final OpcodeIndex INDEX = TABLES.index(feature -> true);
    private static final String REFERENCE = "objdump.tsv";
    private static final int SEED = 5;
    private static final Pattern SENSIBLE =
            Pattern.compile("[a-z0-9(][\\x20-\\x7e]*[a-z0-9\\])]|\\(bad\\)");

    /** Rows that objdump takes for something else or calls bad, or that another row hides. */
    private static final int ROWS_NOT_COMPARED = 40;

    @Test
    void writesWhatObjdumpWrites() throws IOException {
        List<String> wrong = new ArrayList<>();
        Map<CodeMode, Set<Integer>> rows = new EnumMap<>(CodeMode.class);
        for (String line : reference()) {
            String[] part = line.split("\t");
            CodeMode mode = CodeMode.valueOf("CODE" + part[0]);
            long address = Long.parseLong(part[1], 16);
            byte[] code = HexFormat.of().parseHex(part[2]);
            Instruction instruction = decode(mode, code);
            rows.computeIfAbsent(mode, any -> new HashSet<>()).add(instruction.encoding().id());
            long next = address + code.length;
            check(wrong, line, part[3], InstructionText.of(instruction, next, Syntax.INTEL));
            check(wrong, line, part[4], InstructionText.of(instruction, next, Syntax.ATT));
        }

        assertEquals(List.of(), wrong);
        for (CodeMode mode : CodeMode.values()) {
            long possible = possible(mode).size();
            assertTrue(
                    rows.get(mode).size() >= possible - ROWS_NOT_COMPARED,
                    mode + ": " + rows.get(mode).size() + " of " + possible + " rows compared");
        }
    }

    /** A new row must at least have a text, before anybody compares it. */
    @ParameterizedTest
    @EnumSource
    void everyRowHasText(CodeMode mode) {
        EncodingSampler sampler = new EncodingSampler(TABLES);
        Random random = new Random(SEED);
        List<String> wrong = new ArrayList<>();
        for (Encoding encoding : possible(mode)) {
            EncodingSampler.Sample sample = sampler.sample(encoding, mode, random::nextInt);
            for (Syntax syntax : Syntax.values()) {
                if (sample != null) {
                    String text = InstructionText.of(sample.instruction(), 0, syntax);
                    if (!SENSIBLE.matcher(text).matches()) {
                        wrong.add(encoding.notation() + ": " + text);
                    }
                }
            }
        }

        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            CODE64 | 0F 0B                      | ud2                                        | ud2
            CODE64 | 06                         | (bad)                                      | (bad)
            CODE64 | 48 8B 05 10 00 00 00       | mov rax,QWORD PTR [rip+0x10]        # 0x1017 | mov 0x10(%rip),%rax        # 0x1017
            CODE64 | 48 0F C7 0E                | cmpxchg16b OWORD PTR [rsi]                 | cmpxchg16b (%rsi)
            CODE64 | F3 48 AB                   | rep stos QWORD PTR es:[rdi],rax            | rep stos %rax,%es:(%rdi)
            CODE64 | E8 FB 0F 00 00             | call 0x2000                                | call 0x2000
            CODE32 | EA 78 56 34 12 08 00       | jmp 0x8:0x12345678                         | ljmp $0x8,$0x12345678
            CODE16 | EB FE                      | jmp 0x1000                                 | jmp 0x1000
            """)
    void writesBothSyntaxes(CodeMode mode, String code, String intel, String att) {
        byte[] bytes = HexFormat.of().parseHex(code.replace(" ", ""));
        Instruction instruction = decode(mode, bytes);

        assertEquals(intel, InstructionText.of(instruction, 0x1000 + bytes.length, Syntax.INTEL));
        assertEquals(att, InstructionText.of(instruction, 0x1000 + bytes.length, Syntax.ATT));
    }

    private static List<Encoding> possible(CodeMode mode) {
        EncodingSampler sampler = new EncodingSampler(TABLES);
        return TABLES.rows().stream()
                .filter(row -> sampler.possible(row, mode))
                .filter(row -> mode != CodeMode.CODE16 || !row.vex()) // LES and LDS there
                .toList();
    }

    private static void check(List<String> wrong, String line, String expected, String actual) {
        if (!expected.equals(actual)) {
            wrong.add(line + " but got " + actual);
        }
    }

    private static Instruction decode(CodeMode mode, byte[] code) {
        int[] next = {0};
        return new Decoder(INDEX).decode(mode, () -> Byte.toUnsignedInt(code[next[0]++]));
    }

    private static List<String> reference() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                InstructionTextTest.class.getResourceAsStream(REFERENCE),
                                StandardCharsets.US_ASCII))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }
}
