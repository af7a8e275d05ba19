package dev.carafe.core.isa.system;

import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemRegisters;
import dev.carafe.core.cpu.TimeStampCounter;
import dev.carafe.core.fault.CpuFault;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model-specific registers as a table (SDM Vol. 4). An unknown register and a value with
 * reserved bits are #GP(0).
 *
 * <p>Not modelled: machine-check banks (IA32_MCG_CAP says there are none), performance monitoring,
 * memory types of MTRRs and PAT: they keep what is written and change nothing.
 */
public final class Msrs {
    private static final Logger UNIMPLEMENTED = LoggerFactory.getLogger("carafe.unimp");

    private static final int APIC_BASE = 0x1B;
    private static final long APIC_BASE_X2APIC = 1 << 10;
    private static final int TSC_DEADLINE = 0x6E0;
    private static final int X2APIC_FIRST = 0x800;
    private static final int X2APIC_LAST = 0x8FF;
    private static final long MTRR_CAPABILITY = 0x508; // WC, fixed ranges, 8 variable ranges
    private static final int MTRR_VARIABLE = 0x200;
    private static final int[] MTRR_FIXED = {
        0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F
    };
    private static final long MTRR_DEFAULT_WRITABLE = 0xCFF;
    private static final long MTRR_MASK_VALID = 1 << 11;
    private static final Set<Integer> MEMORY_TYPES = Set.of(0, 1, 4, 5, 6);
    private static final int TYPE_UNCACHED_MINUS = 7;

    private interface Reader {
        long read(Cpu cpu);
    }

    private interface Writer {
        void write(Cpu cpu, long value);
    }

    private record Row(String name, Reader reader, Writer writer) {}

    private static final Map<Integer, Row> TABLE = table();

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

