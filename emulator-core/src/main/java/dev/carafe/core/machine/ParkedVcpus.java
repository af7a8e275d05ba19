package dev.carafe.core.machine;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.memory.PhysicalBus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Application processors that a boot loader has started and parked (Limine protocol, "MP
 * (Multiprocessor) Feature"): each waits for its word in memory. Nobody polls: the word's page is
 * marked like one that holds code, so that every store into it is seen.
 */
final class ParkedVcpus {
    private static final int PAGE_SHIFT = 12;

    /** Not a record: taking one out of the list compares by identity, and starts faster. */
    private static final class Waiting {
        final Vcpu vcpu;
        final long gotoAddress;
        final long stackTop;

        Waiting(Vcpu vcpu, long gotoAddress, long stackTop) {
            this.vcpu = vcpu;
            this.gotoAddress = gotoAddress;
            this.stackTop = stackTop;
        }
    }

    private final PhysicalBus memory;
    private final List<Vcpu> vcpus;
    private final List<Waiting> waiting = new CopyOnWriteArrayList<>();

    ParkedVcpus(PhysicalBus memory, List<Vcpu> vcpus) {
        this.memory = memory;
        this.vcpus = vcpus;
    }

    /** Before the machine starts. */
    void park(Vcpu vcpu, long gotoAddress, long stackTop) {
        if (!vcpus.contains(vcpu)) {
            throw new IllegalArgumentException("vCPU of another machine");
        }
        memory.pageStates().markCode(gotoAddress >>> PAGE_SHIFT);
        vcpu.cpu().activity = Activity.PARKED;
        waiting.add(new Waiting(vcpu, gotoAddress, stackTop));
    }

    /** Bytes of a marked page were stored. */
    void written(long physical, int length) {
        for (Waiting each : waiting) {
            if (physical < each.gotoAddress + Long.BYTES && each.gotoAddress < physical + length) {
                each.vcpu.events().raise(Events.RELEASED);
            }
        }
    }

    /** Called by the parked vCPU itself: goes to the address in its word, if there is one now. */
    void release(Vcpu vcpu) {
        for (Waiting each : waiting) {
            if (each.vcpu == vcpu) {
                long target = memory.read(each.gotoAddress, Long.BYTES);
                if (target != 0) {
                    waiting.remove(each);
                    Cpu cpu = vcpu.cpu();
                    long stack = memory.read(each.stackTop, Long.BYTES) - Long.BYTES;
                    cpu.regs[Registers.RSP] = stack;
                    cpu.memory.store64(stack, 0); // where a return address would be
                    cpu.rip = target;
                    cpu.activity = Activity.RUNNING;
                    cpu.rare.record(RareEvents.Kind.RELEASED, target, 0, cpu.clock.now());
                }
            }
        }
    }
}
