package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * Machine-status word and TLB invalidation (SDM Vol. 2). MOV to and from control registers is in
 * {@link SpecialMoves}.
 */
public final class ControlRegisterOps {
    private static final int INVALIDATE_ADDRESS = 0;
    private static final int INVALIDATE_CONTEXT = 1;
    private static final int INVALIDATE_ALL = 2;
    private static final int INVALIDATE_ALL_BUT_GLOBAL = 3;

    private static final int LINE = 64;

    private ControlRegisterOps() {}

    @Semantics(value = CLTS, leaves = true)
    public static void clearTaskSwitched(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        cpu.control.clearTaskSwitched();
    }

    @Semantics(value = LMSW, leaves = true)
    public static void loadMachineStatusWord(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        cpu.control.loadMachineStatusWord((int) Operands.read(cpu, insn, 0));
    }

    @Semantics(SMSW)
    public static void storeMachineStatusWord(Cpu cpu, Instruction insn) {
        Privilege.requireUnprevented(cpu);
        Operands.write(cpu, insn, 0, cpu.control.cr0());
    }

    /**
     * Invalidates the page of an address, whatever its segment's limit; a non-canonical one is no
     * page.
     */
    @Semantics(value = INVLPG, leaves = true)
    public static void invalidatePage(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        boolean flat = cpu.control.codeIs64() && insn.segment() < Segments.FS;
        long base = flat ? 0 : cpu.segments.base(insn.segment());
        long linear = base + Operands.effectiveAddress(cpu, insn) & cpu.control.linearMask();
        if (cpu.control.canonical(linear)) {
            cpu.memory.invalidatePage(linear);
        }
    }

    @Semantics(value = INVPCID, leaves = true)
    public static void invalidateProcessContext(Cpu cpu, Instruction insn) {
        Privilege.require(cpu, Feature.INVPCID);
        Privilege.require(cpu);
        int size = cpu.control.codeIs64() ? 8 : 4;
        long kind = Operands.register(cpu, insn.reg(), size);
        long descriptor = Operands.address(cpu, insn, 16, false);
        long context = cpu.memory.load64(descriptor);
        long linear = cpu.memory.load64(descriptor + 8);
        boolean contextMatters = kind == INVALIDATE_ADDRESS || kind == INVALIDATE_CONTEXT;
        boolean contexts = cpu.control.cr4(ControlBits.CR4_PCIDE);
        if (Long.compareUnsigned(kind, INVALIDATE_ALL_BUT_GLOBAL) > 0
                || context >>> 12 != 0
                || contextMatters && !contexts && context != 0
                || kind == INVALIDATE_ADDRESS && !cpu.control.canonicalInRegister(linear)) {
            throw CpuFault.generalProtection(0);
        }
        switch ((int) kind) {
            case INVALIDATE_ADDRESS -> cpu.memory.invalidatePage((int) context, linear);
            case INVALIDATE_CONTEXT -> cpu.memory.flushContext((int) context);
            case INVALIDATE_ALL -> cpu.memory.flush();
            default -> cpu.memory.flushNonGlobal();
        }
    }

    /** PKRU can be read and written at any privilege, once CR4.PKE is set. */
    @Semantics(RDPKRU)
    public static void readProtectionKeys(Cpu cpu, Instruction insn) {
        requireProtectionKeys(cpu, cpu.regs[Registers.RCX]);
        MsrOps.setEdxEax(cpu, Integer.toUnsignedLong(cpu.system.pkru));
    }

    @Semantics(WRPKRU)
    public static void writeProtectionKeys(Cpu cpu, Instruction insn) {
        requireProtectionKeys(cpu, cpu.regs[Registers.RCX] | cpu.regs[Registers.RDX]);
        cpu.control.writePkru((int) cpu.regs[Registers.RAX]);
    }

    private static void requireProtectionKeys(Cpu cpu, long mustBeZero) {
        if (!cpu.control.cr4(ControlBits.CR4_PKE)) {
            throw CpuFault.invalidOpcode();
        }
        if ((int) mustBeZero != 0) {
            throw CpuFault.generalProtection(0);
        }
    }

    /** Caches are not modelled: nothing to write back, nothing to lose. */
    @Semantics({INVD, WBINVD, WBNOINVD})
    public static void invalidateCaches(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        cpu.memory.fence();
    }

    /** A cache line is flushed: checked as a one-byte load. */
    @Semantics({CLFLUSH, CLFLUSHOPT, CLWB})
    public static void flushLine(Cpu cpu, Instruction insn) {
        cpu.memory.checkRead(Operands.address(cpu, insn, 1, false), 1);
        cpu.memory.fence();
    }

    /**
     * Copies 64 bytes to ES and the register's address, which lies at a multiple of 64, so that
     * they are in one page.
     */
    @Semantics(MOVDIR64B)
    public static void moveLine(Cpu cpu, Instruction insn) {
        long source = Operands.address(cpu, insn, LINE, false);
        long offset = Operands.register(cpu, insn.reg(), insn.addressSize());
        long destination = cpu.segments.linear(Segments.ES, offset, LINE, true);
        if ((destination & LINE - 1) != 0) {
            throw CpuFault.generalProtection(0);
        }
        long[] line = new long[LINE / Long.BYTES];
        for (int i = 0; i < line.length; i++) {
            line[i] = cpu.memory.load64(source + i * 8L);
        }
        cpu.memory.checkWrite(destination, Long.BYTES);
        for (int i = 0; i < line.length; i++) {
            cpu.memory.store64(destination + i * 8L, line[i]);
        }
    }

    @Semantics({MFENCE, LFENCE, SFENCE, SERIALIZE})
    public static void fence(Cpu cpu, Instruction insn) {
        cpu.memory.fence();
    }

    @Semantics({CLAC, STAC})
    public static void setAlignmentCheck(Cpu cpu, Instruction insn) {
        Privilege.require(cpu, Feature.SMAP);
        if (cpu.cpl != 0) {
            throw CpuFault.invalidOpcode();
        }
        int alignmentCheck = Rflags.AC;
        cpu.loadFlags(insn.operation() == STAC ? alignmentCheck : 0, alignmentCheck);
    }
}
