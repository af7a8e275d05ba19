package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LOCK: no update is lost, whatever the alignment (SDM Vol. 3A, "Locked Atomic Operations"). */
class LockedAccessTest {
    private static final int VCPUS = 4;
    private static final int ROUNDS = 5_000;

    private final TestMachine machine = new TestMachine().fourLevel();

    @AfterEach
    void release() {
        machine.close();
    }

    @ParameterizedTest(name = "{1} bytes at {0}")
    @CsvSource({
        "0x5000, 8",
        "0x5004, 4",
        "0x5006, 2",
        "0x5007, 1", // aligned
        "0x5001, 4",
        "0x5003, 2", // within eight bytes
        "0x5005, 4",
        "0x5004, 8",
        "0x5007, 2", // across eight bytes
        "0x5FFC, 8",
        "0x5FFE, 4" // across pages
    })
    void fourVcpusLoseNoUpdate(String at, int size) throws Exception {
        long linear = Long.decode(at);
        machine.map(0x4000, P | W | 0x30_0000);
        machine.map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | 0x20_0000);
        Boundaries boundaries = new Boundaries();
        List<Future<Long>> vcpus = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(VCPUS)) {
            for (int i = 0; i < VCPUS; i++) {
                vcpus.add(threads.submit(() -> increment(linear, size, boundaries)));
            }
        }
        long stops = 0;
        for (Future<Long> vcpu : vcpus) {
            stops += vcpu.get();
        }

        boolean inOneWord = (linear & 7) + size <= 8;
        assertEquals(
                (long) VCPUS * ROUNDS & -1L >>> (64 - 8 * size), machine.mmu.load(linear, size));
        assertEquals(inOneWord ? 0 : VCPUS * ROUNDS, stops, "times that the others were stopped");
        assertEquals(0, machine.mmu.load8(linear - 1), "the neighbour");
        assertEquals(0, machine.mmu.load8(linear + size), "the neighbour");
    }

    @Test
    void sixteenBytesAlwaysStopTheOthers() {
        machine.map(0x5000, P | W | 0x10_0000);

        assertEquals(-1, machine.mmu.locked.begin16(0x5000));
        machine.mmu.locked.end();
        assertEquals(1, machine.mmu.splitLocks());
    }

    @Test
    void devicesAreLockedByStoppingTheOthers() {
        machine.map(0x5000, P | W | 0xFEC0_0000L);

        assertEquals(-1, machine.mmu.locked.begin(0x5000, 4));
        machine.mmu.locked.end();
        assertEquals(1, machine.mmu.splitLocks());
    }

    @Test
    void aLockedStoreToAPageWithCodeIsReportedWithoutStoppingAnyone() {
        List<String> heard = new ArrayList<>();
        machine.map(0x5000, P | W | 0x10_0000);
        machine.bus.setCodeWatcher(
                (physical, length) -> heard.add("%x+%d".formatted(physical, length)));
        machine.bus.pageStates().markCode(0x100);
        long offset = machine.mmu.locked.begin(0x5002, 2);

        assertTrue(machine.mmu.locked.compareAndSet(offset, 2, 0, 0xBEEF));
        assertEquals(false, machine.mmu.locked.compareAndSet(offset, 2, 0, 1));
        assertEquals(0xBEEF, machine.mmu.locked.load(offset, 2));
        assertEquals(List.of("100002+2"), heard);
        assertEquals(0, machine.mmu.splitLocks());
    }

    private long increment(long linear, int size, Boundaries boundaries) {
        Mmu mmu = machine.newMmu(boundaries);
        mmu.setRoot(TestMachine.PML4);
        mmu.configure(new TestMachine.Mode().longMode().context(), true);
        for (int i = 0; i < ROUNDS; i++) {
            boundaries.instruction(() -> addOne(mmu, linear, size));
        }
        return mmu.splitLocks();
    }

    private static void addOne(Mmu mmu, long linear, int size) {
        long offset = mmu.locked.begin(linear, size);
        if (offset < 0) {
            mmu.store(linear, size, mmu.load(linear, size) + 1);
            mmu.locked.end();
            return;
        }
        long before;
        do {
            before = mmu.locked.load(offset, size);
        } while (!mmu.locked.compareAndSet(offset, size, before, before + 1));
    }

    /**
     * Instructions run side by side; the exclusive section waits until the others stand between two
     * of theirs.
     */
    private static final class Boundaries implements ExclusiveAccess {
        private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

        void instruction(Runnable body) {
            running.readLock().lock();
            try {
                body.run();
            } finally {
                running.readLock().unlock();
            }
        }

        @Override
        public void enter() {
            running.readLock().unlock(); // this vCPU no longer counts as running
            running.writeLock().lock();
        }

        @Override
        public void exit() {
            running.readLock().lock();
            running.writeLock().unlock();
        }
    }
}