    private static Row row(Cpu cpu, int number, String access) {
        Row row = TABLE.get(number);
        if (row == null) {
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

    private static Map<Integer, Row> table() {
        Map<Integer, Row> rows = new HashMap<>();
        processorRows(rows);
        systemCallRows(rows);
        memoryTypeRows(rows);
        return Map.copyOf(rows);
    }

    private static void processorRows(Map<Integer, Row> rows) {
        add(rows, 0x10, "IA32_TIME_STAMP_COUNTER", TimeStampCounter::read, TimeStampCounter::write);
        add(rows, 0x17, "IA32_PLATFORM_ID", cpu -> 0, Msrs::readOnly);
        add(
                rows,
                0x3A,
                "IA32_FEATURE_CONTROL",
                cpu -> cpu.system.featureControl,
                Msrs::readOnly); // locked
        add(rows, 0x3B, "IA32_TSC_ADJUST", Msrs::readTscAdjust, Msrs::writeTscAdjust);
        add(rows, 0x8B, "IA32_BIOS_SIGN_ID", cpu -> 0, Msrs::ignore);
        add(rows, 0xCE, "MSR_PLATFORM_INFO", cpu -> 0, Msrs::readOnly);
        add(rows, 0x140, "MISC_FEATURE_ENABLES", cpu -> 0, (cpu, value) -> reject(value != 0));
        add(rows, 0x179, "IA32_MCG_CAP", cpu -> 0, Msrs::readOnly);
        add(
                rows,
                0x17A,
                "IA32_MCG_STATUS",
                cpu -> cpu.system.machineCheckStatus,
                (cpu, value) -> {
                    reject(value >>> 3 != 0);
                    cpu.system.machineCheckStatus = value;
                });
        add(
                rows,
                0x1A0,
                "IA32_MISC_ENABLE",
                cpu -> cpu.system.miscEnable,
                (cpu, value) -> cpu.system.miscEnable = value);
        add(
                rows,
                0xC000_0103,
                "IA32_TSC_AUX",
                cpu -> cpu.system.tscAux,
                (cpu, value) -> {
                    reject(value >>> 32 != 0);
                    cpu.system.tscAux = value;
                });
    }

    private static void systemCallRows(Map<Integer, Row> rows) {
        add(
                rows,
                0x174,
                "IA32_SYSENTER_CS",
                cpu -> cpu.system.sysenterCs,
                (cpu, value) -> cpu.system.sysenterCs = value & 0xFFFF_FFFFL);
        add(
                rows,
                0x175,
                "IA32_SYSENTER_ESP",
                cpu -> cpu.system.sysenterEsp,
                (cpu, value) -> cpu.system.sysenterEsp = canonical(cpu, value));
        add(
                rows,
                0x176,
                "IA32_SYSENTER_EIP",
                cpu -> cpu.system.sysenterEip,
                (cpu, value) -> cpu.system.sysenterEip = canonical(cpu, value));
        add(rows, 0x6E1, "IA32_PKRS", Msrs::readPkrs, Msrs::writePkrs);
        add(rows, 0xC000_0080, "IA32_EFER", cpu -> cpu.control.efer(), Msrs::writeEfer);
        add(
                rows,
                0xC000_0081,
                "IA32_STAR",
                cpu -> cpu.system.star,
                (cpu, value) -> cpu.system.star = value);
        add(
                rows,
                0xC000_0082,
                "IA32_LSTAR",
                cpu -> cpu.system.lstar,
                (cpu, value) -> cpu.system.lstar = canonical(cpu, value));
        add(
                rows,
                0xC000_0083,
                "IA32_CSTAR",
                cpu -> cpu.system.cstar,
                (cpu, value) -> cpu.system.cstar = canonical(cpu, value));
        add(
                rows,
                0xC000_0084,
                "IA32_FMASK",
                cpu -> cpu.system.fmask,
                (cpu, value) -> {
                    reject(value >>> 32 != 0);
                    cpu.system.fmask = value;
                });
        add(
                rows,
                0xC000_0100,
                "IA32_FS_BASE",
                cpu -> cpu.segments.base(Segments.FS),
                (cpu, value) -> cpu.segments.setBase(Segments.FS, canonical(cpu, value)));
        add(
                rows,
                0xC000_0101,
                "IA32_GS_BASE",
                cpu -> cpu.segments.base(Segments.GS),
                (cpu, value) -> cpu.segments.setBase(Segments.GS, canonical(cpu, value)));
        add(
                rows,
                0xC000_0102,
                "IA32_KERNEL_GS_BASE",
                cpu -> cpu.system.kernelGsBase,
                (cpu, value) -> cpu.system.kernelGsBase = canonical(cpu, value));
    }

    private static void memoryTypeRows(Map<Integer, Row> rows) {
        add(rows, 0xFE, "IA32_MTRRCAP", cpu -> MTRR_CAPABILITY, Msrs::readOnly);
        add(
                rows,
                0x277,
                "IA32_PAT",
                cpu -> cpu.system.pat,
                (cpu, value) -> {
                    checkTypes(value, true);
                    cpu.system.pat = value;
                });
        add(
                rows,
                0x2FF,
                "IA32_MTRR_DEF_TYPE",
                cpu -> cpu.system.mtrrDefaultType,
                (cpu, value) -> {
                    reject(
                            (value & ~MTRR_DEFAULT_WRITABLE) != 0
                                    || !MEMORY_TYPES.contains((int) value & 0xFF));
                    cpu.system.mtrrDefaultType = value;
                });
        for (int i = 0; i < SystemRegisters.VARIABLE_RANGES; i++) {
            int range = i;
            add(
                    rows,
                    MTRR_VARIABLE + 2 * i,
                    "IA32_MTRR_PHYSBASE" + i,
                    cpu -> cpu.system.mtrrBase[range],
                    (cpu, value) -> {
                        reject(
                                (value & 0xF00) != 0
                                        || !MEMORY_TYPES.contains((int) value & 0xFF)
                                        || tooWide(cpu, value));
                        cpu.system.mtrrBase[range] = value;
                    });
            add(
                    rows,
                    MTRR_VARIABLE + 2 * i + 1,
                    "IA32_MTRR_PHYSMASK" + i,
                    cpu -> cpu.system.mtrrMask[range],
                    (cpu, value) -> {
                        reject((value & 0xFFF & ~MTRR_MASK_VALID) != 0 || tooWide(cpu, value));
                        cpu.system.mtrrMask[range] = value;
                    });
        }
        for (int i = 0; i < MTRR_FIXED.length; i++) {
            int range = i;
            add(
                    rows,
                    MTRR_FIXED[i],
                    "IA32_MTRR_FIX" + i,
                    cpu -> cpu.system.mtrrFixed[range],
                    (cpu, value) -> {
                        checkTypes(value, false);
                        cpu.system.mtrrFixed[range] = value;
                    });
        }
    }

    private static void add(
            Map<Integer, Row> rows, int number, String name, Reader reader, Writer writer) {
        Row old = rows.put(number, new Row(name, reader, writer));
        assert old == null : name + " twice";
    }

    // ---- their rules

    private static void reject(boolean broken) {
        if (broken) {
            throw CpuFault.generalProtection(0);
        }
    }

    private static void readOnly(Cpu cpu, long value) {
        throw CpuFault.generalProtection(0);
    }

    private static void ignore(Cpu cpu, long value) {
        // WRMSR only starts something that is not there
    }

    private static long canonical(Cpu cpu, long address) {
        reject(!cpu.control.canonicalInRegister(address));
        return address;
    }

    private static boolean tooWide(Cpu cpu, long physical) {
        return physical >>> cpu.model.physicalBits() != 0;
    }

    private static long readTscAdjust(Cpu cpu) {
        reject(!cpu.model.has(Feature.TSC_ADJUST));
        return cpu.system.tscAdjust;
    }

    private static void writeTscAdjust(Cpu cpu, long value) {
        reject(!cpu.model.has(Feature.TSC_ADJUST));
        TimeStampCounter.adjust(cpu, value);
    }

    private static long readPkrs(Cpu cpu) {
        reject(!cpu.model.has(Feature.PKS));
        return Integer.toUnsignedLong(cpu.system.pkrs);
    }

    private static void writePkrs(Cpu cpu, long value) {
        reject(!cpu.model.has(Feature.PKS));
        cpu.control.writePkrs(value);
    }

    private static void writeEfer(Cpu cpu, long value) {
        cpu.control.writeEfer(value);
    }

    private static void checkTypes(long eight, boolean pat) {
        for (int i = 0; i < Long.BYTES; i++) {
            int type = (int) (eight >>> 8 * i) & 0xFF;
            reject(!MEMORY_TYPES.contains(type) && !(pat && type == TYPE_UNCACHED_MINUS));
        }
    }
}
