package dev.carafe.firmware.limine;

import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.LocalApicState;
import dev.carafe.firmware.SegmentState;
import dev.carafe.firmware.TableRegister;

/**
 * Registers of every processor at the kernel's first instruction (PROTOCOL, "Machine State at
 * Entry", x86-64).
 */
final class LimineEntryState {
    private static final long CR0 = 0x8001_0011L; // PG, WP, ET, PE
    private static final long CR4_PAE = 0x20;
    private static final long CR4_LA57 = 0x1000;
    private static final long EFER = 0xD00; // NXE, LMA, LME
    private static final long PAT = 0x0000_0105_0007_0406L;
    private static final long APIC_BASE_BSP = 1 << 8;
    private static final long APIC_BASE_X2APIC = 1 << 10;
    private static final long APIC_BASE_ENABLE = 1 << 11;

    private final LimineContext context;
    private final InitialState.Control control;
    private final InitialState.Segments segments;
    private final TableRegister gdtr;
    private final boolean x2Apic;

    LimineEntryState(LimineContext context, LimineGdt gdt, long pageTables, boolean x2Apic) {
        this.context = context;
        this.x2Apic = x2Apic;
        long cr4 = context.fiveLevels ? CR4_PAE | CR4_LA57 : CR4_PAE;
        control = new InitialState.Control(CR0, pageTables, cr4, EFER, PAT);
        segments =
                InitialState.Segments.of(
                        SegmentState.code64(LimineGdt.CODE_64),
                        SegmentState.data64(LimineGdt.DATA_64),
                        SegmentState.NULL,
                        gdt.hasTss()
                                ? SegmentState.emptyTss(LimineGdt.TSS)
                                : SegmentState.resetTss());
        gdtr = new TableRegister(context.hhdm + GuestLayout.LIMINE_GDT, gdt.bytes().length - 1);
    }

    InitialState bsp(long entry, long stackTop) {
        return state(entry, 0, stackTop, true);
    }

    InitialState applicationProcessor(long info, long stackTop) {
        return state(0, info, stackTop, false);
    }

    private InitialState state(long rip, long rdi, long stackTop, boolean bsp) {
        long[] general = new long[16];
        general[InitialState.RSP] = context.hhdm + stackTop - 8;
        general[InitialState.RDI] = rdi;
        long apicBase = context.machine.localApicAddress() | APIC_BASE_ENABLE;
        if (bsp) {
            apicBase |= APIC_BASE_BSP;
        }
        if (x2Apic) {
            apicBase |= APIC_BASE_X2APIC;
        }
        TableRegister idtr = new TableRegister(0, 0);
        return new InitialState(
                general, rip, control, segments, gdtr, idtr, apicBase, localApic(bsp));
    }

    /** Before revision 5 a kernel may rely on the 8259 reaching the BSP through LINT0. */
    private LocalApicState localApic(boolean bsp) {
        if (context.baseRevision() >= 5) {
            return LocalApicState.enabledAndMasked(bsp, x2Apic);
        }
        return bsp ? LocalApicState.virtualWire(x2Apic) : LocalApicState.started(x2Apic);
    }
}
