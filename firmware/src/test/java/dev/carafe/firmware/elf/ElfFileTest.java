package dev.carafe.firmware.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.TestElf;
import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.bytes.LittleEndian;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    private static final int FUNCTION = 0x12;
    private static final int LABEL = 0x10;
    private static final int OBJECT = 0x11;

    @Test
    void headersOfA64BitFile() throws BootException {
        byte[] file =
                TestElf.elf64()
                        .entry(0x1234)
                        .load(0x1000, 0x2000, new byte[16], 32, 5, 0x1000)
                        .build();
        ElfFile elf = ElfFile.parse(file, "k");

        assertTrue(elf.is64());
        assertEquals(0x1234, elf.entry());
        assertEquals(
                new ElfSegment(1, 5, 0x80, 0x1000, 0x2000, 16, 32, 0x1000), elf.segments().get(0));
    }

    @Test
    void headersOfA32BitFileAreUnsigned() throws BootException {
        byte[] file =
                TestElf.elf32()
                        .entry(0xF000_0000L)
                        .load(0xC000_0000L, 0x100000, new byte[4], 4, 7, 16)
                        .build();
        ElfFile elf = ElfFile.parse(file, "k");

        assertFalse(elf.is64());
        assertEquals(0xF000_0000L, elf.entry());
        assertEquals(0xC000_0000L, elf.segments().get(0).virtualAddress());
        assertEquals(0x100000, elf.segments().get(0).physicalAddress());
    }

    @Test
    void sectionsAreFoundByName() throws BootException {
        byte[] file =
                TestElf.elf64()
                        .load(0, new byte[8])
                        .section(".text", 1, 0x1000, new byte[] {1, 2, 3}, 0)
                        .build();

        ElfSection text = ElfFile.parse(file, "k").section(".text");
        assertEquals(0x1000, text.address());
        assertEquals(3, text.size());
        assertEquals(2, file[(int) text.offset() + 1]);
        assertNull(ElfFile.parse(file, "k").section(".data"));
    }

    @Test
    void anAddressBelongsToTheFunctionThatCoversIt() throws BootException {
        ElfSymbols symbols = symbols();

        assertEquals("kmain", symbols.functionAt(0x1000).name());
        assertEquals(
                "kmain", symbols.functionAt(0x10FF).name(), "the label inside does not hide it");
        assertEquals("trap", symbols.functionAt(0x1108).name(), "assembler labels have no size");
        assertNull(symbols.functionAt(0xFFF));
        assertEquals(0x3000, symbols.byName("table").address());
        assertNull(symbols.byName("nothing"));
    }

    private static ElfSymbols symbols() throws BootException {
        ByteWriter names = new ByteWriter(64).u8(0);
        ByteWriter table = new ByteWriter(256).zeros(24);
        symbol(table, names, "trap", LABEL, 0x1100, 0);
        symbol(table, names, "kmain", FUNCTION, 0x1000, 0x100);
        symbol(table, names, "inside", LABEL, 0x1080, 0);
        symbol(table, names, "table", OBJECT, 0x3000, 64);
        byte[] file =
                TestElf.elf64()
                        .load(0, new byte[8])
                        .section(".strtab", 3, 0, names.toByteArray(), 0)
                        .section(".symtab", ElfSection.SHT_SYMTAB, 0, table.toByteArray(), 1)
                        .build();
        return ElfFile.parse(file, "k").symbols();
    }

    private static void symbol(
            ByteWriter table, ByteWriter names, String name, int info, long address, long size) {
        table.u32(names.size()).u8(info).u8(0).u16(1).u64(address).u64(size);
        names.string(name);
    }

    @Test
    void whatIsNotReadableIsOneSentence() {
        byte[] good = TestElf.elf64().load(0x1000, new byte[64]).build();

        assertEquals("'k' is not an ELF file: it is empty", refusal(new byte[0]));
        assertEquals("'k' is not an ELF file", refusal("#!/bin/sh, a script".getBytes()));
        assertEquals(
                "'k' is truncated: 40 bytes do not hold an ELF header",
                refusal(Arrays.copyOf(good, 40)));
        assertEquals(
                "'k' is truncated: segment at offset 0x80 of 0x40 bytes end beyond the file's 0x90 bytes",
                refusal(Arrays.copyOf(good, 0x90)));
        byte[] order = good.clone();
        order[5] = 2;
        assertEquals("'k' is not little endian: ELF data encoding 2", refusal(order));
        byte[] bits = good.clone();
        bits[4] = 7;
        assertEquals("'k' has the unknown ELF class 7", refusal(bits));
        byte[] size = good.clone();
        LittleEndian.put16(size, 54, 8);
        assertEquals("'k' has program headers of 8 bytes instead of 56", refusal(size));
        byte[] memory = good.clone();
        LittleEndian.put64(memory, 64 + 40, 1);
        assertEquals(
                "'k' has a segment at 0x1000 with 0x40 bytes in the file but only 0x1 in memory",
                refusal(memory));
    }

    private static String refusal(byte[] file) {
        return assertThrows(BootException.class, () -> ElfFile.parse(file, "k")).getMessage();
    }
}
