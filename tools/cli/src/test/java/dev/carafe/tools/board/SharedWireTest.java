package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.interrupt.InterruptLine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedWireTest {
    private final List<Boolean> levels = new ArrayList<>();
    private final SharedWire wire = new SharedWire(levels::add);
    private final InterruptLine first = wire.end();
    private final InterruptLine second = wire.end();

    @Test
    void theLineStaysAssertedUntilTheLastDeviceLetsGo() {
        first.set(true);
        second.set(true);
        first.set(false);

        assertEquals(List.of(true), levels, "the second device still asserts");

        second.set(false);

        assertEquals(List.of(true, false), levels);
    }

    @Test
    void settingALevelTwiceIsSettingItOnce() {
        first.set(true);
        first.set(true);
        first.set(false);
        first.set(false);

        assertEquals(List.of(true, false), levels);
    }
}
