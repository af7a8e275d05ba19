package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.PerformanceCounters;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TimeStampCounter;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** RDMSR, WRMSR, the counters, and the instructions that reach single MSRs (SDM Vol. 2). */
public final class MsrOps {
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int X2APIC = 0x8; // 800h to 8FFh
    private static final int TSC_DEADLINE = 0x6E0;
    private static final int SPECULATION_CONTROL = 0x48;
    private static final int PREDICTION_COMMAND = 0x49;
    private static final int FIXED_COUNTERS = 1 << 30;

    private MsrOps() {}

    @Semantics(RDMSR)
    public static void read(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        setEdxEax(cpu, Msrs.read(cpu, (int) cpu.regs[Registers.RCX]));
    }

    @Semantics(value = WRMSR, leaves = true)
    public static void write(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        int number = (int) cpu.regs[Registers.RCX];
        long value = edxEax(cpu);
        Msrs.write(cpu, number, value);
        if (!isRoutine(number)) {
            cpu.rare.record(RareEvents.Kind.MSR, cpu.rip, Integer.toUnsignedLong(number), value);
        }
    }

    /** Written so often that it would push out what matters: timers, EOIs, speculation. */
    private static boolean isRoutine(int number) {
        return number >>> 8 == X2APIC
                || number == TSC_DEADLINE
                || number == SPECULATION_CONTROL
                || number == PREDICTION_COMMAND;
    }

    static long edxEax(Cpu cpu) {
        return cpu.regs[Registers.RDX] << 32 | cpu.regs[Registers.RAX] & LOW_32;
    }

    static void setEdxEax(Cpu cpu, long value) {
        cpu.regs[Registers.RDX] = value >>> 32;
        cpu.regs[Registers.RAX] = value & LOW_32;
    }

    @Semantics(RDTSC)
    public static void readTimeStamp(Cpu cpu, Instruction insn) {
        checkTimeStamp(cpu);
        setEdxEax(cpu, TimeStampCounter.read(cpu));
    }

    @Semantics(RDTSCP)
    public static void readTimeStampAndProcessor(Cpu cpu, Instruction insn) {
        Privilege.require(cpu, Feature.RDTSCP);
        checkTimeStamp(cpu);
        setEdxEax(cpu, TimeStampCounter.read(cpu));
        cpu.regs[Registers.RCX] = cpu.system.tscAux;
    }

    private static void checkTimeStamp(Cpu cpu) {
        if (cpu.control.cr4(ControlBits.CR4_TSD) && cpu.control.protectedMode()) {
            Privilege.require(cpu);
        }
    }

    @Semantics(RDPID)
    public static void readProcessorId(Cpu cpu, Instruction insn) {
        Privilege.require(cpu, Feature.RDPID);
        cpu.regs[insn.rm()] = cpu.system.tscAux;
    }

    @Semantics(RDPMC)
    public static void readPerformanceCounter(Cpu cpu, Instruction insn) {
        if (!cpu.control.cr4(ControlBits.CR4_PCE) && cpu.control.protectedMode()) {
            Privilege.require(cpu);
        }
        int number = (int) cpu.regs[Registers.RCX];
        boolean fixed = (number & FIXED_COUNTERS) != 0 && !cpu.model.isAmd();
        int counter = fixed ? number - FIXED_COUNTERS : number;
        int counters = fixed ? PerformanceCounters.FIXED : PerformanceCounters.GENERAL;
        if (!cpu.model.has(Feature.ARCH_PERFMON) && !cpu.model.isAmd()
                || Integer.compareUnsigned(counter, counters) >= 0) {
            throw CpuFault.generalProtection(0);
        }
        int first = fixed ? PerformanceCounters.GENERAL : 0;
        setEdxEax(cpu, cpu.performance.read(cpu, first + counter));
    }

    @Semantics({RDFSBASE, RDGSBASE})
    public static void readBase(Cpu cpu, Instruction insn) {
        requireBaseInstructions(cpu);
        int segment = insn.operation() == RDFSBASE ? Segments.FS : Segments.GS;
        Operands.setRegister(cpu, insn.rm(), insn.width().size(), cpu.segments.base(segment));
    }

    @Semantics({WRFSBASE, WRGSBASE})
    public static void writeBase(Cpu cpu, Instruction insn) {
        requireBaseInstructions(cpu);
        int segment = insn.operation() == WRFSBASE ? Segments.FS : Segments.GS;
        long base = Operands.register(cpu, insn.rm(), insn.width().size());
        if (!cpu.control.canonicalInRegister(base)) {
            throw CpuFault.generalProtection(0);
        }
        cpu.segments.setBase(segment, base);
    }

    private static void requireBaseInstructions(Cpu cpu) {
        if (!cpu.control.codeIs64() || !cpu.control.cr4(ControlBits.CR4_FSGSBASE)) {
            throw CpuFault.invalidOpcode();
        }
    }
}
