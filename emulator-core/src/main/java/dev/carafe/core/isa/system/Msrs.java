package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.system.MsrTable.*;

import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.StateComponent;
import dev.carafe.core.cpu.TimeStampCounter;
import dev.carafe.core.fault.CpuFault;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model-specific registers as a table (SDM Vol. 4). An unknown register and a value with
 * reserved bits are #GP(0).
 *
 * <p>Not modelled: the switches of IA32_MISC_ENABLE other than MONITOR's; memory types of MTRRs and
 * PAT, which keep what is written and change nothing.
 */
public final class Msrs {
    private static final Logger UNIMPLEMENTED = LoggerFactory.getLogger("carafe.unimp");

    private static final int APIC_BASE = 0x1B;
    private static final long APIC_BASE_X2APIC = 1 << 10;
    private static final int TSC_DEADLINE = 0x6E0;
    private static final int X2APIC_FIRST = 0x800;
    private static final int X2APIC_LAST = 0x8FF;
    private static final long DEBUGCTL_WRITABLE = 3; // LBR, which records nothing, and BTF
    private static final long INTEL_MICROCODE = 1L << 32;
    private static final long AMD_MICROCODE = 0x0100_0065;
    private static final long MISC_PERFORMANCE = 1 << 7;
    private static final long MISC_NO_TRACE_STORES = 1 << 11;
    private static final long MISC_NO_PRECISE_EVENTS = 1 << 12;

    /**
     * RDCL_NO, IBRS_ALL, SKIP_L1DFL_VMENTRY, SSB_NO, MDS_NO, IF_PSCHANGE_MC_NO, TAA_NO;
     * SBDR_SSDP_NO, FBSDP_NO, PSDP_NO; BHI_NO, PBRSB_NO, GDS_NO, RFDS_NO; ITS_NO.
     */
    private static final long ARCH_CAPABILITIES = 0x17B | 0xE000 | 0xD10_0000 | 1L << 62;

    private static final Map<Integer, MsrTable.Row> TABLE = table();

    private Msrs() {}

    /** RDMSR. */
    public static long read(Cpu cpu, int number) {
        if (isApic(cpu, number)) {
            try {
                return cpu.apic.readMsr(number);
            } catch (MsrRejected rejected) {
                throw CpuFault.generalProtection(0);
            }
        }
        return row(cpu, number, "read").reader().read(cpu);
    }

    /** WRMSR. */
    public static void write(Cpu cpu, int number, long value) {
        if (isApic(cpu, number)) {
            reject(
                    number == APIC_BASE
                            && (value & APIC_BASE_X2APIC) != 0
                            && !cpu.model.has(Feature.X2APIC));
            try {
                cpu.apic.writeMsr(number, value);
                if (number == APIC_BASE) {
                    cpu.mapLocalApic();
                    cpu.memory.flush(); // the page may have been translated as memory
                }
            } catch (MsrRejected rejected) {
                throw CpuFault.generalProtection(0);
            }
            return;
        }
        row(cpu, number, "write").writer().write(cpu, value);
    }

    private static boolean isApic(Cpu cpu, int number) {
        return number == APIC_BASE
                || number == TSC_DEADLINE && cpu.model.has(Feature.TSC_DEADLINE)
                || number >= X2APIC_FIRST && number <= X2APIC_LAST && cpu.model.has(Feature.X2APIC);
    }

    private static MsrTable.Row row(Cpu cpu, int number, String access) {
        MsrTable.Row row = TABLE.get(number);
        if (row == null || !row.present().test(cpu.model)) {
            if (cpu.system.reportedMsrs.add(number)) {
                UNIMPLEMENTED.info(
                        "cpu{}: {} of unknown MSR 0x{} at RIP 0x{}: #GP(0)",
                        cpu.index,
                        access,
                        Integer.toHexString(number),
                        Long.toHexString(cpu.rip));
            }
            throw CpuFault.generalProtection(0);
        }
        return row;
    }

    // ---- the table

    private static Map<Integer, MsrTable.Row> table() {
        MsrTable table = new MsrTable();
        processorRows(table);
        intelRows(table);
        mitigationRows(table);
        systemCallRows(table);
        MemoryTypeMsrs.addTo(table);
        MachineCheckMsrs.addTo(table);
        PerformanceMsrs.addTo(table);
        AmdMsrs.addTo(table);
        ControlFlowMsrs.addTo(table);
        return table.rows();
    }

    private static void processorRows(MsrTable table) {
        table.with(Feature.TSC);
        table.add(0x10, "IA32_TIME_STAMP_COUNTER", TimeStampCounter::read, TimeStampCounter::write);
        table.with(Feature.TSC_ADJUST);
        table.add(0x3B, "IA32_TSC_ADJUST", cpu -> cpu.system.tscAdjust, TimeStampCounter::adjust);
        table.with(Feature.MSR);
        table.add(
                0x8B,
                "IA32_BIOS_SIGN_ID",
                cpu -> cpu.model.isAmd() ? AMD_MICROCODE : INTEL_MICROCODE,
                MsrTable::ignore);
        table.add(
                0x1D9,
                "IA32_DEBUGCTL",
                cpu -> cpu.system.debugControl,
                (cpu, value) -> {
                    reject((value & ~DEBUGCTL_WRITABLE) != 0);
                    cpu.system.debugControl = value;
                });
        table.with(Feature.XSAVES);
        table.add(
                0xDA0,
                "IA32_XSS",
                cpu -> cpu.system.xss,
                (cpu, value) -> {
                    reject((value & ~StateComponent.supported(cpu.model, true)) != 0);
                    cpu.system.xss = value;
                });
        table.with(Feature.RDTSCP, Feature.RDPID);
        table.add(
                0xC000_0103,
                "IA32_TSC_AUX",
                cpu -> cpu.system.tscAux,
                (cpu, value) -> {
                    reject(value >>> 32 != 0);
                    cpu.system.tscAux = value;
                });
    }

