package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.CodePage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which code gets a region. */
class HotCodeTest {
    private static final int ENTRY = 10;

    private final Vm vm = Vm.bare();
    private final List<Integer> requests = new ArrayList<>();
    private final HotCode hot = new HotCode(vm.cpu, (page, entry) -> requests.add(entry), false);

    HotCodeTest() {
        vm.cpu.page = new CodePage(0, 2, new BitSet());
        vm.cpu.executedBase = HotCode.WARM_UP + 1;
    }

    @AfterEach
    void close() {
        vm.close();
    }

    private void found(int entry) {
        hot.sample(Long.MAX_VALUE);
        hot.entered(entry);
    }

    @Test
    void codeFoundOftenEnoughIsAskedForOnce() {
        for (int i = 1; i < HotCode.HOT; i++) {
            found(ENTRY);
        }
        assertEquals(List.of(), requests);

        found(ENTRY);
        assertEquals(List.of(ENTRY), requests);

        found(ENTRY);
        assertEquals(List.of(ENTRY), requests);
    }

    @Test
    void codeThatIsOnlyEnteredIsNotCounted() {
        for (int i = 0; i < 10 * HotCode.HOT; i++) {
            hot.entered(ENTRY);
        }
        assertEquals(List.of(), requests);
    }

    @Test
    void nothingIsHotBeforeTheWarmUp() {
        vm.cpu.executedBase = HotCode.WARM_UP;
        for (int i = 0; i < 10 * HotCode.HOT; i++) {
            found(ENTRY);
        }
        assertEquals(List.of(), requests);
    }
}
