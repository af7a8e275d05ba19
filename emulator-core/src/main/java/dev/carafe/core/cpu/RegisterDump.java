package dev.carafe.core.cpu;

/**
 * All registers of a vCPU as text, laid out as QEMU's {@code info registers} does, which scripts
 * and people read. Only by the vCPU's own thread, or while the machine stands still.
 */
public final class RegisterDump {
    private static final String[] GENERAL = {
        "AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "8 ", "9 ", "10", "11", "12", "13", "14",
        "15"
    };
    private static final int[] ORDER = {0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS"};
    private static final String[] SYSTEM_TYPES = {
        "Reserved", "TSS16-avl", "LDT", "TSS16-busy", "CallGate16", "TaskGate", "IntGate16",
        "TrapGate16", "Reserved", "TSS32-avl", "Reserved", "TSS32-busy", "CallGate32", "Reserved",
        "IntGate32", "TrapGate32"
    };
    private static final String STATUS_LETTERS = "DOSZAPC";
    private static final int[] STATUS_BITS = {10, 11, 7, 6, 4, 2, 0};
    private static final int PER_LINE = 4;
    private static final int NARROW_REGISTERS = 8;
    private static final int WIDE_REGISTERS = 16;

    private final Cpu cpu;
    private final boolean wide;
    private final StringBuilder out = new StringBuilder();

    private RegisterDump(Cpu cpu) {
        this.cpu = cpu;
        wide = cpu.control.codeIs64();
    }

    /** Everything, with floating-point and vector registers. */
    public static String all(Cpu cpu) {
        RegisterDump dump = new RegisterDump(cpu);
        dump.integers();
        dump.floats();
        dump.vectors();
        return dump.out.toString();
    }

    /** Without floating-point and vector registers. */
    public static String integers(Cpu cpu) {
        RegisterDump dump = new RegisterDump(cpu);
        dump.integers();
        return dump.out.toString();
    }

    private void integers() {
        int count = wide ? WIDE_REGISTERS : NARROW_REGISTERS;
        for (int i = 0; i < count; i++) {
            int register = ORDER[i];
            out.append(register < NARROW_REGISTERS ? wide ? "R" : "E" : "R")
                    .append(GENERAL[register])
                    .append('=')
                    .append(word(cpu.regs[register]))
                    .append(i % PER_LINE == PER_LINE - 1 ? '\n' : ' ');
        }
        instructionPointer();
        for (int i = 0; i < SEGMENTS.length; i++) {
            segment(
                    SEGMENTS[i] + " ",
                    cpu.segments.selector[i],
                    cpu.segments.base(i),
                    cpu.segments.limit[i],
                    cpu.segments.attributes[i]);
        }
        system("LDT", cpu.system.ldtr);
        system("TR ", cpu.system.tr);
        table("GDT", cpu.system.gdtr);
        table("IDT", cpu.system.idtr);
        control();
    }

    private void instructionPointer() {
        long flags = cpu.rflags();
        out.append(wide ? "RIP=" : "EIP=").append(word(cpu.rip));
        out.append(wide ? " RFL=" : " EFL=").append(hex(flags, 8)).append(" [");
        for (int i = 0; i < STATUS_BITS.length; i++) {
            out.append((flags >>> STATUS_BITS[i] & 1) != 0 ? STATUS_LETTERS.charAt(i) : '-');
        }
        out.append("] CPL=")
                .append(cpu.cpl)
                .append(" II=")
                .append(cpu.shadow == InterruptShadow.NONE ? 0 : 1)
                .append(" A20=1 SMM=0 HLT=")
                .append(cpu.activity == Activity.RUNNING ? 0 : 1)
                .append('\n');
    }

    private void system(String name, SystemSegment segment) {
        segment(name, segment.selector(), segment.base(), segment.limit(), segment.attributes());
    }

    private void segment(String name, int selector, long base, int limit, int attributes) {
        boolean granular = (attributes & Descriptor.GRANULARITY) != 0;
        int field = granular ? limit >>> 12 : limit;
        int shown =
                (attributes & 0xFF) << 8 | (attributes & 0xF000) << 8 | (field >>> 16 & 0xF) << 16;
        if (!Descriptor.usable(attributes)) {
            shown = 0;
        }
        out.append(name)
                .append('=')
                .append(hex(selector, 4))
                .append(' ')
                .append(word(base))
                .append(' ')
                .append(hex(Integer.toUnsignedLong(limit), 8))
                .append(' ')
                .append(hex(shown, 8));
        if (cpu.control.protectedMode() && (shown & Descriptor.PRESENT << 8) != 0) {
            out.append(" DPL=").append(Descriptor.dpl(attributes)).append(' ');
            out.append(kind(attributes));
        }
        out.append('\n');
    }

    private String kind(int attributes) {
        if (Descriptor.isSystem(attributes)) {
            String name = SYSTEM_TYPES[Descriptor.type(attributes)];
            return cpu.control.longMode() ? name.replace("32", "64") : name;
        }
        boolean big = (attributes & Descriptor.BIG) != 0;
        boolean accessed = (attributes & Descriptor.ACCESSED) != 0;
        boolean special = (attributes & Descriptor.EXPAND_DOWN_OR_CONFORMING) != 0;
        boolean allowed = (attributes & Descriptor.WRITABLE_OR_READABLE) != 0;
        if (Descriptor.isCode(attributes)) {
            String size = (attributes & Descriptor.LONG) != 0 ? "CS64" : big ? "CS32" : "CS16";
            return size + " [" + (special ? 'C' : '-') + (allowed ? 'R' : '-') + letter(accessed);
        }
        String size = big || cpu.control.longMode() ? "DS  " : "DS16";
        return size + " [" + (special ? 'E' : '-') + (allowed ? 'W' : '-') + letter(accessed);
    }

    private static String letter(boolean accessed) {
        return accessed ? "A]" : "-]";
    }

    private void table(String name, TableRegister table) {
        out.append(name)
                .append("=     ")
                .append(word(table.base()))
                .append(' ')
                .append(hex(Integer.toUnsignedLong(table.limit()), 8))
                .append('\n');
    }

    private void control() {
        out.append("CR0=").append(hex(cpu.control.cr0(), 8));
        out.append(" CR2=").append(word(cpu.control.cr2()));
        out.append(" CR3=").append(word(cpu.control.cr3()));
        out.append(" CR4=").append(hex(cpu.control.cr4(), 8)).append('\n');
        for (int i = 0; i < PER_LINE; i++) {
            out.append("DR").append(i).append('=').append(hex(cpu.system.debug[i], 16)).append(' ');
        }
        out.append("\nDR6=").append(hex(cpu.system.debug[6], 16));
        out.append(" DR7=").append(hex(cpu.system.debug[7], 16)).append('\n');
        out.append("EFER=").append(hex(cpu.control.efer(), 16)).append('\n');
    }

    private void floats() {
        X87State x87 = cpu.x87;
        int valid = 0;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            valid |= x87.isEmpty(i) ? 0 : 1 << i;
        }
        out.append("FCW=").append(hex(x87.controlWord, 4));
        out.append(" FSW=").append(hex(x87.statusWord, 4));
        out.append(" [ST=").append(x87.top()).append("] FTW=").append(hex(valid, 2));
        out.append(" MXCSR=").append(hex(Integer.toUnsignedLong(cpu.mxcsr.get()), 8)).append('\n');
        for (int i = 0; i < X87State.REGISTERS; i++) {
            out.append("FPR").append(i).append('=').append(hex(x87.significand[i], 16));
            out.append(' ').append(hex(x87.signExponent[i], 4)).append(i % 2 == 1 ? '\n' : ' ');
        }
    }

    private void vectors() {
        int count = wide ? WIDE_REGISTERS : NARROW_REGISTERS;
        for (int i = 0; i < count; i++) {
            int low = i * Cpu.VECTOR_STRIDE;
            out.append("XMM").append(i < 10 ? "0" : "").append(i).append('=');
            out.append(hex(cpu.xmm[low + 1], 16)).append(' ').append(hex(cpu.xmm[low], 16));
            out.append(i % 2 == 1 ? '\n' : ' ');
        }
    }

    private String word(long value) {
        return wide ? hex(value, 16) : hex(value & 0xFFFF_FFFFL, 8);
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
