package dev.carafe.devices.fwcfg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.bus.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirmwareConfigurationTest {
    private static final int KEY = 0x20;
    private static final int READ = 2;
    private static final int SKIP = 4;
    private static final int SELECT = 8;
    private static final int WRITE = 16;
    private static final int STRUCTURE = 0x40;
    private static final int TARGET = 0x80;

    private final byte[] ram = new byte[256];
    private final FirmwareConfiguration device =
            new FirmwareConfiguration(
                    Map.of(KEY, "carafe".getBytes(StandardCharsets.US_ASCII)), new Ram());

    @Test
    void theSelectedItemComesByteByByteAndThenZeros() {
        device.write(0, 2, KEY);

        assertEquals("carafe\0\0", stream(8));
    }

    @Test
    void selectingAgainStartsAgain() {
        device.write(0, 2, KEY);
        stream(3);
        device.write(0, 2, KEY);

        assertEquals("car", stream(3));
    }

    @Test
    void anUnknownItemIsEmpty() {
        device.write(0, 2, 0x21);

        assertEquals("\0\0", stream(2));
    }

    @Test
    void theAddressRegisterReadsAsASignature() {
        assertEquals(Long.reverseBytes(0x51454D5520434647L), device.read(4, 8));
        assertEquals('Q', device.read(4, 1));
    }

    @Test
    void aTransferSelectsAndReads() {
        transfer(KEY << 16 | SELECT | READ, 8);

        assertEquals("carafe\0\0", text(TARGET, 8));
        assertEquals(0, control());
    }

    @Test
    void aTransferGoesOnWhereTheLastOneEnded() {
        transfer(KEY << 16 | SELECT | SKIP, 2);
        transfer(READ, 3);

        assertEquals("raf", text(TARGET, 3));
    }

    @Test
    void anAddressInTwoHalvesStartsWithTheLowerOne() {
        structure(KEY << 16 | SELECT | READ, 6);
        device.write(4, 4, 0);
        assertEquals("\0", text(TARGET, 1), "only half of the address is known");
        device.write(8, 4, Integer.toUnsignedLong(Integer.reverseBytes(STRUCTURE)));

        assertEquals("carafe", text(TARGET, 6));
    }

    @Test
    void noItemCanBeWritten() {
        transfer(KEY << 16 | SELECT | WRITE, 1);

        assertEquals(1, control(), "error");
        assertEquals("carafe", stream(6));
    }

    private void transfer(int control, int length) {
        structure(control, length);
        device.write(4, 8, Long.reverseBytes(STRUCTURE));
    }

    private void structure(int control, int length) {
        ByteBuffer.wrap(ram, STRUCTURE, 16).putInt(control).putInt(length).putLong(TARGET);
    }

    private int control() {
        return ByteBuffer.wrap(ram, STRUCTURE, 4).getInt();
    }

    private String stream(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) device.read(1, 1));
        }
        return text.toString();
    }

    private String text(int at, int length) {
        return new String(Arrays.copyOfRange(ram, at, at + length), StandardCharsets.US_ASCII);
    }

    private final class Ram implements GuestMemory {
        @Override
        public void read(long physical, byte[] into) {
            System.arraycopy(ram, (int) physical, into, 0, into.length);
        }

        @Override
        public void write(long physical, byte[] from) {
            System.arraycopy(from, 0, ram, (int) physical, from.length);
        }
    }
}
