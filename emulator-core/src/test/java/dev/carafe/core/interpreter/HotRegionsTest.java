package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.memory.PhysicalBus;
import dev.carafe.core.weave.HandlerIndex;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread that weaves regions. */
class HotRegionsTest {
    private final CompletableFuture<Throwable> defect = new CompletableFuture<>();
    private final PhysicalBus memory = new PhysicalBus(4096, 4096);
    private final HandlerTable table =
            new HandlerTable(
                    HandlerIndex.load(), memory, HotRegions.Policy.WHEN_HOT, defect::complete);

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void aDefectOfTheWeaversIsHandedOnAndNotLeftToTheThread() throws Exception {
        CodePage page = new CodePage(0, 2, new BitSet());
        page.records = null; // no page is so
        page.end = 4;

        table.regions().request(page, CodePage.FIRST_RECORD);

        assertInstanceOf(NullPointerException.class, defect.get(1, TimeUnit.MINUTES));
    }
}
