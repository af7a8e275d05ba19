package dev.carafe.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** -dfilter, in QEMU's grammar. */
class AddressFilterTest {
    @ParameterizedTest(name = "{0} accepts {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            0x1000..0x1fff           | 1000             | true
            0x1000..0x1fff           | 1fff             | true
            0x1000..0x1fff           | 2000             | false
            0x1000+0x10              | 100f             | true
            0x1000+0x10              | 1010             | false
            0x1000-0x10              | 0ff1             | true
            0x1000-0x10              | 0ff0             | false
            0x10+1,0x20+1            | 20               | true
            0x10+1,0x20+1            | 18               | false
            0xffffffff80000000+4096  | ffffffff80000fff | true
            """)
    void acceptsWhatLiesInside(String filter, String address, boolean accepted) {
        assertEquals(
                accepted, AddressFilter.parse(filter).accepts(Long.parseUnsignedLong(address, 16)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            0x1000          | '0x1000' is not START..END or START+SIZE
            0x2000..0x1000  | '0x2000..0x1000' ends before it begins
            0x1000+0        | '0x1000+0' is empty
            x+1             | 'x' is no address
            0x10+1,,        | '' is not START..END or START+SIZE
            """)
    void refusesWhatIsNoFilter(String filter, String reason) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> AddressFilter.parse(filter));

        assertEquals(reason, refused.getMessage());
    }
}
