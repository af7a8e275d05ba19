package dev.carafe.firmware;

/**
 * All registers of one processor at its first instruction. What is not named here is as after
 * reset: CR2, CR8, DR0 to DR3, FS and GS bases and MSRs are zero, MXCSR is 1F80H, XCR0 is 1.
 */
public final class InitialState {
    // Numbers of the general-purpose registers, as in ModRM
    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;

    private final long[] general;
    private final long rip;
    private final Control control;
    private final Segments segments;
    private final TableRegister gdtr;
    private final TableRegister idtr;
    private final long apicBase;
    private final LocalApicState localApic;

    /** CR0, CR3, CR4, IA32_EFER, IA32_PAT. */
    public record Control(long cr0, long cr3, long cr4, long efer, long pat) {}

    /** The eight segment registers. */
    public record Segments(
            SegmentState cs,
            SegmentState ds,
            SegmentState es,
            SegmentState ss,
            SegmentState fs,
            SegmentState gs,
            SegmentState ldtr,
            SegmentState tr) {
        /** One data segment for all of DS, ES, SS, FS and GS. */
        public static Segments of(
                SegmentState code, SegmentState data, SegmentState ldtr, SegmentState tr) {
            return new Segments(code, data, data, data, data, data, ldtr, tr);
        }
    }

    public InitialState(
            long[] general,
            long rip,
            Control control,
            Segments segments,
            TableRegister gdtr,
            TableRegister idtr,
            long apicBase,
            LocalApicState localApic) {
        this.general = general.clone();
        this.rip = rip;
        this.control = control;
        this.segments = segments;
        this.gdtr = gdtr;
        this.idtr = idtr;
        this.apicBase = apicBase;
        this.localApic = localApic;
    }

    /**
     * @param number 0 to 15, as in ModRM with REX
     */
    public long general(int number) {
        return general[number];
    }

    public long rsp() {
        return general[RSP];
    }

    public long rdi() {
        return general[RDI];
    }

    public long rip() {
        return rip;
    }

    /** Only the bit that is always one. */
    public long rflags() {
        return 0x2;
    }

    public long cr0() {
        return control.cr0();
    }

    public long cr3() {
        return control.cr3();
    }

    public long cr4() {
        return control.cr4();
    }

    public long efer() {
        return control.efer();
    }

    public long pat() {
        return control.pat();
    }

    public SegmentState cs() {
        return segments.cs();
    }

    public SegmentState ds() {
        return segments.ds();
    }

    public SegmentState es() {
        return segments.es();
    }

    public SegmentState ss() {
        return segments.ss();
    }

    public SegmentState fs() {
        return segments.fs();
    }

    public SegmentState gs() {
        return segments.gs();
    }

    public SegmentState ldtr() {
        return segments.ldtr();
    }

    public SegmentState tr() {
        return segments.tr();
    }

    public TableRegister gdtr() {
        return gdtr;
    }

    public TableRegister idtr() {
        return idtr;
    }

    /** IA32_APIC_BASE. */
    public long apicBase() {
        return apicBase;
    }

    public LocalApicState localApic() {
        return localApic;
    }
}
