package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.core.cpu.RareEvents.Kind;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.TripleFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.machine.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is said about a machine in which a processor shut down, or Carafe itself failed. */
public final class CrashReport {
    /**
     * A reset is forced by loading an empty IDT and raising an exception: within so many rare
     * events.
     */
    private static final int RECENT = 5;

    /** And so many instructions. */
    private static final long SOON = 1000;

    private static final long FEW_INSTRUCTIONS = 100_000;

    private final Scene scene;
    private final Overview overview;

    public CrashReport(Scene scene) {
        this.scene = scene;
        overview = new Overview(scene);
    }

    /** Whether the kernel had just emptied its IDT, as kernels do that want a reset. */
    public static boolean isDeliberate(Cpu cpu) {
        if (cpu.system.idtr.limit() != 0) {
            return false;
        }
        List<Event> events = cpu.rare.events();
        List<Event> recent = events.subList(Math.max(0, events.size() - RECENT), events.size());
        return recent.stream()
                .anyMatch(
                        event ->
                                event.kind() == RareEvents.Kind.IDTR
                                        && cpu.executedBase - event.instructions() < SOON);
    }

    // ---- a triple fault

    /** What began it, and what the processor met on the way down. */
    private record Fall(Event first, List<Event> handled, TripleFault end) {}

    public Report tripleFault(Cpu cpu, TripleFault fault) {
        Fall fall = fall(cpu, fault);
        ExceptionCause cause = new ExceptionCause(scene, cpu);
        Finding why = cause(cause, fall);
        DeliveryReplay replay = new DeliveryReplay(scene, cpu);
        Finding failed = replay.why(fault.first().vector(), fault.failures().getFirst());
        List<String> tables = List.copyOf(replay.facts());

        String headline =
                "TRIPLE FAULT on %s%s. 1st: %s.%s Delivery failed: %s.%s"
                        .formatted(
                                Scene.name(cpu),
                                since(cpu),
                                firstText(fall, why),
                                nestedText(fall),
                                failed.text(),
                                hint(failed, why));
        List<String> lines = new ArrayList<>();
        lines.add("the chain: " + fault);
        lines.addAll(cause.facts());
        lines.addAll(tables);
        lines.addAll(doubleFault(replay, fault, failed));
        lines.addAll(overview.lines(cpu));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cause", why.code());
        facts.put("delivery", failed.code());
        facts.put("vector", (int) fall.first().detail() & 0xFF);
        facts.put("errorCode", fall.first().detail() >>> 8);
        facts.put("rip", Text.hex(fall.first().rip()));
        scene.symbols()
                .code(fall.first().rip())
                .ifPresent(
                        place -> {
                            facts.put("symbol", place.inSymbol());
                            place.source().ifPresent(s -> facts.put("file", s.file()));
                            place.source().ifPresent(s -> facts.put("line", s.line()));
                        });
        String code = why.code().equals("exception") ? failed.code() : why.code();
        return new Report("triple-fault", code, cpu.index, headline, lines, facts);
    }

    private Fall fall(Cpu cpu, TripleFault fault) {
        List<Event> events = cpu.rare.events();
        Event last = null;
        for (Event event : events) {
            boolean begins =
                    event.kind() == Kind.EXCEPTION
                            || event.kind() == Kind.INTERRUPT
                            || event.kind() == Kind.SOFTWARE_INTERRUPT;
            boolean same =
                    ((int) event.detail() & 0xFF) == fault.first().vector()
                            && event.rip() == fault.rip();
            last = begins && same ? event : last;
        }
        if (last == null) { // pushed out: make one up
            long detail = fault.first().vector() | (long) fault.first().errorCode() << 8;
            last =
                    new Event(
                            Kind.EXCEPTION,
                            Long.MAX_VALUE,
                            fault.rip(),
                            cpu.regs[Registers.RSP],
                            cpu.executedBase,
                            detail,
                            fault.first().address(),
                            fault.first().address(),
                            1);
        }
        List<Event> nest = new Nesting(scene, cpu).handled(events, last.stack(), last.order());
        List<Event> exceptions = new ArrayList<>();
        for (Event event : nest) {
            if (event.kind() == Kind.EXCEPTION) {
                exceptions.add(event);
            }
        }
        if (exceptions.isEmpty() && last.times() > 1) {
            addWhatCameBefore(events, last, exceptions);
        }
        exceptions.add(last);
        return new Fall(
                exceptions.getFirst(),
                List.copyOf(exceptions.subList(1, exceptions.size())),
                fault);
    }

