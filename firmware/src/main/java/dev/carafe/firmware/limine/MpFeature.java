package dev.carafe.firmware.limine;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Application processors (PROTOCOL, "MP (Multiprocessor) Feature"): the list the kernel gets, and
 * their stacks.
 */
final class MpFeature {
    /** Offset of goto_address in a processor's structure. */
    static final int GOTO_ADDRESS = 16;

    private static final int FLAGS = LimineRequests.EXTRAS;
    private static final int X2APIC = 1;
    private static final int FIRST_X2APIC_ID = 255;

    /** A parked processor: its structure in the arena and the physical end of its stack. */
    record Parked(CpuDescription cpu, int structure, long stackTop) {}

    private final LimineContext context;
    private final List<Parked> parked = new ArrayList<>();
    private boolean x2Apic;

    private MpFeature(LimineContext context) {
        this.context = context;
    }

    static MpFeature answer(LimineContext context) throws BootException {
        MpFeature feature = new MpFeature(context);
        int request = context.requests.find(LimineId.MP, 8);
        if (request >= 0) {
            long flags = context.requests.field(request, FLAGS);
            feature.x2Apic = (flags & X2APIC) != 0 && context.machine.hasX2Apic();
            feature.respond(request);
        }
        return feature;
    }

    private void respond(int request) throws BootException {
        ResponseArena arena = context.arena;
        ByteWriter out = arena.out();
        int first = arena.begin();
        int count = 0;
        CpuDescription bsp = context.machine.bsp();
        for (CpuDescription cpu : context.machine.cpus()) {
            if (!x2Apic && cpu.apicId() >= FIRST_X2APIC_ID) {
                continue; // cannot be reached in xAPIC mode
            }
            long stackTop = cpu == bsp ? 0 : allocateStack(context);
            if (cpu != bsp) {
                parked.add(new Parked(cpu, out.size(), stackTop));
            }
            out.u32(cpu.processorUid()).u32(cpu.apicId());
            out.u64(
                    stackTop == 0
                            ? 0
                            : context.hhdm
                                    + stackTop); // reserved: where the processor finds its stack
            out.u64(0).u64(0); // goto_address and extra_argument
            count++;
        }
        int array = arena.begin();
        for (int i = 0; i < count; i++) {
            arena.pointer(first + 32 * i);
        }
        arena.beginResponse(request, 0);
        out.u32(x2Apic ? X2APIC : 0).u32(bsp.apicId()).u64(count);
        arena.pointer(array);
    }

    /**
     * A stack whose uppermost word is a null return address; gives the physical address behind that
     * word.
     */
    static long allocateStack(LimineContext context) throws BootException {
        long base = context.allocateReclaimable(context.stackSize, "a processor's stack");
        long top = base + context.stackSize;
        context.segments.add(new ImageSegment.Zeros(top - 8, 8));
        return top;
    }

    List<Parked> parked() {
        return parked;
    }

    boolean x2Apic() {
        return x2Apic;
    }
}
