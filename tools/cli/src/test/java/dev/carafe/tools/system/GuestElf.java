package dev.carafe.tools.system;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * ELF files, right ones and wrong ones. TIS ELF specification 1.2, "ELF Header", "Program Header".
 */
final class GuestElf {
    static final long BASE = 0xFFFF_FFFF_8000_0000L;
    static final int EXECUTABLE = 2;
    static final int SHARED = 3;
    static final int X86_64 = 62;

    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int PAGE = 0x1000;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;

    private record Segment(int type, long address, byte[] content, int size) {}

    private final List<Segment> segments = new ArrayList<>();
    private int type = EXECUTABLE;
    private int machine = X86_64;
    private int elfClass = 2;

    /** Starts an executable for x86-64 whose entry is {@link #BASE}. */
    static GuestElf kernel() {
        return new GuestElf();
    }

    GuestElf type(int value) {
        type = value;
        return this;
    }

    GuestElf machine(int value) {
        machine = value;
        return this;
    }

    /** Marks the file as 32-bit. */
    GuestElf narrow() {
        elfClass = 1;
        return this;
    }

    GuestElf segment(long address, byte[] content) {
        segments.add(new Segment(PT_LOAD, address, content, content.length));
        return this;
    }

    /** A PT_DYNAMIC that names the first bytes of the first segment. */
    GuestElf dynamic(long address, int size) {
        segments.add(new Segment(PT_DYNAMIC, address, new byte[0], size));
        return this;
    }

    byte[] build() {
        int size = PAGE;
        for (Segment segment : segments) {
            size += pages(segment.content.length);
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {0x7F, 'E', 'L', 'F', (byte) elfClass, 1, 1}).position(16);
        out.putShort((short) type).putShort((short) machine).putInt(1);
        out.putLong(BASE).putLong(HEADER).putLong(0).putInt(0);
        out.putShort((short) HEADER).putShort((short) PROGRAM_HEADER);
        out.putShort((short) segments.size()).putShort((short) 64).putShort((short) 0);
        out.position(HEADER);
        int offset = PAGE;
        for (Segment segment : segments) {
            int readWriteExecute = 7;
            boolean load = segment.type == PT_LOAD;
            out.putInt(segment.type).putInt(readWriteExecute).putLong(load ? offset : PAGE);
            out.putLong(segment.address).putLong(0);
            out.putLong(segment.size).putLong(segment.size);
            out.putLong(load ? PAGE : Long.BYTES);
            out.put(offset, segment.content);
            offset += pages(segment.content.length);
        }
        return out.array();
    }

    private static int pages(int bytes) {
        return (bytes + PAGE - 1) & -PAGE;
    }

    static byte[] words(long... words) {
        ByteBuffer out =
                ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            out.putLong(word);
        }
        return out.array();
    }
}