    /**
     * A handler that raised its own exception again and again may have overwritten the first frame,
     * or the page tables: what came just before began it.
     */
    private static void addWhatCameBefore(
            List<Event> events, Event repeated, List<Event> exceptions) {
        for (Event event : events) {
            boolean before = event.order() + event.times() == repeated.order();
            if (before && event.kind() == Kind.EXCEPTION) {
                exceptions.add(event);
            }
        }
    }

    private static Finding cause(ExceptionCause cause, Fall fall) {
        Event first = fall.first();
        if (first.kind() != Kind.EXCEPTION) {
            return Finding.of("exception", "", "");
        }
        return cause.why(ExceptionCause.Raised.of(first, fall.handled().isEmpty()));
    }

    private String firstText(Fall fall, Finding why) {
        Event first = fall.first();
        int vector = (int) first.detail() & 0xFF;
        String what =
                switch (first.kind()) {
                    case INTERRUPT -> "interrupt " + Text.hex(vector, 2) + sender(vector);
                    case SOFTWARE_INTERRUPT -> "INT " + Text.hex(vector, 2);
                    default -> Text.exception(vector, (int) (first.detail() >>> 8));
                };
        String text = what + " at " + scene.place(first.rip());
        return why.text().isEmpty() ? text : text + " " + why.text();
    }

    /** Which CPU sent an interprocessor interrupt of that vector last. */
    private String sender(int vector) {
        Event found = null;
        int from = 0;
        for (Cpu cpu : scene.cpus()) {
            for (Event event : cpu.rare.events()) {
                boolean fixed = event.kind() == Kind.IPI && (event.detail() & 0x7FF) == vector;
                from = fixed ? cpu.index : from;
                found = fixed ? event : found;
            }
        }
        return found == null
                ? ""
                : " (fixed IPI from CPU %d at %s)".formatted(from, scene.place(found.rip()));
    }

    private String nestedText(Fall fall) {
        if (fall.handled().isEmpty()) {
            return "";
        }
        Event second = fall.handled().getFirst();
        int vector = (int) second.detail() & 0xFF;
        int times = fall.handled().stream().mapToInt(Event::times).sum();
        return " Its handler raised %s at %s%s."
                .formatted(
                        Text.exception(vector, (int) (second.detail() >>> 8)),
                        scene.place(second.rip()),
                        times > 1 ? " and so on, " + times + " deep" : "");
    }

    private String since(Cpu cpu) {
        Event start = cpu.rare.last(Kind.SIPI);
        start = start == null ? cpu.rare.last(Kind.RELEASED) : start;
        if (start == null) {
            return " after " + Text.count(cpu.executedBase) + " instructions";
        }
        long instructions = cpu.executedBase - start.instructions();
        String what = start.kind() == Kind.SIPI ? "SIPI" : "the boot loader let it go";
        return instructions < FEW_INSTRUCTIONS
                ? ", " + Text.count(instructions) + " instructions after " + what
                : ", " + Text.time(cpu.clock.now() - start.value()) + " after " + what;
    }

    private static String hint(Finding failed, Finding why) {
        String hint = why.hint().isEmpty() ? failed.hint() : why.hint();
        return hint.isEmpty() ? "" : " Hint: " + hint;
    }

    private static List<String> doubleFault(
            DeliveryReplay replay, TripleFault fault, Finding failed) {
        if (fault.failures().size() < 2 && fault.first().vector() == ExceptionVector.DOUBLE_FAULT) {
            return List.of();
        }
        Finding second = replay.why(ExceptionVector.DOUBLE_FAULT, fault.failures().getLast());
        List<String> lines = new ArrayList<>();
        lines.add("#DF could not be delivered either: " + second.text());
        if (!second.text().equals(failed.text())) {
            lines.addAll(replay.facts());
        }
        return lines;
    }

    // ---- our own failures

    /** For a defect of Carafe's own: what was thrown, and where every processor was. */
    public Report internalError(int vcpu, Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace, true));
        List<String> lines = new ArrayList<>(trace.toString().lines().toList());
        boolean known = vcpu != Outcome.NO_VCPU;
        lines.addAll(overview.lines(known ? scene.cpus().get(vcpu) : null));
        return new Report(
                "internal-error",
                "internal-error",
                vcpu,
                "internal error"
                        + (known ? " on CPU " + vcpu : "")
                        + ", please report it: "
                        + cause,
                lines,
                Map.of());
    }
}
