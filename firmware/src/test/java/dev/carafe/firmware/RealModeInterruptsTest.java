package dev.carafe.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The handlers by what their code begins with. */
class RealModeInterruptsTest {
    @ParameterizedTest(name = "vector {0}")
    @CsvSource({
        "00, CF",
        "06, CF",
        "08, 501EB840008ED866FF066C00", // counts
        "09, 50B020E62058CF",
        "0F, 50B020E62058CF",
        "10, CF",
        "1C, CF",
        "6F, CF",
        "70, 50B020E6A0E62058CF",
        "77, 50B020E6A0E62058CF",
        "78, CF",
        "FF, CF",
    })
    void everyVectorLeadsToItsHandler(String vector, String code) {
        byte[] table = RealModeInterrupts.table();
        int at = 4 * Integer.parseInt(vector, 16);
        int offset = table[at] & 0xFF | (table[at + 1] & 0xFF) << 8;
        int segment = table[at + 2] & 0xFF | (table[at + 3] & 0xFF) << 8;
        int inHandlers = (segment << 4) + offset - GuestLayout.INTERRUPT_HANDLERS;

        String handlers = HexFormat.of().withUpperCase().formatHex(RealModeInterrupts.handlers());
        assertTrue(handlers.startsWith(code, 2 * inHandlers));
        assertEquals(0xF000, segment);
    }
}
