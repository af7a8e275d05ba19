package dev.carafe.tools.gdb;

import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.cpu.ControlRegisters;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemRegisters;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.core.cpu.TimeStampCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The registers of a kernel author: control, debug and descriptor-table registers, segment bases,
 * and model-specific registers. Where QEMU shows a register too, the name is QEMU's.
 */
final class SystemRegisterList {
    private static final String GROUP = "system";
    private static final int IA32_APIC_BASE = 0x1B;
    private static final int[] DEBUG_REGISTERS = {0, 1, 2, 3, 6, 7};

    private final List<Register> list = new ArrayList<>();

    private SystemRegisterList() {}

    static List<Register> all() {
        SystemRegisterList all = new SystemRegisterList();
        all.bases();
        all.control();
        all.tables();
        all.debug();
        all.modelSpecific();
        return all.list;
    }

    private void bases() {
        wide("k_gs_base", s -> s.kernelGsBase, (s, value) -> s.kernelGsBase = value);
        list.add(CoreRegisters.base("cs_base", Segments.CS));
        list.add(CoreRegisters.base("ss_base", Segments.SS));
        list.add(CoreRegisters.base("ds_base", Segments.DS));
        list.add(CoreRegisters.base("es_base", Segments.ES));
    }

    private void control() {
        add("cr0", 64, "x64_cr0", c -> c.control.cr0(), (c, v) -> set(c, v, cr3(c), cr4(c)));
        add("cr2", 64, "int64", c -> c.control.cr2(), (c, v) -> c.control.setCr2(v));
        add("cr3", 64, "x64_cr3", SystemRegisterList::cr3, (c, v) -> set(c, cr0(c), v, cr4(c)));
        add("cr4", 64, "x64_cr4", SystemRegisterList::cr4, (c, v) -> set(c, cr0(c), cr3(c), v));
        add("cr8", 64, "int64", c -> c.control.cr8(), (c, v) -> c.control.writeCr8(v));
        add("efer", 64, "x64_efer", c -> c.control.efer(), SystemRegisterList::setEfer);
        add("xcr0", 64, "int64", c -> c.system.xcr0, null);
        add("cpl", 32, "int32", c -> c.cpl, null);
    }

    private static long cr0(Cpu cpu) {
        return cpu.control.cr0();
    }

    private static long cr3(Cpu cpu) {
        return cpu.control.cr3();
    }

    private static long cr4(Cpu cpu) {
        return cpu.control.cr4();
    }

    private static void set(Cpu cpu, long cr0, long cr3, long cr4) {
        cpu.control.set(cr0, cr3, cr4, cpu.control.efer());
    }

    private static void setEfer(Cpu cpu, long efer) {
        ControlRegisters control = cpu.control;
        control.set(control.cr0(), control.cr3(), control.cr4(), efer);
    }

    private void tables() {
        table("gdtr", s -> s.gdtr, (s, value) -> s.gdtr = value);
        table("idtr", s -> s.idtr, (s, value) -> s.idtr = value);
        segment("ldtr", s -> s.ldtr);
        segment("tr", s -> s.tr);
    }

    private interface TableSetter {
        void set(SystemRegisters system, TableRegister value);
    }

    private void table(
            String name, Function<SystemRegisters, TableRegister> getter, TableSetter setter) {
        add(
                name + "_base",
                64,
                "data_ptr",
                cpu -> getter.apply(cpu.system).base(),
                (cpu, value) -> {
                    int limit = getter.apply(cpu.system).limit();
                    setter.set(cpu.system, new TableRegister(value, limit));
                });
        add(
                name + "_limit",
                32,
                "int32",
                cpu -> getter.apply(cpu.system).limit(),
                (cpu, value) -> {
                    long base = getter.apply(cpu.system).base();
                    setter.set(cpu.system, new TableRegister(base, (int) value & 0xFFFF));
                });
    }

    private void segment(String name, Function<SystemRegisters, SystemSegment> getter) {
        add(name, 32, "int32", cpu -> getter.apply(cpu.system).selector(), null);
        add(name + "_base", 64, "data_ptr", cpu -> getter.apply(cpu.system).base(), null);
        add(name + "_limit", 32, "int32", cpu -> getter.apply(cpu.system).limit(), null);
    }

    private void debug() {
        for (int number : DEBUG_REGISTERS) {
            add(
                    "dr" + number,
                    64,
                    "int64",
                    cpu -> cpu.system.debug[number],
                    (cpu, value) -> {
                        cpu.system.debug[number] = value;
                        cpu.breakpoints.changed();
                    });
        }
    }

    private void modelSpecific() {
        wide("star", s -> s.star, (s, value) -> s.star = value);
        wide("lstar", s -> s.lstar, (s, value) -> s.lstar = value);
        wide("cstar", s -> s.cstar, (s, value) -> s.cstar = value);
        wide("fmask", s -> s.fmask, (s, value) -> s.fmask = value);
        wide("sysenter_cs", s -> s.sysenterCs, (s, value) -> s.sysenterCs = value);
        wide("sysenter_esp", s -> s.sysenterEsp, (s, value) -> s.sysenterEsp = value);
        wide("sysenter_eip", s -> s.sysenterEip, (s, value) -> s.sysenterEip = value);
        wide("pat", s -> s.pat, null);
        wide("tsc_aux", s -> s.tscAux, (s, value) -> s.tscAux = value);
        wide("debugctl", s -> s.debugControl, (s, value) -> s.debugControl = value);
        wide("xss", s -> s.xss, null);
        add("tsc", 64, "int64", TimeStampCounter::read, TimeStampCounter::write);
        add("apic_base", 64, "int64", SystemRegisterList::apicBase, null);
        add("pkru", 32, "int32", c -> c.system.pkru, (c, v) -> c.control.writePkru((int) v));
        add("ssp", 64, "data_ptr", c -> c.flow.ssp, (c, v) -> c.flow.ssp = v);
    }

    private static long apicBase(Cpu cpu) {
        try {
            return cpu.apic.readMsr(IA32_APIC_BASE);
        } catch (MsrRejected none) {
            return 0;
        }
    }

    private interface SystemGetter {
        long get(SystemRegisters system);
    }

    private interface SystemSetter {
        void set(SystemRegisters system, long value);
    }

    private void wide(String name, SystemGetter getter, SystemSetter setter) {
        Register.Setter set = setter == null ? null : (cpu, value) -> setter.set(cpu.system, value);
        add(name, 64, "int64", cpu -> getter.get(cpu.system), set);
    }

    private void add(
            String name, int bits, String type, Register.Getter getter, Register.Setter setter) {
        list.add(Register.of(name, bits, type, GROUP, getter, setter));
    }
}
