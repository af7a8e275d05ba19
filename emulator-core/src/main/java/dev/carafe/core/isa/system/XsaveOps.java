package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.StateComponent;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * XSAVE, XRSTOR and their optimized, compacting and supervisor forms (SDM Vol. 1, "Managing State
 * Using the XSAVE Feature Set"). The modified optimization is not made use of: what is in use is
 * written.
 */
public final class XsaveOps {
    private static final int HEADER = 512;
    private static final int COMPACTION_AT = HEADER + 8;
    private static final int HEADER_END = 576;
    private static final long COMPACTED = 1L << 63;
    private static final long SSE_AND_AVX = StateComponent.SSE.bit() | StateComponent.AVX.bit();

    private XsaveOps() {}

    // ---- saving

    @Semantics(XSAVE)
    public static void xsave(Cpu cpu, Instruction insn) {
        saveStandard(cpu, insn, XsaveArea.inUse(cpu), false);
    }

    @Semantics(XSAVEOPT)
    public static void xsaveopt(Cpu cpu, Instruction insn) {
        saveStandard(cpu, insn, XsaveArea.inUse(cpu), true);
    }

    private static void saveStandard(Cpu cpu, Instruction insn, long inUse, boolean optimized) {
        requireXsave(cpu);
        long requested = requested(cpu, cpu.system.xcr0);
        long area = area(cpu, insn, StateComponent.standardSize(requested), true);
        boolean wide = insn.width().size() == 8;
        long saved = optimized ? requested & inUse : requested;
        if ((requested & SSE_AND_AVX) != 0) {
            FpuState.saveMxcsr(cpu, area);
        }
        for (StateComponent component : StateComponent.all()) {
            if ((saved & component.bit()) != 0) {
                XsaveArea.save(cpu, component, area, area + component.offset(), wide);
            }
        }
        long old = cpu.memory.load64(area + HEADER);
        cpu.memory.store64(area + HEADER, old & ~requested | inUse & requested);
    }

    @Semantics(XSAVEC)
    public static void xsavec(Cpu cpu, Instruction insn) {
        requireXsave(cpu);
        saveCompacted(cpu, insn, requested(cpu, cpu.system.xcr0));
    }

    @Semantics(XSAVES)
    public static void xsaves(Cpu cpu, Instruction insn) {
        requireXsave(cpu);
        Privilege.require(cpu);
        saveCompacted(cpu, insn, requested(cpu, cpu.system.xcr0 | cpu.system.xss));
    }

    private static void saveCompacted(Cpu cpu, Instruction insn, long requested) {
        long area = area(cpu, insn, StateComponent.compactedSize(requested), true);
        boolean wide = insn.width().size() == 8;
        long saved = requested & XsaveArea.inUseWithMxcsr(cpu);
        if ((saved & StateComponent.SSE.bit()) != 0) {
            FpuState.saveMxcsr(cpu, area);
        }
        for (StateComponent component : StateComponent.all()) {
            if ((saved & component.bit()) != 0) {
                long at = area + component.compactedOffset(requested);
                XsaveArea.save(cpu, component, area, at, wide);
            }
        }
        cpu.memory.store64(area + HEADER, saved);
        cpu.memory.store64(area + COMPACTION_AT, requested | COMPACTED);
    }

    // ---- restoring

    @Semantics(value = XRSTOR, leaves = true)
    public static void xrstor(Cpu cpu, Instruction insn) {
        requireXsave(cpu);
        long area = area(cpu, insn, HEADER_END, false);
        long compaction = cpu.memory.load64(area + COMPACTION_AT);
        if ((compaction & COMPACTED) != 0) {
            reject(!cpu.model.has(Feature.XSAVEC));
            restoreCompacted(cpu, insn, area, cpu.system.xcr0);
        } else {
            restoreStandard(cpu, insn, area, compaction);
        }
    }

    @Semantics(value = XRSTORS, leaves = true)
    public static void xrstors(Cpu cpu, Instruction insn) {
        requireXsave(cpu);
        Privilege.require(cpu);
        long area = area(cpu, insn, HEADER_END, false);
        reject((cpu.memory.load64(area + COMPACTION_AT) & COMPACTED) == 0);
        restoreCompacted(cpu, insn, area, cpu.system.xcr0 | cpu.system.xss);
    }

    private static void restoreStandard(Cpu cpu, Instruction insn, long area, long compaction) {
        long requested = requested(cpu, cpu.system.xcr0);
        long present = cpu.memory.load64(area + HEADER);
        reject((present & ~cpu.system.xcr0) != 0 || compaction != 0);
        reject(cpu.memory.load64(area + COMPACTION_AT + Long.BYTES) != 0);
        cpu.memory.checkRead(area, StateComponent.standardSize(requested & present));
        if ((requested & SSE_AND_AVX) != 0) {
            FpuState.restoreMxcsr(cpu, area);
        }
        boolean wide = insn.width().size() == 8;
        for (StateComponent component : StateComponent.all()) {
            if ((requested & present & component.bit()) != 0) {
                XsaveArea.restore(cpu, component, area, area + component.offset(), wide);
            } else if ((requested & component.bit()) != 0) {
                XsaveArea.initialize(cpu, component);
            }
        }
    }

    private static void restoreCompacted(Cpu cpu, Instruction insn, long area, long enabled) {
        long requested = requested(cpu, enabled);
        long present = cpu.memory.load64(area + HEADER);
        long compaction = cpu.memory.load64(area + COMPACTION_AT) & ~COMPACTED;
        reject((compaction & ~enabled) != 0 || (present & ~compaction) != 0);
        for (int at = COMPACTION_AT + Long.BYTES; at < HEADER_END; at += Long.BYTES) {
            reject(cpu.memory.load64(area + at) != 0);
        }
        cpu.memory.checkRead(area, StateComponent.compactedSize(compaction));
        for (StateComponent component : StateComponent.all()) {
            if ((requested & present & component.bit()) != 0) {
                XsaveArea.check(cpu, component, area + component.compactedOffset(compaction));
            }
        }
        if ((requested & present & StateComponent.SSE.bit()) != 0) {
            FpuState.restoreMxcsr(cpu, area);
        } else if ((requested & StateComponent.SSE.bit()) != 0) {
            cpu.mxcsr.set(MxCsr.RESET);
        }
        boolean wide = insn.width().size() == 8;
        for (StateComponent component : StateComponent.all()) {
            if ((requested & present & component.bit()) != 0) {
                long at = area + component.compactedOffset(compaction);
                XsaveArea.restore(cpu, component, area, at, wide);
            } else if ((requested & component.bit()) != 0) {
                XsaveArea.initialize(cpu, component);
            }
        }
    }

    // ---- XCR0

    /** XCR0, and with ECX = 1 the enabled components that are in use. ECX alone counts. */
    @Semantics(XGETBV)
    public static void getExtendedControl(Cpu cpu, Instruction insn) {
        requireOperatingSystem(cpu);
        int number = (int) cpu.regs[Registers.RCX];
        if (number == 1 && cpu.model.has(Feature.XGETBV1)) {
            MsrOps.setEdxEax(cpu, cpu.system.xcr0 & XsaveArea.inUseWithMxcsr(cpu));
            return;
        }
        reject(number != 0);
        MsrOps.setEdxEax(cpu, cpu.system.xcr0);
    }

    /** x87 is always enabled, and AVX only together with SSE. */
    @Semantics(value = XSETBV, leaves = true)
    public static void setExtendedControl(Cpu cpu, Instruction insn) {
        requireOperatingSystem(cpu);
        Privilege.require(cpu);
        long value = MsrOps.edxEax(cpu);
        reject((int) cpu.regs[Registers.RCX] != 0);
        reject((value & ~StateComponent.supported(cpu.model, false)) != 0);
        reject((value & StateComponent.X87.bit()) == 0);
        reject((value & SSE_AND_AVX) == StateComponent.AVX.bit());
        cpu.system.xcr0 = value;
        cpu.control.modeChanged();
    }

    // ---- checks

    private static void requireOperatingSystem(Cpu cpu) {
        if (!cpu.control.cr4(ControlBits.CR4_OSXSAVE)) {
            throw CpuFault.invalidOpcode();
        }
    }

    /** CR0.EM plays no part. */
    private static void requireXsave(Cpu cpu) {
        requireOperatingSystem(cpu);
        if (cpu.control.cr0(ControlBits.CR0_TS)) {
            throw CpuFault.of(ExceptionVector.DEVICE_NOT_AVAILABLE);
        }
    }

    /** RFBM: what EDX:EAX asks for of what is enabled. */
    private static long requested(Cpu cpu, long enabled) {
        return MsrOps.edxEax(cpu) & enabled;
    }

    /** The area's address: a multiple of 64, and accessible. */
    private static long area(Cpu cpu, Instruction insn, int size, boolean write) {
        long area = Operands.address(cpu, insn, size, write);
        reject((area & 63) != 0);
        if (write) {
            cpu.memory.checkWrite(area, size);
        } else {
            cpu.memory.checkRead(area, size);
        }
        return area;
    }

    private static void reject(boolean broken) {
        if (broken) {
            throw CpuFault.generalProtection(0);
        }
    }
}
