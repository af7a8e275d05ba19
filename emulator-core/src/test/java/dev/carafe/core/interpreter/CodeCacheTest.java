package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.memory.PageStates;
import dev.carafe.core.memory.PhysicalBus;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CodeCacheTest {
    private static final long PAGE = 0x5000;
    private static final int MODE = 3;
    private static final int OTHER_MODE = 5;
    private static final int CHANGES = 150_000;

    private final PageStates states = new PhysicalBus(0x10000, 0x10000).pageStates();
    private final CodeCache cache = new CodeCache(states, page -> {});

    /** Executes there: finds the page and decodes something, if it is not too late. */
    private CodePage execute(int mode) {
        CodePage page = cache.page(PAGE, PAGE, mode);
        synchronized (page) {
            if (!page.dropped) {
                page.cover(0, 1);
            }
        }
        return page;
    }

    /** Changes the bytes there. */
    private void store() {
        if (states.isCode(PAGE >>> 12)) {
            cache.written(PAGE, 1);
        }
    }

    @Test
    void aStoreDropsWhatWasDecodedInEveryModeAndForgetsThePage() {
        CodePage first = execute(MODE);
        CodePage second = execute(OTHER_MODE);

        cache.written(PAGE, 1);

        assertTrue(first.dropped && second.dropped);
        assertEquals(0, cache.pages());
        assertTrue(!states.isCode(PAGE >>> 12), "stores need not be watched any more");
    }

    @Test
    void aPageThatIsDecodedAnewWhileOthersChangeItIsStillWatched() throws Exception {
        AtomicBoolean changing = new AtomicBoolean(true);
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            Future<?> one = others.submit(() -> executeWhile(changing, MODE));
            Future<?> another = others.submit(() -> executeWhile(changing, OTHER_MODE));
            for (int i = 0; i < CHANGES; i++) {
                execute(MODE);
                store();
            }
            changing.set(false);
            one.get();
            another.get();
        }

        for (int mode : new int[] {MODE, OTHER_MODE}) {
            CodePage page = execute(mode);
            store();
            assertTrue(page.dropped, "a store went unseen: old code is executed for ever");
        }
    }

    private void executeWhile(AtomicBoolean changing, int mode) {
        while (changing.get()) {
            execute(mode);
        }
    }
}
