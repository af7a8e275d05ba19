package dev.carafe.tools.monitor;

/** The states of a run, by QEMU's names as far as it has them. */
public enum RunStatus {
    /** Before the machine's first instruction. */
    PRELAUNCH("prelaunch"),
    RUNNING("running"),
    PAUSED("paused"),
    /** A debugger has stopped it. */
    DEBUG("debug"),
    /** The guest has switched it off, and the process stays. */
    SHUTDOWN("shutdown"),
    INTERNAL_ERROR("internal-error");

    private final String word;

    RunStatus(String word) {
        this.word = word;
    }

    /** Its name in QMP. */
    public String word() {
        return word;
    }

    /** HMP names what is neither running nor plainly paused in brackets. */
    String sentence() {
        return switch (this) {
            case RUNNING -> "VM status: running";
            case PAUSED -> "VM status: paused";
            default -> "VM status: paused (" + word + ")";
        };
    }
}
