package dev.carafe.tools.system;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A Limine kernel of a few instructions, assembled by hand, for what a C guest would be too much.
 */
final class TinyGuest {
    static final long HHDM = 0xFFFF_8000_0000_0000L; // where Carafe's loader puts it by default
    static final int EXIT_PORT = 0xF4;

    private static final int COM1 = 0x3F8;
    private static final int RESET_CONTROL = 0xCF9;
    private static final long TAG_0 = 0xF956_2B2D_5C95_A6C8L;
    private static final long TAG_1 = 0x6A7B_3849_4453_6BDCL;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    /** A kernel without a base revision tag: revision 0. */
    static TinyGuest untagged() {
        return new TinyGuest();
    }

    /** A kernel for a base revision. Its tag comes first, and the code jumps over it. */
    static TinyGuest revision(int revision) {
        TinyGuest guest = new TinyGuest().bytes(0xEB, 30).bytes(new int[6]);
        return guest.quad(TAG_0).quad(TAG_1).quad(revision);
    }

    TinyGuest bytes(int... values) {
        for (int value : values) {
            code.write(value);
        }
        return this;
    }

    /** How many bytes there are by now. */
    int size() {
        return code.size();
    }

    /** 32 bits. */
    TinyGuest word(int value) {
        return bytes(value, value >> 8, value >> 16, value >> 24);
    }

    /** The displacement, at an instruction's end, of what is so many bytes behind the entry. */
    TinyGuest offset(int target) {
        return word(target - code.size() - Integer.BYTES);
    }

    TinyGuest quad(long value) {
        code.writeBytes(little(Long.BYTES).putLong(value).array());
        return this;
    }

    private TinyGuest dx(int port) {
        return bytes(0x66, 0xBA, port & 0xFF, port >> 8); // MOV DX, imm16
    }

    TinyGuest out8(int port, int value) {
        return dx(port).bytes(0xB0, value, 0xEE); // MOV AL, imm8; OUT DX, AL
    }

    TinyGuest out16(int port, int value) {
        return dx(port).bytes(
                        0x66, 0xB8, value & 0xFF, value >> 8, 0x66, 0xEF); // MOV AX; OUT DX, AX
    }

    /** Ends the run with the exit code 2 * AL + 1. */
    TinyGuest exitWithAl() {
        return dx(EXIT_PORT).bytes(0xEE);
    }

    TinyGuest exit(int value) {
        return out8(EXIT_PORT, value);
    }

    TinyGuest print(String text) {
        text.chars().forEach(c -> out8(COM1, c));
        return this;
    }

    /** EAX = 32 bits at an address. */
    TinyGuest load(long address) {
        return bytes(0x48, 0xBE).quad(address).bytes(0x8B, 0x06); // MOV RSI, imm64; MOV EAX, [RSI]
    }

    /** EAX = EAX - value. */
    TinyGuest subtract(int value) {
        return bytes(0x2D).bytes(value, value >> 8, value >> 16, value >> 24);
    }

    /** Stores 32 bits. */
    TinyGuest store(long address, int value) {
        bytes(0x48, 0xBF).quad(address); // MOV RDI, imm64
        return bytes(0xC7, 0x07, value, value >> 8, value >> 16, value >> 24); // MOV [RDI], imm32
    }

    /** Loads IDTR with limit 0, as kernels do that want a reset. */
    TinyGuest emptyIdt() {
        return bytes(0x0F, 0x01, 0x1D, 2, 0, 0, 0, 0xEB, 10)
                .bytes(new int[10]); // LIDT [RIP+2]; JMP
    }

    /** WRMSR GS_BASE; ESI is lost. */
    TinyGuest writeGsBase(int base) {
        bytes(0x89, 0xCE, 0xB9).word(0xC000_0101).bytes(0xB8).word(base); // keeps ECX in ESI
        return bytes(0x31, 0xD2, 0x0F, 0x30, 0x89, 0xF1);
    }

    TinyGuest ud2() {
        return bytes(0x0F, 0x0B);
    }

    TinyGuest reset() {
        return out8(RESET_CONTROL, 0x02).out8(RESET_CONTROL, 0x06).spin();
    }

    TinyGuest spin() {
        return bytes(0xEB, 0xFE);
    }

    /** CLI, then HLT for ever. */
    TinyGuest halt() {
        return bytes(0xFA, 0xF4, 0xEB, 0xFD);
    }

    byte[] elf() {
        return GuestElf.kernel().segment(GuestElf.BASE, code.toByteArray()).build();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
