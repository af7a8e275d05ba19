package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.core.fault.ExceptionVector;
import java.util.List;

/** The last rare events of a processor, one line each. */
final class EventText {
    private static final String[] IPI_MODES = {
        "fixed", "lowest priority", "SMI", "mode 3", "NMI", "INIT", "SIPI", "ExtINT"
    };
    private static final String[] SHORTHANDS = {"", " to itself", " to all", " to all others"};

    private final Scene scene;

    EventText(Scene scene) {
        this.scene = scene;
    }

    List<String> last(Cpu cpu, int most) {
        List<Event> events = cpu.rare.events();
        return events.subList(Math.max(0, events.size() - most), events.size()).stream()
                .map(this::line)
                .toList();
    }

    String line(Event event) {
        String times = event.times() > 1 ? ", " + event.times() + " times" : "";
        return "%15s  %s at %s%s"
                .formatted(
                        Text.count(event.instructions()),
                        what(event),
                        scene.symbols().describeShort(event.rip()),
                        times);
    }

    private static String what(Event event) {
        long detail = event.detail();
        long value = event.value();
        int vector = (int) detail & 0xFF;
        return switch (event.kind()) {
            case EXCEPTION ->
                    Text.exception(vector, (int) (detail >>> 8))
                            + (vector == ExceptionVector.PAGE_FAULT ? addresses(event) : "");
            case INTERRUPT -> "interrupt " + Text.hex(vector, 2);
            case SOFTWARE_INTERRUPT -> "INT " + Text.hex(vector, 2);
            case CONTROL_REGISTER -> "CR" + detail + " = " + Text.hex(value);
            case MSR -> "MSR " + Text.hex(detail) + " = " + Text.hex(value);
            case GDTR -> "GDTR = " + Text.hex(value) + " limit " + Text.hex(detail);
            case IDTR -> "IDTR = " + Text.hex(value) + " limit " + Text.hex(detail);
            case TASK_REGISTER -> "TR = " + Text.hex(detail) + " base " + Text.hex(value);
            case IPI -> interprocessor(detail, value);
            case INIT -> "INIT received";
            case SIPI -> "SIPI received, vector " + Text.hex(vector, 2);
            case RELEASED -> "let go by the boot loader";
            case RESET -> "power-on";
            case SHUTDOWN -> "shutdown";
        };
    }

    private static String addresses(Event event) {
        return event.from() == event.value()
                ? " address " + Text.hex(event.value())
                : " addresses " + Text.hex(event.from()) + " to " + Text.hex(event.value());
    }

    private static String interprocessor(long command, long destination) {
        int mode = (int) (command >> 8) & 7;
        int shorthand = (int) (command >> 18) & 3;
        return "IPI "
                + IPI_MODES[mode]
                + " "
                + Text.hex(command & 0xFF, 2)
                + (shorthand == 0 ? " to " + Text.hex(destination) : SHORTHANDS[shorthand])
                + " sent";
    }
}
