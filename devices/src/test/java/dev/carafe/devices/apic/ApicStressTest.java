package dev.carafe.devices.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.devices.FakeTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * vCPUs as real threads. Every IPI is awaited by its sender, so a lost one shows as a run that
 * never ends.
 */
class ApicStressTest {
    private static final int CPUS = 4;
    private static final int ROUNDS = 5_000;
    private static final int PING = 0x40; // plus the sender's number
    private static final int PIN_VECTOR = 0x90;
    private static final long LEVEL = 1 << 15;

    private final ApicBus bus = new ApicBus();
    private final IoApic ioApic = new IoApic(bus);
    private final List<Vcpu> vcpus = new ArrayList<>();

    @Test
    void noIpiAndNoLevelInterruptIsLost() {
        bus.attach(ioApic);
        for (int i = 0; i < CPUS; i++) {
            vcpus.add(new Vcpu(i));
        }
        for (int pin = 0; pin < CPUS; pin++) {
            ioApic.write(0, 1, 0x11 + 2 * pin);
            ioApic.write(0x10, 4, (long) pin << 24);
            ioApic.write(0, 1, 0x10 + 2 * pin);
            ioApic.write(0x10, 4, PIN_VECTOR + 16L * pin | LEVEL);
        }

        assertTimeoutPreemptively(Duration.ofSeconds(60), this::run);

        for (Vcpu vcpu : vcpus) {
            assertEquals(
                    ROUNDS * (CPUS - 1), vcpu.pings, "each of the others pinged in each round");
            assertEquals(ROUNDS, vcpu.levels, "level interrupts of its pin");
            assertEquals(
                    LocalInterruptController.NO_VECTOR, vcpu.apic.acknowledge(), "nothing is left");
        }
    }

    private void run() throws InterruptedException {
        List<Thread> threads =
                vcpus.stream().map(vcpu -> new Thread(vcpu, "vcpu" + vcpu.number)).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private final class Vcpu implements Runnable, CpuSignals {
        final int number;
        final LocalApic apic;
        final AtomicInteger answers = new AtomicInteger();
        private volatile boolean pending;
        private volatile Thread thread;
        int pings;
        int levels;

        Vcpu(int number) {
            this.number = number;
            ApicIdentity identity = new ApicIdentity(number, number == 0, true, 40);
            apic =
                    new LocalApic(
                            identity,
                            ApicClocks.of(1000, 1000),
                            this,
                            bus,
                            new FakeTimers(),
                            () -> 0);
            bus.attach(apic);
            apic.write(0xF0, 4, 0x1FF);
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            for (int round = 0; round < ROUNDS; round++) {
                answers.set(0);
                int before = levels;
                ioApic.pin(number).set(true);
                apic.write(0x300, 4, 0xC4000 | PING + number); // all but self
                while (answers.get() < CPUS - 1 || levels == before) {
                    serveOrWait();
                }
            }
            while (pings < ROUNDS * (CPUS - 1)) {
                serveOrWait();
            }
        }

        private void serveOrWait() {
            if (!pending) {
                LockSupport.parkNanos(1_000_000);
                return;
            }
            int vector = apic.acknowledge();
            if (vector >= PIN_VECTOR) {
                levels++;
                ioApic.pin(number).set(false);
            } else {
                pings++;
                Vcpu sender = vcpus.get(vector - PING);
                sender.answers.incrementAndGet();
                LockSupport.unpark(sender.thread);
            }
            apic.write(0xB0, 4, 0);
        }

        @Override
        public void interrupt(boolean asserted) {
            pending = asserted;
            LockSupport.unpark(thread);
        }

        @Override
        public void nmi() {}

        @Override
        public void smi() {}

        @Override
        public void init() {}

        @Override
        public void startup(int vector) {}
    }
}
