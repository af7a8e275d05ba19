package dev.carafe.tools.board;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything a person can choose about one run, checked and complete: the command line's result and
 * the board's order.
 *
 * @param boot what is loaded
 * @param memoryBytes size of RAM, a multiple of 8 KiB
 * @param topology processors and how they share packages and cores
 * @param cpu processor model and features
 * @param machine which PC
 * @param serials COM1 to COM4, as far as they are wired
 * @param debugConsoles debug console ports
 * @param debugExits isa-debug-exit devices
 * @param testDevice whether QEMU's pc-testdev is there
 * @param ending what a guest's reset and power-off lead to
 * @param log what is logged, and where
 * @param screenshot PNG file that gets the framebuffer at exit
 * @param seed what random numbers are made from; empty for the host's
 * @param debugging how the host looks into the machine
 * @param hpet whether the PC has a high-precision event timer
 */
public record Configuration(
        BootSource boot,
        long memoryBytes,
        Topology topology,
        CpuSelection cpu,
        MachineModel machine,
        List<HostPort> serials,
        List<DebugConsole> debugConsoles,
        List<DebugExitPort> debugExits,
        boolean testDevice,
        Ending ending,
        LogSelection log,
        Optional<Path> screenshot,
        Optional<Long> seed,
        Debugging debugging,
        boolean hpet) {

    /** With random numbers that nobody can foresee, and no debugger. */
    public Configuration(
            BootSource boot,
            long memoryBytes,
            Topology topology,
            CpuSelection cpu,
            MachineModel machine,
            List<HostPort> serials,
            List<DebugConsole> debugConsoles,
            List<DebugExitPort> debugExits,
            boolean testDevice,
            Ending ending,
            LogSelection log,
            Optional<Path> screenshot) {
        this(
                boot,
                memoryBytes,
                topology,
                cpu,
                machine,
                serials,
                debugConsoles,
                debugExits,
                testDevice,
                ending,
                log,
                screenshot,
                Optional.empty(),
                Debugging.NONE,
                true);
    }

    public Configuration {
        serials = List.copyOf(serials);
        debugConsoles = List.copyOf(debugConsoles);
        debugExits = List.copyOf(debugExits);
    }
}
