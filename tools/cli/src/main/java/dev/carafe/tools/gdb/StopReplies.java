package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.DebugPoint;
import dev.carafe.core.machine.Stop;

/** Tells a client why the machine has stopped ("Stop Reply Packets" in GDB's manual). */
final class StopReplies {
    private static final int INTERRUPTED = 2; // SIGINT
    private static final int TRAP = 5; // SIGTRAP
    private static final int ABORTED = 6; // SIGABRT

    private final ThreadIds threads;
    private final PointSet points;
    private boolean software;
    private boolean hardware;

    StopReplies(ThreadIds threads, PointSet points) {
        this.threads = threads;
        this.points = points;
    }

    /** The client wants to hear of software breakpoints by name. */
    void nameSoftwareBreakpoints() {
        software = true;
    }

    /** The client wants to hear of hardware breakpoints by name. */
    void nameHardwareBreakpoints() {
        hardware = true;
    }

    /** To {@code ?}: the machine stands still for this client. */
    String attached(int vcpu) {
        return reply(TRAP, vcpu, "");
    }

    String of(Stop why, int vcpu) {
        return switch (why.cause()) {
            case Stop.Requested() -> reply(INTERRUPTED, vcpu, "");
            case Stop.Stepped() -> reply(TRAP, vcpu, "");
            case Stop.ShutDown() -> reply(ABORTED, vcpu, "");
            case Stop.Reached(DebugPoint point, long address) ->
                    reply(TRAP, vcpu, reason(point, address));
        };
    }

    private String reason(DebugPoint point, long address) {
        return switch (point.kind()) {
            case CODE -> breakpoint(point);
            case WRITE -> "watch:%x;".formatted(address);
            case READ -> "rwatch:%x;".formatted(address);
            case ACCESS -> "awatch:%x;".formatted(address);
        };
    }

    private String breakpoint(DebugPoint point) {
        if (points.isSoftware(point)) {
            return software ? "swbreak:;" : "";
        }
        return hardware ? "hwbreak:;" : "";
    }

    private String reply(int signal, int vcpu, String reason) {
        return "T%02xthread:%s;%s".formatted(signal, threads.of(vcpu), reason);
    }
}
