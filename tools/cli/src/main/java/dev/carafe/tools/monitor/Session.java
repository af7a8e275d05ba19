package dev.carafe.tools.monitor;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.DebugMemory;
import dev.carafe.core.machine.RunControl;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.tools.board.PcParts;
import dev.carafe.tools.monitor.MachineHost.NoMachine;
import java.util.OptionalLong;
import java.util.function.Function;

/** What one person at a monitor has chosen, and their way to the machine. Used by one thread. */
final class Session {
    private final MachineHost host;
    private final LogControl log;
    private int cpu;
    private Format format = Format.FIRST;
    private boolean intel;

    Session(MachineHost host, LogControl log) {
        this.host = host;
        this.log = log;
    }

    MachineHost host() {
        return host;
    }

    LogControl log() {
        return log;
    }

    Format format() {
        return format;
    }

    /** Remembers how numbers were printed last. */
    void setFormat(Format last) {
        format = last.letter() == 'i' ? new Format(1, format.letter(), format.size()) : last.once();
    }

    boolean intel() {
        return intel;
    }

    void setIntel(boolean wanted) {
        intel = wanted;
    }

    int cpu() {
        return cpu;
    }

    void setCpu(int number) {
        cpu = number;
    }

    /** Asks the machine's parts; its processors may run meanwhile. */
    <T> T parts(Function<PcParts, T> work) {
        return host.with(board -> work.apply(board.parts()));
    }

    /** Work on a machine that stands still. */
    interface Look<T> {
        T at(Still still) throws MonitorError;
    }

    /** The parts of a machine that stands still, with the processor that was chosen. */
    record Still(PcParts parts, Vcpu vcpu) {
        Cpu cpu() {
            return vcpu.cpu();
        }

        DebugMemory memory() {
            return parts.machine().control().memory();
        }
    }

    /** Looks at the machine while it stands still. */
    <T> T still(Look<T> look) throws MonitorError {
        return still(cpu, look);
    }

    /** {@link #still} with another processor. */
    <T> T still(int number, Look<T> look) throws MonitorError {
        Result<T> result =
                parts(
                        parts -> {
                            RunControl control = parts.machine().control();
                            return control.still(() -> look(parts, number, look));
                        });
        if (result.error() != null) {
            throw result.error();
        }
        return result.value();
    }

    private record Result<T>(T value, MonitorError error) {}

    private static <T> Result<T> look(PcParts parts, int number, Look<T> look) {
        try {
            Vcpu vcpu = parts.machine().vcpus().get(number);
            return new Result<>(look.at(new Still(parts, vcpu)), null);
        } catch (MonitorError e) {
            return new Result<>(null, e);
        }
    }

    /** A register of the chosen processor, or where a symbol of the kernel is. */
    OptionalLong register(String name) {
        try {
            OptionalLong value = still(s -> RegisterNames.value(s.cpu(), name));
            return value.isPresent() ? value : host.with(board -> board.symbols().address(name));
        } catch (MonitorError | NoMachine e) {
            return OptionalLong.empty();
        }
    }
}
