package dev.carafe.core.isa.system;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.fault.CpuFault;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Collects the rows of {@link Msrs}, one group after another, and the rules they share. */
final class MsrTable {
    /** RDMSR. */
    interface Reader {
        long read(Cpu cpu);
    }

    /** WRMSR. */
    interface Writer {
        void write(Cpu cpu, long value);
    }

    /**
     * One register.
     *
     * @param name as the manual has it
     * @param present in which processors
     */
    record Row(String name, Predicate<CpuModel> present, Reader reader, Writer writer) {}

    private final Map<Integer, Row> rows = new HashMap<>();
    private Predicate<CpuModel> present = model -> true;

    /** The rows that follow exist in processors with one of these features. */
    void with(Feature... features) {
        present =
                model -> {
                    for (Feature each : features) {
                        if (model.has(each)) {
                            return true;
                        }
                    }
                    return false;
                };
    }

    /** The rows that follow exist in processors that meet a condition. */
    void where(Predicate<CpuModel> condition) {
        present = condition;
    }

    void add(int number, String name, Reader reader, Writer writer) {
        Row old = rows.put(number, new Row(name, present, reader, writer));
        assert old == null : name + " twice";
    }

    Map<Integer, Row> rows() {
        return Map.copyOf(rows);
    }

    // ---- rules

    static void reject(boolean broken) {
        if (broken) {
            throw CpuFault.generalProtection(0);
        }
    }

    static void readOnly(Cpu cpu, long value) {
        throw CpuFault.generalProtection(0);
    }

    static long writeOnly(Cpu cpu) {
        throw CpuFault.generalProtection(0);
    }

    static void ignore(Cpu cpu, long value) {
        // the write only starts something that is not there
    }

    static long canonical(Cpu cpu, long address) {
        reject(!cpu.control.canonicalInRegister(address));
        return address;
    }

    static boolean tooWide(Cpu cpu, long physical) {
        return physical >>> cpu.model.physicalBits() != 0;
    }
}