    private static void intelRows(MsrTable table) {
        table.where(model -> !model.isAmd());
        table.add(0x17, "IA32_PLATFORM_ID", cpu -> 0, MsrTable::readOnly);
        table.add(
                0x3A,
                "IA32_FEATURE_CONTROL",
                cpu -> cpu.system.featureControl,
                MsrTable::readOnly); // locked
        table.add(0x79, "IA32_BIOS_UPDT_TRIG", MsrTable::writeOnly, MsrTable::ignore);
        table.add(0xCE, "MSR_PLATFORM_INFO", cpu -> 0, MsrTable::readOnly);
        table.add(0x140, "MISC_FEATURE_ENABLES", cpu -> 0, (cpu, value) -> reject(value != 0));
        table.add(
                0x1A0,
                "IA32_MISC_ENABLE",
                Msrs::readMiscellaneous,
                (cpu, value) -> cpu.system.miscEnable = value);
    }

    /** What the processor has and lacks is told whatever was written. */
    private static long readMiscellaneous(Cpu cpu) {
        long told = MISC_NO_TRACE_STORES | MISC_NO_PRECISE_EVENTS;
        told |= cpu.model.has(Feature.ARCH_PERFMON) ? MISC_PERFORMANCE : 0;
        return cpu.system.miscEnable & ~MISC_PERFORMANCE | told;
    }

    /** Nothing is executed ahead of time, so that all of this is easily promised. */
    private static void mitigationRows(MsrTable table) {
        table.with(Feature.ARCH_CAPABILITIES);
        table.add(0x10A, "IA32_ARCH_CAPABILITIES", cpu -> ARCH_CAPABILITIES, MsrTable::readOnly);
        table.with(Feature.SPEC_CTRL);
        table.add(
                0x48,
                "IA32_SPEC_CTRL",
                cpu -> cpu.system.speculationControl,
                (cpu, value) -> {
                    long offered =
                            1
                                    | (cpu.model.has(Feature.STIBP) ? 2 : 0)
                                    | (cpu.model.has(Feature.SSBD) ? 4 : 0);
                    reject((value & ~offered) != 0);
                    cpu.system.speculationControl = value;
                });
        table.add(
                0x49,
                "IA32_PRED_CMD",
                MsrTable::writeOnly,
                (cpu, value) -> reject((value & ~1) != 0));
    }

    private static void systemCallRows(MsrTable table) {
        table.with(Feature.SEP);
        table.add(
                0x174,
                "IA32_SYSENTER_CS",
                cpu -> cpu.system.sysenterCs,
                (cpu, value) -> cpu.system.sysenterCs = value & 0xFFFF_FFFFL);
        table.add(
                0x175,
                "IA32_SYSENTER_ESP",
                cpu -> cpu.system.sysenterEsp,
                (cpu, value) -> cpu.system.sysenterEsp = canonical(cpu, value));
        table.add(
                0x176,
                "IA32_SYSENTER_EIP",
                cpu -> cpu.system.sysenterEip,
                (cpu, value) -> cpu.system.sysenterEip = canonical(cpu, value));
        table.with(Feature.PKS);
        table.add(
                0x6E1,
                "IA32_PKRS",
                cpu -> Integer.toUnsignedLong(cpu.system.pkrs),
                (cpu, value) -> cpu.control.writePkrs(value));
        table.with(Feature.SYSCALL, Feature.NX, Feature.LM);
        table.add(
                0xC000_0080,
                "IA32_EFER",
                cpu -> cpu.control.efer(),
                (cpu, value) -> cpu.control.writeEfer(value));
        table.with(Feature.SYSCALL);
        table.add(
                0xC000_0081,
                "IA32_STAR",
                cpu -> cpu.system.star,
                (cpu, value) -> cpu.system.star = value);
        table.add(
                0xC000_0082,
                "IA32_LSTAR",
                cpu -> cpu.system.lstar,
                (cpu, value) -> cpu.system.lstar = canonical(cpu, value));
        table.add(
                0xC000_0083,
                "IA32_CSTAR",
                cpu -> cpu.system.cstar,
                (cpu, value) -> cpu.system.cstar = canonical(cpu, value));
        table.add(
                0xC000_0084,
                "IA32_FMASK",
                cpu -> cpu.system.fmask,
                (cpu, value) -> {
                    reject(value >>> 32 != 0);
                    cpu.system.fmask = value;
                });
        baseRows(table);
    }

    private static void baseRows(MsrTable table) {
        table.with(Feature.LM);
        table.add(
                0xC000_0100,
                "IA32_FS_BASE",
                cpu -> cpu.segments.base(Segments.FS),
                (cpu, value) -> cpu.segments.setBase(Segments.FS, canonical(cpu, value)));
        table.add(
                0xC000_0101,
                "IA32_GS_BASE",
                cpu -> cpu.segments.base(Segments.GS),
                (cpu, value) -> cpu.segments.setBase(Segments.GS, canonical(cpu, value)));
        table.add(
                0xC000_0102,
                "IA32_KERNEL_GS_BASE",
                cpu -> cpu.system.kernelGsBase,
                (cpu, value) -> cpu.system.kernelGsBase = canonical(cpu, value));
    }
}
