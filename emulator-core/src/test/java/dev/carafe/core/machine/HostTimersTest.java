package dev.carafe.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.time.Timer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostTimersTest {
    private static final long MILLISECOND = 1_000_000;

    private final HostTimers timers = new HostTimers();

    @AfterEach
    void close() {
        timers.close();
    }

    @Test
    void timeStandsStillUntilTheMachineRunsAndWhileItIsPaused() {
        assertEquals(0, timers.now());
        timers.resume();
        long then = timers.now();
        while (timers.now() == then) {
            Thread.onSpinWait();
        }
        timers.pause();
        long paused = timers.now();
        assertTrue(paused > then);
        for (int i = 0; i < 1000; i++) {
            assertEquals(paused, timers.now());
        }
        timers.resume();
        assertTrue(timers.now() - paused < 1000 * MILLISECOND, "the pause does not count");
    }

    @Test
    void whatIsDueIsServedInARunTooShortForTheServer() {
        Timer timer = timers.timer(() -> {});
        for (int i = 0; i < 1000; i++) {
            timers.resume();
            timer.arm(timers.now());
            timers.serveDue();
            timers.pause();
            while (timers.armed() != 0) {
                Thread.onSpinWait(); // the other thread was quicker, and serves it
            }
        }
    }

    @Test
    void aDeadlineThatIsBeingServedCountsAsArmed() {
        int[] armed = new int[1];
        Timer timer = timers.timer(() -> armed[0] = timers.armed());
        timers.withhold(true); // from the serving thread
        timers.resume();
        timer.arm(timers.now());
        timers.withhold(false);
        timers.serveDue();
        timers.pause();
        while (timers.armed() != 0) {
            Thread.onSpinWait(); // the other thread serves it
        }

        assertEquals(1, armed[0]);
    }

    @Test
    void noDeadlineIsServedBeforeItsTimeOrDuringAPause() throws InterruptedException {
        AtomicLong servedAt = new AtomicLong(-1);
        CountDownLatch served = new CountDownLatch(1);
        Timer timer =
                timers.timer(
                        () -> {
                            servedAt.set(timers.now());
                            served.countDown();
                        });
        timer.arm(0);
        assertFalse(served.await(20, TimeUnit.MILLISECONDS), "time does not run yet");
        timer.arm(5 * MILLISECOND);
        timers.resume();
        timers.pause();
        timers.resume();
        served.await();
        assertTrue(servedAt.get() >= 5 * MILLISECOND);
    }

    @Test
    void aDisarmedTimerIsNotServedAndDeadlinesComeInOrder() throws InterruptedException {
        StringBuilder order = new StringBuilder();
        CountDownLatch done = new CountDownLatch(1);
        Timer late =
                timers.timer(
                        () -> {
                            order.append("late");
                            done.countDown();
                        });
        Timer early = timers.timer(() -> order.append("early "));
        Timer never = timers.timer(() -> order.append("never "));
        late.arm(2 * MILLISECOND);
        never.arm(MILLISECOND + 1);
        early.arm(MILLISECOND);
        never.disarm();
        timers.resume();
        done.await();
        assertEquals("early late", order.toString());
    }

    @Test
    void afterTheEndNothingIsBeingServed() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Timer timer =
                timers.timer(
                        () -> {
                            begun.countDown();
                            try {
                                mayEnd.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            ended.set(true);
                        });
        timer.arm(0);
        timers.resume();
        begun.await();
        Thread closer = Thread.ofPlatform().start(timers::close);
        while (closer.getState() != Thread.State.WAITING && closer.isAlive()) {
            Thread.onSpinWait();
        }
        mayEnd.countDown();
        closer.join();

        assertTrue(ended.get());
    }
}
