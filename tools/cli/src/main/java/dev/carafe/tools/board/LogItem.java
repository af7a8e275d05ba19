package dev.carafe.tools.board;

/** What {@code -d} can switch on. Each is the logger {@code carafe.<option>}. */
public enum LogItem {
    INT("int", "interrupts and exceptions as they are delivered"),
    CPU_RESET("cpu_reset", "processor state at every reset"),
    GUEST_ERRORS("guest_errors", "what the guest does against a device's or the bus's rules"),
    UNIMP("unimp", "what the guest uses and Carafe does not model");

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

    public String loggerName() {
        return "carafe." + option;
    }
}
