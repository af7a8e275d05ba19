package dev.carafe.core.isa.decode;

import static dev.carafe.core.isa.CodeMode.CODE16;
import static dev.carafe.core.isa.CodeMode.CODE32;
import static dev.carafe.core.isa.CodeMode.CODE64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Machine code to instructions (SDM Vol. 2, "Instruction Format"); expected values after the
 * manual.
 */
class DecoderTest {
    private static final OpcodeIndex ALL = OpcodeTables.loadText().index(feature -> true);

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # mode | code                      | operation    | bits | length
            CODE64 | 01 D8                     | ADD          | 32   | 2
            CODE64 | 66 01 D8                  | ADD          | 16   | 3
            CODE64 | 48 01 D8                  | ADD          | 64   | 3
            CODE64 | 66 48 01 D8               | ADD          | 64   | 4
            CODE64 | 48 66 01 D8               | ADD          | 16   | 4
            CODE64 | 00 D8                     | ADD          | 8    | 2
            CODE16 | 01 D8                     | ADD          | 16   | 2
            CODE16 | 66 05 01 02 03 04         | ADD          | 32   | 6
            CODE64 | 48 B8 01 02 03 04 05 06 07 08 | MOV      | 64   | 10
            CODE64 | 67 A1 01 02 03 04         | MOV          | 32   | 6
            CODE64 | A0 01 02 03 04 05 06 07 08 | MOV         | 8    | 9
            CODE64 | 90                        | NOP          | 32   | 1
            CODE64 | 41 90                     | XCHG         | 32   | 2
            CODE64 | F3 90                     | PAUSE        | 32   | 2
            CODE64 | 55                        | PUSH         | 64   | 1
            CODE64 | 66 55                     | PUSH         | 16   | 2
            CODE64 | 66 E9 01 02 03 04         | JMP          | 64   | 6
            CODE32 | 66 E9 01 02               | JMP          | 16   | 4
            CODE64 | 63 C8                     | MOVSXD       | 32   | 2
            CODE32 | 63 C8                     | ARPL         | 32   | 2
            CODE64 | 0F 01 F8                  | SWAPGS       | 32   | 3
            CODE32 | 0F 01 F8                  | INVALID      | 32   | 3
            CODE64 | 0F 01 38                  | INVLPG       | 8    | 3
            CODE64 | 0F 20 00                  | MOV          | 64   | 3
            CODE64 | 0F 20 08                  | INVALID      | 32   | 3
            CODE64 | 44 0F 20 C0               | MOV          | 64   | 4
            CODE64 | 8E C8                     | INVALID      | 32   | 2
            CODE64 | 8E D8                     | MOV          | 32   | 2
            CODE64 | F3 0F B8 C1               | POPCNT       | 32   | 4
            CODE64 | 0F B8 C1                  | INVALID      | 32   | 2
            CODE64 | F3 0F BD C1               | LZCNT        | 32   | 4
            CODE64 | F2 66 0F 38 F1 C1         | CRC32        | 16   | 6
            CODE64 | 66 F3 0F 58 C1            | ADDSS        | 16   | 5
            CODE64 | F3 0F 58 C1               | ADDSS        | 32   | 4
            CODE64 | 66 48 0F 6E C0            | MOVQ         | 64   | 5
            CODE64 | 0F 12 C1                  | MOVHLPS      | 32   | 3
            CODE64 | 0F 12 01                  | MOVLPS       | 32   | 3
            CODE64 | 0F AE F0                  | MFENCE       | 32   | 3
            CODE64 | 48 0F C7 08               | CMPXCHG16B   | 64   | 4
            CODE64 | C4 E2 70 F2 C2            | ANDN         | 32   | 5
            CODE64 | C4 E2 F0 F2 C2            | ANDN         | 64   | 5
            CODE32 | C4 E2 70 F2 C2            | ANDN         | 32   | 5
            CODE32 | C4 E2 30 F2 C2            | ANDN         | 32   | 5
            CODE32 | C4 E1 3A 10 1A            | INVALID      | 32   | 5
            CODE32 | C4 E1 7A 10 1A            | MOVSS        | 32   | 5
            CODE64 | F3 0F 01 F8               | SWAPGS       | 32   | 4
            CODE64 | F2 0F 01 F9               | RDTSCP       | 32   | 4
            CODE32 | C4 02                     | LES          | 32   | 2
            CODE64 | 66 C4 E2 70 F2 C2         | INVALID      | 32   | 6
            CODE64 | C4 E3 73 F0 C2 05         | INVALID      | 32   | 5
            CODE64 | 37                        | INVALID      | 32   | 1
            CODE32 | 37                        | AAA          | 32   | 1
            CODE64 | E3 00                     | JRCXZ        | 64   | 2
            CODE64 | 67 E3 00                  | JECXZ        | 64   | 3
            CODE32 | 67 E3 00                  | JCXZ         | 32   | 3
            CODE64 | 48 CF                     | IRETQ        | 64   | 2
            CODE64 | CF                        | IRETD        | 32   | 1
            CODE64 | 48 E5 60                  | IN           | 32   | 3
            CODE64 | AA                        | STOSB        | 8    | 1
            CODE64 | F3 48 AB                  | STOSQ        | 64   | 3
            """)
    void namesTheOperation(CodeMode mode, String code, Operation operation, int bits, int length) {
        Instruction instruction = decode(mode, code);

        assertEquals(operation, instruction.operation());
        if (operation
                != Operation.INVALID) { // how many bytes of an invalid instruction are read has no
            // meaning
            assertEquals(bits, instruction.width().bits(), "operand size");
            assertEquals(length, instruction.length(), "length");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # mode | code                      | base | index | scale | displacement | segment
            CODE64 | 8B 00                     | 0    | -1    | 0     | 0            | 3
            CODE64 | 8B 45 F8                  | 5    | -1    | 0     | -8           | 2
            CODE64 | 41 8B 45 F8               | 13   | -1    | 0     | -8           | 3
            CODE64 | 8B 05 00 00 00 80         | -2   | -1    | 0     | -2147483648  | 3
            CODE64 | 41 8B 05 10 00 00 00      | -2   | -1    | 0     | 16           | 3
            CODE32 | 8B 05 10 00 00 00         | -1   | -1    | 0     | 16           | 3
            CODE64 | 8B 04 24                  | 4    | -1    | 0     | 0            | 2
            CODE64 | 41 8B 04 24               | 12   | -1    | 0     | 0            | 3
            CODE64 | 8B 04 25 10 00 00 00      | -1   | -1    | 0     | 16           | 3
            CODE64 | 42 8B 04 A5 10 00 00 00   | -1   | 12    | 2     | 16           | 3
            CODE64 | 8B 84 CB 00 01 00 00      | 3    | 1     | 3     | 256          | 3
            CODE64 | 65 8B 00                  | 0    | -1    | 0     | 0            | 5
            CODE64 | 2E 8B 45 00               | 5    | -1    | 0     | 0            | 2
            CODE64 | 64 2E 8B 00               | 0    | -1    | 0     | 0            | 4
            CODE32 | 2E 8B 45 00               | 5    | -1    | 0     | 0            | 1
            CODE16 | 8B 02                     | 5    | 6     | 0     | 0            | 2
            CODE16 | 8B 01                     | 3    | 7     | 0     | 0            | 3
            CODE16 | 8B 46 FE                  | 5    | -1    | 0     | -2           | 2
            CODE16 | 8B 0E 34 12               | -1   | -1    | 0     | 4660         | 3
            CODE16 | 67 8B 04 24               | 4    | -1    | 0     | 0            | 2
            """)
    void addressesMemory(
            CodeMode mode,
            String code,
            int base,
            int index,
            int scale,
            long displacement,
            int segment) {
        Instruction instruction = decode(mode, code);

        assertEquals(
                "base %d index %d scale %d displacement %d segment %d"
                        .formatted(base, index, scale, displacement, segment),
                "base %d index %d scale %d displacement %d segment %d"
                        .formatted(
                                instruction.base(),
                                instruction.index(),
                                instruction.scale(),
                                instruction.displacement(),
                                instruction.segment()));
        assertEquals(code.replace(" ", "").length() / 2, instruction.length());
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # code                              | immediate            | second
            83 C0 FF                            | 4294967295           | 0
            48 83 C0 FF                         | -1                   | 0
            48 05 00 00 00 80                   | -2147483648          | 0
            05 00 00 00 80                      | 2147483648           | 0
            04 80                               | 128                  | 0
            48 B8 FF FF FF FF FF FF FF 7F       | 9223372036854775807  | 0
            EB FE                               | -2                   | 0
            C8 34 12 1F                         | 4660                 | 31
            C2 FF FF                            | 65535                | 0
            68 00 00 00 80                      | -2147483648          | 0
            """)
    void extendsImmediates(String code, long immediate, int second) {
        Instruction instruction = decode(CODE64, code);

        assertEquals(immediate, instruction.immediate());
        assertEquals(second, instruction.immediate2());
    }

    @Test
    void highByteRegistersExistOnlyWithoutRex() {
        assertEquals(Instruction.HIGH_BYTE, decode(CODE64, "88 E0").reg(), "AH");
        assertEquals(Instruction.HIGH_BYTE | 3, decode(CODE64, "B7 00").rm(), "BH");
        assertEquals(4, decode(CODE64, "40 88 E0").reg(), "SPL");
        assertEquals(4, decode(CODE64, "0F B6 E0").reg(), "the 32-bit destination is ESP");
    }

    @Test
    void farPointersHoldOffsetAndSelector() {
        Instruction jump = decode(CODE32, "EA 78 56 34 12 08 00");

        assertEquals(0x12345678, jump.immediate());
        assertEquals(8, jump.immediate2());
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "F0 01 18, ADD",
        "F0 01 D8, INVALID",
        "F0 03 18, INVALID",
        "F0 39 18, INVALID",
        "F0 87 18, XCHG"
    })
    void lockNeedsALockableRowAndAMemoryDestination(String code, Operation operation) {
        assertEquals(operation, decode(CODE64, code).operation());
    }

    @Test
    void withoutTheFeatureLzcntIsBsr() {
        Decoder old =
                new Decoder(OpcodeTables.loadText().index(feature -> !feature.equals("lzcnt")));

        assertEquals(Operation.BSR, old.decode(CODE64, bytes("F3 0F BD C1")).operation());
    }

    @Test
    void theLastRepeatPrefixWins() {
        assertEquals(Instruction.REPNE, decode(CODE64, "F3 F2 A6").repeat());
        assertEquals(Instruction.REP, decode(CODE64, "F2 F3 A6").repeat());
        assertEquals(
                0,
                decode(CODE64, "F3 0F 58 C1").repeat(),
                "a mandatory prefix is no repeat prefix");
    }

    @Test
    void fifteenBytesAreAnInstructionAndSixteenAreGeneralProtection() {
        assertEquals(15, decode(CODE64, "66 ".repeat(13) + "01 D8").length());
        CpuFault fault =
                assertThrows(CpuFault.class, () -> decode(CODE16, "2E ".repeat(14) + "01 D8"));

        assertEquals(ExceptionVector.GENERAL_PROTECTION, fault.vector());
        assertEquals(0, fault.errorCode());
    }

    @Test
    void aLockThatIsNotAllowedIsFoundOnlyInAnInstructionThatIsNotTooLong() {
        String compare = "F0 81 F8 01 02 03 04";
        assertEquals(Operation.INVALID, decode(CODE64, "2E ".repeat(8) + compare).operation());
        assertThrows(CpuFault.class, () -> decode(CODE64, "2E ".repeat(9) + compare));
    }

    @Test
    void aFetchFaultPassesThroughAndTheDecoderStaysUsable() {
        Decoder decoder = new Decoder(ALL);
        CpuFault fault = CpuFault.pageFault(0x10, 0x1000);
        CodeBytes first = bytes("81 C0 00");
        int[] left = {3};

        assertSame(
                fault,
                assertThrows(
                        CpuFault.class,
                        () ->
                                decoder.decode(
                                        CODE32,
                                        () -> {
                                            if (left[0]-- == 0) {
                                                throw fault;
                                            }
                                            return first.next();
                                        })));
        assertEquals(Operation.NOP, decoder.decode(CODE32, bytes("90")).operation());
    }

    private static Instruction decode(CodeMode mode, String code) {
        return new Decoder(ALL).decode(mode, bytes(code));
    }

    /** The bytes of {@code code}; asking for more is a failure. */
    private static CodeBytes bytes(String code) {
        byte[] all = HexFormat.of().parseHex(code.replace(" ", ""));
        int[] next = {0};
        return () -> Byte.toUnsignedInt(all[next[0]++]);
    }
}
