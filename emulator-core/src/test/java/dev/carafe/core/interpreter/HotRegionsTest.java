package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.weave.HandlerIndex;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The thread that weaves regions. */
class HotRegionsTest {
    private final CompletableFuture<Throwable> defect = new CompletableFuture<>();
    private final HandlerTable table =
            new HandlerTable(HandlerIndex.load(), HotRegions.Policy.WHEN_HOT, defect::complete);

    @Test
    void aDefectOfTheWeaversIsHandedOnAndNotLeftToTheThread() throws Exception {
        CodePage page = new CodePage(0, 2, new BitSet());
        page.records = null; // no page is so
        page.end = 4;

        table.regions().request(page, CodePage.FIRST_RECORD);

        assertInstanceOf(NullPointerException.class, defect.get(1, TimeUnit.MINUTES));
    }
}
