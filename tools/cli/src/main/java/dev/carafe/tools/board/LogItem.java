package dev.carafe.tools.board;

import java.util.EnumSet;
import java.util.Set;

/** What {@code -d} can switch on. Each is the logger {@code carafe.<option>}. */
public enum LogItem {
    INT("int", "interrupts and exceptions as they are delivered"),
    IN_ASM("in_asm", "each instruction when it is executed for the first time"),
    EXEC("exec", "each instruction before it is executed (slow)"),
    CPU("cpu", "processor state before each instruction (slow)"),
    FPU("fpu", "floating-point and vector registers in 'cpu', too"),
    MMU("mmu", "what changes translation, and page faults (slow)"),
    CPU_RESET("cpu_reset", "processor state at every reset"),
    GUEST_ERRORS("guest_errors", "what the guest does against a device's or the bus's rules"),
    UNIMP("unimp", "what the guest uses and Carafe does not model");

    private static final Set<LogItem> TRACED = EnumSet.of(IN_ASM, EXEC, CPU, FPU, MMU);

    private final String option;
    private final String description;

    LogItem(String option, String description) {
        this.option = option;
        this.description = description;
    }

    /** Its name on the command line. */
    public String option() {
        return option;
    }

    public String description() {
        return description;
    }

    /** Whether it needs every instruction to be looked at. */
    public boolean traced() {
        return TRACED.contains(this);
    }

    public String loggerName() {
        return "carafe." + option;
    }
}
