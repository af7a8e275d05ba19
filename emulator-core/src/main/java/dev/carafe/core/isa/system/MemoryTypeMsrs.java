package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.system.MsrTable.*;

import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.SystemRegisters;
import java.util.Set;

/**
 * MTRRs and PAT (SDM Vol. 3A, "Memory Type Range Registers (MTRRs)" and "Page Attribute Table
 * (PAT)"). They keep what is written; memory has one type.
 */
final class MemoryTypeMsrs {
    private static final long CAPABILITY = 0x508; // WC, fixed ranges, 8 variable ranges
    private static final int VARIABLE = 0x200;
    private static final int[] FIXED = {
        0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F
    };
    private static final long DEFAULT_WRITABLE = 0xCFF;
    private static final long MASK_VALID = 1 << 11;
    private static final Set<Integer> MEMORY_TYPES = Set.of(0, 1, 4, 5, 6);
    private static final int TYPE_UNCACHED_MINUS = 7;

    private MemoryTypeMsrs() {}

    static void addTo(MsrTable table) {
        table.with(Feature.PAT);
        table.add(
                0x277,
                "IA32_PAT",
                cpu -> cpu.system.pat,
                (cpu, value) -> {
                    checkTypes(value, true);
                    cpu.system.pat = value;
                });
        table.with(Feature.MTRR);
        table.add(0xFE, "IA32_MTRRCAP", cpu -> CAPABILITY, MsrTable::readOnly);
        table.add(
                0x2FF,
                "IA32_MTRR_DEF_TYPE",
                cpu -> cpu.system.mtrrDefaultType,
                (cpu, value) -> {
                    reject((value & ~DEFAULT_WRITABLE) != 0);
                    reject(!MEMORY_TYPES.contains((int) value & 0xFF));
                    cpu.system.mtrrDefaultType = value;
                });
        for (int i = 0; i < SystemRegisters.VARIABLE_RANGES; i++) {
            addVariable(table, i);
        }
        for (int i = 0; i < FIXED.length; i++) {
            int range = i;
            table.add(
                    FIXED[i],
                    "IA32_MTRR_FIX" + i,
                    cpu -> cpu.system.mtrrFixed[range],
                    (cpu, value) -> {
                        checkTypes(value, false);
                        cpu.system.mtrrFixed[range] = value;
                    });
        }
    }

    private static void addVariable(MsrTable table, int range) {
        table.add(
                VARIABLE + 2 * range,
                "IA32_MTRR_PHYSBASE" + range,
                cpu -> cpu.system.mtrrBase[range],
                (cpu, value) -> {
                    reject((value & 0xF00) != 0 || tooWide(cpu, value));
                    reject(!MEMORY_TYPES.contains((int) value & 0xFF));
                    cpu.system.mtrrBase[range] = value;
                });
        table.add(
                VARIABLE + 2 * range + 1,
                "IA32_MTRR_PHYSMASK" + range,
                cpu -> cpu.system.mtrrMask[range],
                (cpu, value) -> {
                    reject((value & 0xFFF & ~MASK_VALID) != 0 || tooWide(cpu, value));
                    cpu.system.mtrrMask[range] = value;
                });
    }

    private static void checkTypes(long eight, boolean pat) {
        for (int i = 0; i < Long.BYTES; i++) {
            int type = (int) (eight >>> 8 * i) & 0xFF;
            reject(!MEMORY_TYPES.contains(type) && !(pat && type == TYPE_UNCACHED_MINUS));
        }
    }
}
