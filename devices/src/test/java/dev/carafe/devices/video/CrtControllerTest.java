package dev.carafe.devices.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** The registers that text-mode kernels keep their cursor in. */
class CrtControllerTest {
    private static final int INDEX = 0;
    private static final int DATA = 1;
    private static final int INPUT_STATUS = 6;
    private static final int CURSOR_HIGH = 0x0E;
    private static final int CURSOR_LOW = 0x0F;

    private final CrtController crt = new CrtController();

    @Test
    void theCursorBeginsAtTheFirstCharacterAndStaysWhereItIsPut() {
        assertEquals(0, cursor());

        crt.write(INDEX, 2, CURSOR_HIGH | 0x07 << 8);
        crt.write(INDEX, 2, CURSOR_LOW | 0xCF << 8);

        assertEquals(0x7CF, cursor());
        assertEquals(CURSOR_LOW, crt.read(INDEX, 1));
    }

    private long cursor() {
        crt.write(INDEX, 1, CURSOR_HIGH);
        long high = crt.read(DATA, 1);
        crt.write(INDEX, 1, CURSOR_LOW);
        return high << 8 | crt.read(DATA, 1);
    }

    @Test
    void whoWaitsForTheRetraceToBeginOrToEndSeesItDoSo() {
        long first = crt.read(INPUT_STATUS, 1);

        assertNotEquals(first, crt.read(INPUT_STATUS, 1));
        assertEquals(first, crt.read(INPUT_STATUS, 1));
    }

    @Test
    void registersThatDoNotExistReadAllOnes() {
        crt.write(INDEX, 1, 0xFE);
        crt.write(DATA, 1, 1);

        assertEquals(0xFF, crt.read(DATA, 1));
        assertEquals(0xFF, crt.read(2, 1));
    }
}
