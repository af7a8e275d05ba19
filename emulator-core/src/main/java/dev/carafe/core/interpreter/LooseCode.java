package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.isa.decode.CodeBytes;
import dev.carafe.core.memory.PhysicalBus;

/**
 * Instructions that no {@link CodePage} of the cache can hold: those that reach from one page into
 * the next, since the next page may be another one tomorrow, and those outside RAM. The former are
 * remembered, and used again while the bytes around the page end are the same. vCPU thread only.
 */
final class LooseCode implements CodeBytes {
    private static final int ENTRY = 2; // index of the first record of any page
    private static final int REMEMBERED = 256;
    private static final int SIDE =
            16; // bytes on each side of a page end that an instruction can reach
    private static final long OFFSET_MASK = CodePage.SIZE - 1;

    /** An instruction across a page end, and the bytes on both sides when it was decoded. */
    private record Crossing(long rip, int modeKey, long[] bytes, CodePage page) {}

    private final Cpu cpu;
    private final Translator translator;
    private final PhysicalBus bus;
    private final Crossing[] crossings = new Crossing[REMEMBERED];
    private final long[] around = new long[2 * SIDE / Long.BYTES];
    private long next; // linear address of the next byte to decode
    private long fetchPage; // physical page of the byte before
    private boolean fetched;

    LooseCode(Cpu cpu, Translator translator, PhysicalBus bus) {
        this.cpu = cpu;
        this.translator = translator;
        this.bus = bus;
    }

    /**
     * Makes a page with just the instruction at RIP the current one.
     *
     * @return the index of its record
     * @throws dev.carafe.core.fault.CpuFault when fetching faults
     */
    int enter() {
        long linear = linear();
        int offset = (int) (linear & OFFSET_MASK);
        CodePage page =
                offset > CodePage.SIZE - SIDE ? crossing(linear, offset) : decode(linear, offset);
        cpu.page = page;
        cpu.regs[Registers.CODE_PAGE] = cpu.rip - offset;
        cpu.executedBase -= ENTRY >> 1;
        return ENTRY;
    }

    private long linear() {
        return cpu.control.codeIs64()
                ? cpu.rip
                : cpu.segments.base(Segments.CS) + cpu.rip & 0xFFFFFFFFL;
    }

    private CodePage crossing(long linear, int offset) {
        int slot = (int) (linear >>> 12) & REMEMBERED - 1;
        Crossing known = crossings[slot];
        if (known != null
                && known.rip == cpu.rip
                && known.modeKey == cpu.control.modeKey()
                && same(known, linear)) {
            return known.page;
        }
        CodePage page = decode(linear, offset);
        long second = (linear | OFFSET_MASK) + 1;
        if (next > second && readAround(linear)) {
            crossings[slot] = new Crossing(cpu.rip, cpu.control.modeKey(), around.clone(), page);
        }
        return page;
    }

    private boolean same(Crossing known, long linear) {
        if (!readAround(linear)) {
            return false;
        }
        long[] bytes = known.bytes;
        return bytes[0] == around[0]
                && bytes[1] == around[1]
                && bytes[2] == around[2]
                && bytes[3] == around[3];
    }

    /** Reads the bytes on both sides of the page end; false when one side is not memory. */
    private boolean readAround(long linear) {
        long second = (linear | OFFSET_MASK) + 1;
        long first = memoryOffset(linear | OFFSET_MASK) - (SIDE - 1);
        long behind = memoryOffset(second);
        if (first < 0 || behind < 0) {
            return false;
        }
        around[0] = bus.longAt(first);
        around[1] = bus.longAt(first + Long.BYTES);
        around[2] = bus.longAt(behind);
        around[3] = bus.longAt(behind + Long.BYTES);
        return true;
    }

    private long memoryOffset(long linear) {
        return bus.memoryOffset(cpu.memory.translateExecute(linear));
    }

    private CodePage decode(long linear, int offset) {
        next = linear;
        fetched = false;
        return translator.single(cpu.control.modeKey(), offset, this);
    }

    @Override
    public int next() {
        long linear = cpu.control.codeIs64() ? next : next & 0xFFFFFFFFL;
        if (!fetched || (linear & OFFSET_MASK) == 0) {
            fetchPage = cpu.memory.translateExecute(linear) & ~OFFSET_MASK;
            fetched = true;
        }
        next++;
        return (int) bus.read(fetchPage | linear & OFFSET_MASK, 1) & 0xFF;
    }
}
