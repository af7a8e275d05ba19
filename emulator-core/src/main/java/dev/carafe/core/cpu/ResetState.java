package dev.carafe.core.cpu;

import java.util.Arrays;

/**
 * The state after power-up, INIT and start-up IPI (SDM Vol. 3A, "Processor State After Reset" and
 * "MP Initialization Protocol Algorithm").
 */
public final class ResetState {
    private static final long CR0_RESET =
            ControlBits.CR0_CD | ControlBits.CR0_NW | ControlBits.CR0_ET;
    private static final long CR0_KEPT_BY_INIT = ControlBits.CR0_CD | ControlBits.CR0_NW;
    private static final int CS_RESET = 0xF000;
    private static final long CS_BASE_RESET = 0xFFFF_0000L;
    private static final long RIP_RESET = 0xFFF0;
    private static final int LIMIT_RESET = 0xFFFF;

    private ResetState() {}

    /**
     * Power-up or RESET#: everything. The caller says what the vCPU does next: run, or wait for
     * SIPI.
     */
    public static void powerUp(Cpu cpu, Activity activity) {
        cpu.rare.record(RareEvents.Kind.RESET, cpu.rip, 0, 0);
        EventLog.reset(cpu, "reset");
        cpu.system.powerUp();
        cpu.performance.powerUp();
        cpu.flow.powerUp();
        cpu.x87.powerUp();
        cpu.mxcsr.set(MxCsr.RESET);
        Arrays.fill(cpu.xmm, 0);
        common(cpu, CR0_RESET);
        cpu.activity = activity;
    }

    /** INIT: FPU, SSE, TSC, MTRRs and other MSRs stay, and so do CR0.CD and CR0.NW. */
    public static void init(Cpu cpu, Activity activity) {
        cpu.rare.record(RareEvents.Kind.INIT, cpu.rip, 0, 0);
        EventLog.reset(cpu, "INIT");
        long cr0 = ControlBits.CR0_ET | cpu.control.cr0() & CR0_KEPT_BY_INIT;
        cpu.system.init();
        cpu.apic.init();
        common(cpu, cr0);
        cpu.activity = activity;
    }

    /** SIPI: real mode at page {@code vector} of memory. Only meaningful while waiting for one. */
    public static void startup(Cpu cpu, int vector) {
        cpu.rare.record(RareEvents.Kind.SIPI, cpu.rip, vector, cpu.clock.now());
        EventLog.reset(cpu, "SIPI");
        cpu.segments.set(
                Segments.CS,
                vector << 8,
                (long) vector << 12,
                LIMIT_RESET,
                Descriptor.REAL_MODE_ATTRIBUTES);
        cpu.rip = 0;
        cpu.nextRip = 0;
        cpu.activity = Activity.RUNNING;
    }

    private static void common(Cpu cpu, long cr0) {
        Arrays.fill(cpu.regs, 0, Registers.ZERO, 0);
        cpu.regs[Registers.RDX] = Integer.toUnsignedLong(cpu.model.signature());
        cpu.rip = RIP_RESET;
        cpu.nextRip = RIP_RESET;
        cpu.setRflags(0);
        cpu.cpl = 0;
        cpu.shadow = InterruptShadow.NONE;
        cpu.breakpoints.take();
        cpu.nmiBlocked = false;
        cpu.tripleFault = null;
        cpu.monitor.disarm();
        cpu.flow.init();
        cpu.control.setCr2(0);
        for (int segment = 0; segment < Segments.COUNT; segment++) {
            boolean code = segment == Segments.CS;
            cpu.segments.set(
                    segment,
                    code ? CS_RESET : 0,
                    code ? CS_BASE_RESET : 0,
                    LIMIT_RESET,
                    Descriptor.REAL_MODE_ATTRIBUTES);
        }
        cpu.control.set(cr0, 0, 0, 0);
        cpu.breakpoints.changed();
    }
}
