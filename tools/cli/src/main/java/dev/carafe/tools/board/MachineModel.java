package dev.carafe.tools.board;

/** The kinds of PC that kernels' build files ask for. */
public enum MachineModel {
    PC("pc", "Standard PC (i440FX + PIIX, 1996)"),
    Q35("q35", "Standard PC (Q35 + ICH9, 2009)");

    private final String option;
    private final String description;

    MachineModel(String option, String description) {
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
}
