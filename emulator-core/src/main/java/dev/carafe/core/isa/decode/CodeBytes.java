package dev.carafe.core.isa.decode;

/** Where the decoder takes an instruction's bytes from, in order. */
@FunctionalInterface
public interface CodeBytes {
    /**
     * The next byte, 0 to 255. May throw {@link dev.carafe.core.fault.CpuFault}: it is asked for a
     * byte only when the instruction has it, so the fault is exactly the one that fetching the
     * instruction raises.
     */
    int next();
}
