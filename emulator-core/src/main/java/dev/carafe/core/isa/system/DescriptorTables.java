package dev.carafe.core.isa.system;

import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;
import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.DescriptorAccess;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** LGDT, LIDT, LLDT, LTR and the instructions that store those registers (SDM Vol. 2). */
public final class DescriptorTables {
    private static final int TABLE_INDICATOR = 4;
    private static final long BASE_24 = 0xFF_FFFFL;
    private static final long BASE_32 = 0xFFFF_FFFFL;

    private DescriptorTables() {}

    @Semantics(LGDT)
    public static void loadGlobal(Cpu cpu, Instruction insn) {
        TableRegister loaded = load(cpu, insn);
        cpu.system.gdtr = loaded;
        cpu.rare.record(RareEvents.Kind.GDTR, cpu.rip, loaded.limit(), loaded.base());
    }

    @Semantics(LIDT)
    public static void loadInterrupt(Cpu cpu, Instruction insn) {
        TableRegister loaded = load(cpu, insn);
        cpu.system.idtr = loaded;
        cpu.rare.record(RareEvents.Kind.IDTR, cpu.rip, loaded.limit(), loaded.base());
    }

    private static TableRegister load(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        int baseSize = baseSize(cpu);
        long linear = Operands.address(cpu, insn, 2 + baseSize, false);
        int limit = (int) cpu.memory.load16(linear);
        long base = cpu.memory.load(linear + 2, baseSize);
        if (insn.width().size() == 2) {
            base &= BASE_24;
        }
        if (!cpu.control.canonicalInRegister(base)) {
            throw CpuFault.generalProtection(0);
        }
        return new TableRegister(base, limit);
    }

    @Semantics(SGDT)
    public static void storeGlobal(Cpu cpu, Instruction insn) {
        store(cpu, insn, cpu.system.gdtr);
    }

    @Semantics(SIDT)
    public static void storeInterrupt(Cpu cpu, Instruction insn) {
        store(cpu, insn, cpu.system.idtr);
    }

    private static void store(Cpu cpu, Instruction insn, TableRegister table) {
        Privilege.requireUnprevented(cpu);
        int baseSize = baseSize(cpu);
        long linear = Operands.address(cpu, insn, 2 + baseSize, true);
        cpu.memory.checkWrite(linear, 2);
        cpu.memory.store(
                linear + 2, baseSize, baseSize == 8 ? table.base() : table.base() & BASE_32);
        cpu.memory.store16(linear, table.limit());
    }

    private static int baseSize(Cpu cpu) {
        return cpu.control.codeIs64() ? 8 : 4;
    }

    @Semantics(LLDT)
    public static void loadLocal(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        Privilege.require(cpu);
        int selector = (int) Operands.read(cpu, insn, 0);
        if (Descriptor.isNull(selector)) {
            cpu.system.ldtr = SystemSegment.unusable(selector);
            return;
        }
        long raw = readSystem(cpu, selector);
        int attributes = Descriptor.attributes(raw);
        checkType(selector, attributes, Descriptor.type(attributes) == Descriptor.LDT);
        cpu.system.ldtr = segment(cpu, selector, raw);
    }

    @Semantics(LTR)
    public static void loadTask(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        Privilege.require(cpu);
        int selector = (int) Operands.read(cpu, insn, 0);
        if (Descriptor.isNull(selector)) {
            throw CpuFault.generalProtection(0);
        }
        long raw = readSystem(cpu, selector);
        int attributes = Descriptor.attributes(raw);
        int type = Descriptor.type(attributes);
        boolean available =
                type == Descriptor.TSS_AVAILABLE
                        || type == Descriptor.TSS16_AVAILABLE && !cpu.control.longMode();
        checkType(selector, attributes, available);
        segment(cpu, selector, raw); // every check before the descriptor changes
        cpu.system.tr = segment(cpu, selector, DescriptorAccess.markBusy(cpu, selector, raw));
        cpu.rare.record(RareEvents.Kind.TASK_REGISTER, cpu.rip, selector, cpu.system.tr.base());
    }

    private static long readSystem(Cpu cpu, int selector) {
        if ((selector & TABLE_INDICATOR) != 0) {
            throw CpuFault.generalProtection(selector & 0xFFFC);
        }
        return DescriptorAccess.read(cpu, selector, GENERAL_PROTECTION, 0);
    }

    private static void checkType(int selector, int attributes, boolean typeFits) {
        if (!Descriptor.isSystem(attributes) || !typeFits) {
            throw CpuFault.generalProtection(selector & 0xFFFC);
        }
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, selector & 0xFFFC);
        }
    }

    private static SystemSegment segment(Cpu cpu, int selector, long raw) {
        long base = Descriptor.base(raw);
        if (cpu.control.longMode()) {
            base |= DescriptorAccess.readUpper(cpu, selector) << 32;
            if (!cpu.control.canonicalInRegister(base)) {
                throw CpuFault.generalProtection(selector & 0xFFFC);
            }
        }
        return new SystemSegment(selector, base, Descriptor.limit(raw), Descriptor.attributes(raw));
    }

    @Semantics(SLDT)
    public static void storeLocal(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        Privilege.requireUnprevented(cpu);
        Operands.write(cpu, insn, 0, cpu.system.ldtr.selector());
    }

    @Semantics(STR)
    public static void storeTask(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        Privilege.requireUnprevented(cpu);
        Operands.write(cpu, insn, 0, cpu.system.tr.selector());
    }
}
