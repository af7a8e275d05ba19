package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LoadedKernelTest {
    private static final int HEADER_32 = 52;
    private static final int HEADER_64 = 64;
    private static final long ADDRESS = 0x10_0000;

    /** An ELF file with one segment, whose content is one word. */
    private static byte[] elf(boolean wide, int word) {
        ByteBuffer file = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464C457F).put((byte) (wide ? 2 : 1)).put((byte) 1).put((byte) 1);
        file.position(16).putShort((short) 2).putShort((short) (wide ? 62 : 3)).putInt(1);
        if (wide) {
            file.putLong(ADDRESS).putLong(HEADER_64).putLong(0).putInt(0).putShort((short) 64);
            file.putShort((short) 56).putShort((short) 1);
            file.position(HEADER_64).putInt(1).putInt(5).putLong(200).putLong(ADDRESS);
            file.putLong(ADDRESS).putLong(4).putLong(4).putLong(1);
        } else {
            file.putInt((int) ADDRESS).putInt(HEADER_32).putInt(0).putInt(0).putShort((short) 52);
            file.putShort((short) 32).putShort((short) 1);
            file.position(HEADER_32).putInt(1).putInt(200).putInt((int) ADDRESS);
            file.putInt((int) ADDRESS).putInt(4).putInt(4).putInt(5).putInt(1);
        }
        file.putInt(200, word);
        return file.array();
    }

    private static LoadedKernel kernel(byte[] file, long slide) {
        return LoadedKernel.of(file, "kernel", slide);
    }

    @Test
    void a32BitFileIsA32BitKernelUnlessItNamesEfer() {
        assertEquals(true, kernel(elf(false, 0), 0).narrow());
        assertEquals(false, kernel(elf(false, 0xC000_0080), 0).narrow());
        assertEquals(false, kernel(elf(true, 0), 0).narrow());
    }

    @Test
    void onlyAKernelThatWasMovedHasToTellWhereItIs() {
        assertEquals(OptionalLong.empty(), kernel(elf(true, 0), 0).firstSegment());
        assertEquals(OptionalLong.of(ADDRESS + 5), kernel(elf(true, 0), 5).firstSegment());
    }

    @Test
    void whatIsNoElfFileTellsNothing() {
        assertEquals(LoadedKernel.NONE, kernel(new byte[3], 1));
        assertEquals(LoadedKernel.NONE, kernel(new byte[] {0x7F, 'E', 'L', 'F', 9}, 1));
    }
}
