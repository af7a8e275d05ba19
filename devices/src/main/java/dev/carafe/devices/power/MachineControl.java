package dev.carafe.devices.power;

/**
 * What a device may ask of the whole machine. Calls may come from any vCPU's thread with a device's
 * lock held: they only record the request, and the machine acts on it at the next instruction
 * boundary.
 */
public interface MachineControl {
    /** Switches the machine off. */
    void powerOff();

    /** Resets the machine as its reset line does. */
    void reset();

    /**
     * Ends the emulator.
     *
     * @param code the process's exit code, of which the host may keep eight bits
     */
    void exit(int code);
}
