package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;
import java.nio.charset.StandardCharsets;

/**
 * ACPI Machine Language, as much as the DSDT needs (ACPI, "AML Grammar Definition"). Terms that
 * contain others take their content as finished bytes, since AML puts the length in front.
 */
final class AmlWriter {
    private static final int ZERO_OP = 0x00;
    private static final int ONE_OP = 0x01;
    private static final int NAME_OP = 0x08;
    private static final int BYTE_PREFIX = 0x0A;
    private static final int WORD_PREFIX = 0x0B;
    private static final int DWORD_PREFIX = 0x0C;
    private static final int STRING_PREFIX = 0x0D;
    private static final int SCOPE_OP = 0x10;
    private static final int BUFFER_OP = 0x11;
    private static final int PACKAGE_OP = 0x12;
    private static final int METHOD_OP = 0x14;
    private static final int EXTENDED_PREFIX = 0x5B;
    private static final int DEVICE_OP = 0x82;
    private static final int ARG0_OP = 0x68;
    private static final int STORE_OP = 0x70;

    private final ByteWriter out = new ByteWriter(256);

    byte[] toByteArray() {
        return out.toByteArray();
    }

    AmlWriter integer(int value) {
        if (value == 0) {
            out.u8(ZERO_OP);
        } else if (value == 1) {
            out.u8(ONE_OP);
        } else if (value >>> 8 == 0) {
            out.u8(BYTE_PREFIX).u8(value);
        } else if (value >>> 16 == 0) {
            out.u8(WORD_PREFIX).u16(value);
        } else {
            out.u8(DWORD_PREFIX).u32(value);
        }
        return this;
    }

    AmlWriter string(String text) {
        out.u8(STRING_PREFIX).string(text);
        return this;
    }

    /** A compressed EISA identifier such as PNP0A03 (ACPI, "EISAID Macro"). */
    AmlWriter eisaId(String id) {
        int letters = (id.charAt(0) - '@') << 10 | (id.charAt(1) - '@') << 5 | id.charAt(2) - '@';
        int product = Integer.parseInt(id, 3, 7, 16);
        out.u8(DWORD_PREFIX).u32(Integer.reverseBytes(letters << 16 | product));
        return this;
    }

    AmlWriter name(String segment) {
        out.u8(NAME_OP).ascii(segment);
        return this;
    }

    AmlWriter scope(String segment, AmlWriter content) {
        return block(SCOPE_OP, segment.getBytes(StandardCharsets.US_ASCII), content);
    }

    AmlWriter device(String segment, AmlWriter content) {
        out.u8(EXTENDED_PREFIX);
        return block(DEVICE_OP, segment.getBytes(StandardCharsets.US_ASCII), content);
    }

    AmlWriter packageOf(int count, AmlWriter elements) {
        return block(PACKAGE_OP, new byte[] {(byte) count}, elements);
    }

    AmlWriter buffer(byte[] bytes) {
        AmlWriter size = new AmlWriter().integer(bytes.length);
        AmlWriter content = new AmlWriter();
        content.out.bytes(bytes);
        return block(BUFFER_OP, size.toByteArray(), content);
    }

    /** A method of one argument, whose only act is to keep that argument in a named object. */
    AmlWriter methodStoringArgument(String segment, String target) {
        AmlWriter body = new AmlWriter();
        body.out.u8(STORE_OP).u8(ARG0_OP).ascii(target);
        byte[] head = new ByteWriter(8).ascii(segment).u8(1).toByteArray();
        return block(METHOD_OP, head, body);
    }

    private AmlWriter block(int opcode, byte[] head, AmlWriter content) {
        out.u8(opcode);
        packageLength(head.length + content.out.size());
        out.bytes(head).bytes(content.toByteArray());
        return this;
    }

    /** The length counts its own one to four bytes; all but the first hold eight bits each. */
    private void packageLength(int contentLength) {
        if (contentLength + 1 < 1 << 6) {
            out.u8(contentLength + 1);
            return;
        }
        int extra = contentLength + 2 < 1 << 12 ? 1 : contentLength + 3 < 1 << 20 ? 2 : 3;
        int length = contentLength + 1 + extra;
        out.u8(extra << 6 | length & 0xF);
        for (int i = 0; i < extra; i++) {
            out.u8(length >>> 4 + 8 * i);
        }
    }
}
