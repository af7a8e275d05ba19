package dev.carafe.firmware.dwarf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.carafe.firmware.bytes.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTableTest {
    private static final long START = 0xFFFF_FFFF_8010_0000L;
    private static final byte[] STANDARD_OPERANDS = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};
    private static final byte[] NONE = {};

    /** Line 10 at START, line 12 at START + 4, line 11 from START + 6; it ends at START + 16. */
    private static byte[] program() {
        byte[] operations = {
            3,
            9,
            1, // line 10: copy
            2,
            4,
            3,
            2,
            1, // 4 bytes further, 2 lines: copy
            (byte) (13 + 2 * 14 - -5 - 1), // special: 2 bytes further, 1 line back
            2,
            10,
            0,
            1,
            1 // 10 bytes further: the end
        };
        ByteWriter out = new ByteWriter(64);
        out.u8(0).u8(9).u8(2).u64(START);
        out.bytes(operations);
        return out.toByteArray();
    }

    private static byte[] unit(int version) {
        ByteWriter header = new ByteWriter(64);
        header.u8(1);
        if (version >= 4) {
            header.u8(1);
        }
        header.u8(1).u8(-5).u8(14).u8(13);
        header.bytes(STANDARD_OPERANDS);
        if (version == 5) {
            header.u8(1).u8(1).u8(0x1F).u8(2).u32(0).u32(7); // directories: /build, /build/src
            header.u8(2).u8(1).u8(0x1F).u8(2).u8(0x0B);
            header.u8(2).u32(18).u8(0).u32(25).u8(1); // files: main.c, trap.c in src
        } else {
            header.bytes(text("src")).u8(0);
            header.bytes(text("trap.c")).u8(1).u8(0).u8(0).u8(0);
        }
        ByteWriter rest = new ByteWriter(64).u16(version);
        if (version == 5) {
            rest.u8(8).u8(0);
        }
        rest.u32(header.toByteArray().length).bytes(header.toByteArray()).bytes(program());
        byte[] body = rest.toByteArray();
        return new ByteWriter(64).u32(body.length).bytes(body).toByteArray();
    }

    private static byte[] lineStrings() {
        return "/build\0/build/src\0main.c\0trap.c\0".getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static LineTable table(byte[] line) {
        return LineTable.of(new LineSections(line, lineStrings(), NONE));
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {2, 3, 4})
    void anAddressHasTheLineOfTheRowBeforeIt(int version) {
        LineTable table = table(unit(version));
        assertNull(table.at(START - 1));
        assertEquals(new SourceLine("src/trap.c", 10), table.at(START));
        assertEquals(new SourceLine("src/trap.c", 10), table.at(START + 3));
        assertEquals(new SourceLine("src/trap.c", 12), table.at(START + 4));
        assertEquals(new SourceLine("src/trap.c", 11), table.at(START + 6));
        assertEquals(new SourceLine("src/trap.c", 11), table.at(START + 15));
        assertNull(table.at(START + 16));
    }

    @Test
    void namesOfVersion5AreRelativeToWhereTheCompilerRan() {
        assertEquals(new SourceLine("src/trap.c", 12), table(unit(5)).at(START + 5));
    }

    @Test
    void aBrokenUnitDoesNotHideTheOthers() {
        byte[] unknown = new ByteWriter(64).u32(2).u16(9).toByteArray();
        byte[] both = new ByteWriter(64).bytes(unknown).bytes(unit(4)).toByteArray();
        assertEquals(new SourceLine("src/trap.c", 10), table(both).at(START));
    }

    @Test
    void aTableWithBillionsOfNamelessFilesIsRefused() {
        ByteWriter header = new ByteWriter(64).u8(1).u8(1).u8(1).u8(-5).u8(14).u8(13);
        header.bytes(STANDARD_OPERANDS).u8(0).u8(0xFF).u8(0xFF).u8(0xFF).u8(0xFF).u8(0x7F);
        ByteWriter unit =
                new ByteWriter(64).u16(5).u8(8).u8(0).u32(200).bytes(header.toByteArray());
        unit.bytes(new byte[256]);
        byte[] body = unit.toByteArray();
        byte[] whole = new ByteWriter(64).u32(body.length).bytes(body).toByteArray();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertNull(table(whole).at(START)));
    }

    @Test
    void whateverTheBytesAreNothingIsReadOutsideOfThem() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = unit(2 + random.nextInt(4));
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            table(damaged).at(START + random.nextInt(20));
        }
    }

    @Test
    void aFileThatEndsAnywhereIsReadAsFarAsItGoes() {
        byte[] whole = unit(5);
        for (int length = 0; length < whole.length; length++) {
            assertNull(table(Arrays.copyOf(whole, length)).at(START));
        }
    }
}
