package dev.carafe.core.machine;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.memory.PhysicalBus;

/**
 * Memory as a debugger sees it: reading changes nothing in the guest, neither accessed and dirty
 * bits nor devices, which cannot be read this way. Only while the machine stands still.
 */
public final class DebugMemory {
    /** There is nothing behind an address. */
    public static final long NOWHERE = -1;

    private static final int PAGE_SIZE = 4096;

    private final PhysicalBus bus;

    DebugMemory(PhysicalBus bus) {
        this.bus = bus;
    }

    /** The physical address behind a linear one in a vCPU's present address space, or NOWHERE. */
    public long translate(Vcpu vcpu, long linear) {
        return vcpu.cpu().memory.peek(linear);
    }

    /** Whether a physical address is RAM or ROM, which can be read. */
    public boolean isMemory(long physical) {
        return bus.memoryOffset(physical) >= 0;
    }

    /**
     * Reads from a linear address as far as there is memory.
     *
     * @return how many bytes were read
     */
    public int read(Vcpu vcpu, long linear, byte[] into) {
        return each(into.length, linear, vcpu.cpu(), (at, done, n) -> readRun(at, into, done, n));
    }

    /**
     * Writes from a linear address as far as there is RAM, whatever the page's rights are.
     *
     * @return how many bytes were written
     */
    public int write(Vcpu vcpu, long linear, byte[] from) {
        return each(from.length, linear, vcpu.cpu(), (at, done, n) -> writeRun(at, from, done, n));
    }

    /** {@link #read} by physical address. */
    public int readPhysical(long physical, byte[] into) {
        return each(into.length, physical, null, (at, done, n) -> readRun(at, into, done, n));
    }

    /** {@link #write} by physical address. */
    public int writePhysical(long physical, byte[] from) {
        return each(from.length, physical, null, (at, done, n) -> writeRun(at, from, done, n));
    }

    /** Bytes that lie in one physical page. */
    private interface Run {
        boolean transfer(long physical, int done, int length);
    }

    private static int each(int length, long address, Cpu cpu, Run run) {
        int done = 0;
        while (done < length) {
            long at = address + done;
            int piece = Math.min(length - done, PAGE_SIZE - (int) (at & PAGE_SIZE - 1));
            long physical = cpu == null ? at : cpu.memory.peek(at);
            if (physical == NOWHERE || !run.transfer(physical, done, piece)) {
                break;
            }
            done += piece;
        }
        return done;
    }

    private boolean readRun(long physical, byte[] into, int done, int length) {
        if (bus.memoryOffset(physical) < 0) {
            return false;
        }
        byte[] piece = new byte[length];
        bus.read(physical, piece);
        System.arraycopy(piece, 0, into, done, length);
        return true;
    }

    private boolean writeRun(long physical, byte[] from, int done, int length) {
        if (!bus.isRam(physical)) {
            return false;
        }
        byte[] piece = new byte[length];
        System.arraycopy(from, done, piece, 0, length);
        bus.write(physical, piece);
        return true;
    }
}
