package dev.carafe.core.cpu;

/**
 * What a task-state segment holds of a task's registers (SDM Vol. 3A, "Task-State Segment (TSS)"
 * and "16-Bit Task-State Segment (TSS)").
 *
 * @param cr3 0 in a 16-bit TSS
 * @param rip instruction pointer
 * @param flags image of EFLAGS
 * @param general the eight general registers by number
 * @param selectors ES, CS, SS, DS, FS, GS; a 16-bit TSS has no FS and GS, they are null
 * @param ldt LDT selector
 * @param trap T: a debug trap after switching to this task
 */
record TaskState(
        long cr3, long rip, long flags, long[] general, int[] selectors, int ldt, boolean trap) {
    /** Offsets within one of the two kinds. */
    private enum Layout {
        WIDE(Width.W32, 0x20, 0x48, Segments.COUNT, 0x60, 0x68),
        NARROW(Width.W16, 0x0E, 0x22, Segments.FS, 0x2A, 0x2C);

        final Width width;
        final int dynamic; // RIP, flags and general registers begin here
        final int selectors;
        final int selectorCount;
        final int ldt;
        final int size;

        Layout(Width width, int dynamic, int selectors, int count, int ldt, int size) {
            this.width = width;
            this.dynamic = dynamic;
            this.selectors = selectors;
            this.selectorCount = count;
            this.ldt = ldt;
            this.size = size;
        }

        /** Bits of a general register that the TSS does not hold, as they are loaded. */
        long upper() {
            return this == WIDE ? 0 : 0xFFFF_0000L;
        }

        static Layout of(boolean wide) {
            return wide ? WIDE : NARROW;
        }
    }

    private static final int GENERAL = 8;
    private static final int CR3 = 0x1C;
    private static final int TRAP = 0x64;

    /** Whether a descriptor's attributes are those of a 32-bit TSS. */
    static boolean wide(int attributes) {
        return (attributes & 8) != 0;
    }

    /** The least a TSS must have: the offset of its last byte. */
    static long leastLimit(boolean wide) {
        return Layout.of(wide).size - 1L;
    }

    private static int size(SystemSegment tss) {
        return Layout.of(wide(tss.attributes())).size;
    }

    /** The task that is left keeps its registers there. */
    static void checkWritable(Cpu cpu, SystemSegment tss) {
        cpu.memory.system.checkWrite(tss.base(), size(tss));
    }

    /**
     * The new task is read from there.
     *
     * @param linked whether the link to the old task is stored
     */
    static void checkReadable(Cpu cpu, SystemSegment tss, boolean linked) {
        cpu.memory.system.checkRead(tss.base(), size(tss));
        if (linked) {
            cpu.memory.system.checkWrite(tss.base(), Short.BYTES);
        }
    }

    /**
     * What a processor loads. A 16-bit TSS has no upper halves of the general registers; the 80386
     * and its successors fill them with ones, which the manual does not say.
     */
    static TaskState read(Cpu cpu, SystemSegment tss) {
        boolean wide = wide(tss.attributes());
        Layout layout = Layout.of(wide);
        int size = layout.width.size();
        long base = tss.base();
        long[] general = new long[GENERAL];
        for (int i = 0; i < GENERAL; i++) {
            general[i] =
                    load(cpu, base + layout.dynamic + (2 + i) * size, layout.width)
                            | layout.upper();
        }
        int[] selectors = new int[Segments.COUNT];
        for (int i = 0; i < layout.selectorCount; i++) {
            selectors[i] = (int) cpu.memory.system.load16(base + layout.selectors + i * size);
        }
        return new TaskState(
                wide ? cpu.memory.system.load32(base + CR3) : 0,
                load(cpu, base + layout.dynamic, layout.width),
                load(cpu, base + layout.dynamic + size, layout.width),
                general,
                selectors,
                (int) cpu.memory.system.load16(base + layout.ldt),
                wide && (cpu.memory.system.load16(base + TRAP) & 1) != 0);
    }

    /** Saves the registers of the task that is left; CR3 and the LDT selector are not saved. */
    static void save(Cpu cpu, SystemSegment tss, long rip, long flags) {
        Layout layout = Layout.of(wide(tss.attributes()));
        int size = layout.width.size();
        long base = tss.base();
        store(cpu, base + layout.dynamic, layout.width, rip);
        store(cpu, base + layout.dynamic + size, layout.width, flags);
        for (int i = 0; i < GENERAL; i++) {
            store(cpu, base + layout.dynamic + (2 + i) * size, layout.width, cpu.regs[i]);
        }
        for (int i = 0; i < layout.selectorCount; i++) {
            store(cpu, base + layout.selectors + i * size, Width.W16, cpu.segments.selector[i]);
        }
    }

    static int link(Cpu cpu, SystemSegment tss) {
        return (int) cpu.memory.system.load16(tss.base());
    }

    static void setLink(Cpu cpu, SystemSegment tss, int selector) {
        store(cpu, tss.base(), Width.W16, selector);
    }

    private static long load(Cpu cpu, long linear, Width width) {
        return width.size() == 4
                ? cpu.memory.system.load32(linear)
                : cpu.memory.system.load16(linear);
    }

    private static void store(Cpu cpu, long linear, Width width, long value) {
        cpu.memory.system.store(linear, width.size(), width.truncate(value));
    }
}
