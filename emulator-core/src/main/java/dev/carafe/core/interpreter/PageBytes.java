package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.decode.CodeBytes;
import dev.carafe.core.memory.PhysicalBus;

/** Code bytes of one RAM page, up to its end. */
final class PageBytes implements CodeBytes {
    /** Thrown, by identity, when an instruction wants bytes of the next page. */
    static final CpuFault PAGE_END = CpuFault.invalidOpcode();

    private final PhysicalBus bus;
    private long page;
    private int next;

    PageBytes(PhysicalBus bus) {
        this.bus = bus;
    }

    void start(long ramOffsetOfPage, int offset) {
        page = ramOffsetOfPage;
        next = offset;
    }

    @Override
    public int next() {
        if (next == CodePage.SIZE) {
            throw PAGE_END;
        }
        return bus.byteAt(page + next++);
    }
}
