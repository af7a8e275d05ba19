package dev.carafe.firmware;

/**
 * Which PC is modelled; decides where RAM is split, what the host bridge is called and what the
 * FADT says.
 */
public enum MachineType {
    /** Intel Q35 with ICH9. */
    Q35,
    /** Intel 440FX with PIIX. */
    PC
}
