package dev.carafe.tools.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SymbolizerTest {
    private static byte[] kernel() throws IOException {
        try (InputStream file =
                SymbolizerTest.class.getResourceAsStream("/dev/carafe/guest/kernel.elf")) {
            return file.readAllBytes();
        }
    }

    @Test
    void aFunctionIsNamedWithTheDistanceIntoIt() throws IOException {
        Symbolizer symbols = new Symbolizer(kernel(), 0);
        long panic = symbols.address("panic").orElseThrow();
        assertEquals("panic+0x5", symbols.describeShort(panic + 5));
        assertEquals("panic", symbols.describeShort(panic));
        assertTrue(symbols.isCode(panic));
    }

    @Test
    void namesFollowAKernelThatWasMoved() throws IOException {
        long slide = 0x4000_0000;
        Symbolizer symbols = new Symbolizer(kernel(), slide);
        long linked = new Symbolizer(kernel(), 0).address("panic").orElseThrow();
        assertEquals(linked + slide, symbols.address("panic").orElseThrow());
        assertEquals("panic+0x1", symbols.describeShort(linked + slide + 1));
        assertEquals(Optional.empty(), symbols.code(linked + 1));
    }

    @Test
    void anAddressOutsideOfTheKernelIsANumber() throws IOException {
        Symbolizer symbols = new Symbolizer(kernel(), 0);
        assertEquals("0x8000", symbols.describe(0x8000));
        assertFalse(symbols.isCode(0x8000));
    }

    @Test
    void whatIsNoElfFileHasNoNames() {
        assertEquals("0x10", Symbolizer.none().describe(0x10));
        assertEquals("0x10", new Symbolizer(new byte[4096], 0).describe(0x10));
        assertFalse(new Symbolizer(new byte[] {0x7F, 'E', 'L', 'F'}, 0).hasSymbols());
    }

    @Test
    void aDamagedFileHasSomeNamesOrNoneButNeverFails() throws IOException {
        byte[] whole = kernel();
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 20; i++) {
                damaged[random.nextInt(i < 10 ? 64 : damaged.length)] = (byte) random.nextInt();
            }
            damaged[0] = 0x7F;
            damaged[1] = 'E';
            damaged[2] = 'L';
            damaged[3] = 'F';
            Symbolizer symbols = new Symbolizer(damaged, 0);
            symbols.describe(0xFFFF_FFFF_8000_1000L);
            symbols.data(0xFFFF_FFFF_8000_2000L);
        }
    }

    @Test
    void namesOfCompilersAreMadeReadable() {
        assertEquals(
                "kernel::sync::Mutex<T>::lock",
                Demangled.name("_ZN6kernel4sync14Mutex$LT$T$GT$4lock17h0123456789abcdefE"));
        assertEquals("Scheduler::yield", Demangled.name("_ZN9Scheduler5yieldEv"));
        assertEquals("_ZN99x", Demangled.name("_ZN99x"));
        assertEquals("_ZN", Demangled.name("_ZN"));
        assertEquals("main", Demangled.name("main"));
    }
}
