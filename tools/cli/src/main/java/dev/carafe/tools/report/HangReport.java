package dev.carafe.tools.report;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.LockWriters.Writer;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.core.cpu.RareEvents.Kind;
import dev.carafe.core.cpu.Registers;
import dev.carafe.tools.symbols.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is said about a machine that can never change again. */
final class HangReport {
    private static final long PAGE = 4096;

    /** A lock's function uses less of the stack than an interrupt's frame and its handler do. */
    private static final long LOCK_FRAME = 64;

    private final Scene scene;
    private final Wakeups wakeups;
    private final LockOwner owners;

    private final List<Wait> waits;

    /**
     * While the machine stands still.
     *
     * @param circles those processors that go round in circles
     */
    HangReport(Scene scene, Wakeups wakeups, Map<Cpu, CycleFinder> circles) {
        this.scene = scene;
        this.wakeups = wakeups;
        owners = new LockOwner(scene);
        waits =
                circles.entrySet().stream()
                        .sorted(Comparator.comparing(entry -> entry.getKey().index))
                        .map(entry -> wait(entry.getKey(), entry.getValue()))
                        .toList();
    }

    /** One processor that waits in a circle. */
    private record Wait(Cpu cpu, CycleFinder.Read word, String lock, Optional<Writer> owner) {}

    /**
     * Whether some wait in a ring for what only they themselves could release, or one for a lock of
     * the code that it has interrupted.
     */
    boolean ownersAreStuck() {
        for (Wait wait : waits) {
            Wait at = wait;
            for (int i = 0; i < waits.size() && at != null; i++) {
                at = waitOf(at.owner());
                if (at == wait && (i > 0 || interruptedItself(wait))) {
                    return true;
                }
            }
        }
        return false;
    }

    private Wait waitOf(Optional<Writer> owner) {
        for (Wait wait : waits) {
            if (owner.isPresent() && owner.get().vcpu() == wait.cpu().index) {
                return wait;
            }
        }
        return null;
    }

    /** Whether the lock was taken before the interrupt in whose handler it is waited for. */
    private boolean interruptedItself(Wait wait) {
        Writer owner = wait.owner().get();
        if (owner.rip() == LockOwner.UNKNOWN) {
            return true; // it drew two tickets, which is as bad without any interrupt
        }
        for (Event event : handled(wait.cpu())) {
            boolean before =
                    owner.interrupts()
                            || owner.instructions() + PAGE < event.instructions()
                            || Long.compareUnsigned(owner.stack() + LOCK_FRAME, event.stack()) > 0;
            if (event.kind() == Kind.INTERRUPT && before) {
                return true;
            }
        }
        return false;
    }

    /**
     * The whole report.
     *
     * @param idle who could be interrupted, and has nothing to do
     */
    Report make(Set<Cpu> idle) {
        if (waits.isEmpty()) {
            return dead();
        }
        boolean deadlock = waits.stream().anyMatch(wait -> owes(wait, waits));
        StringBuilder headline = new StringBuilder(deadlock ? "DEADLOCK" : "HANG");
        headline.append(" after ").append(Text.count(scene.machine().executed()));
        headline.append(" instructions.");
        for (Wait wait : waits) {
            headline.append(' ').append(text(wait));
        }
        headline.append(halted());
        headline.append(
                idle.isEmpty()
                        ? " No interrupt can reach them."
                        : " The others idle, and no interrupt can reach those that spin.");
        headline.append(hint(waits));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("waits", waits.stream().map(HangReport::facts).toList());
        return new Report(
                "hang",
                deadlock ? "deadlock" : "endless-wait",
                waits.getFirst().cpu().index,
                headline.toString(),
                new Overview(scene).lines(waits.getFirst().cpu()),
                facts);
    }

    private static Map<String, Object> facts(Wait wait) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", wait.cpu().index);
        facts.put("rip", Text.hex(wait.cpu().rip));
        if (wait.word() != null) {
            facts.put("address", Text.hex(wait.word().address()));
            facts.put("lock", wait.lock());
        }
        wait.owner().ifPresent(owner -> facts.put("owner", owner.vcpu()));
        wait.owner().ifPresent(owner -> facts.put("ownerRip", Text.hex(owner.rip())));
        return facts;
    }

    private Wait wait(Cpu cpu, CycleFinder circle) {
        CycleFinder.Read word = null;
        for (CycleFinder.Read read : circle.reads().values()) {
            boolean onStack =
                    read.address() - cpu.regs[Registers.RSP] >= 0
                            && read.address() - cpu.regs[Registers.RSP] < PAGE;
            boolean better = word == null || read.locked() && !word.locked();
            word = !onStack && better ? read : word;
        }
        if (word == null) {
            return new Wait(cpu, null, "", Optional.empty());
        }
        String lock = scene.symbols().data(word.address()).map(Place::inSymbol).orElse("no symbol");
        return new Wait(cpu, word, lock, owners.of(cpu, word));
    }

    private static boolean owes(Wait wait, List<Wait> all) {
        return wait.owner().isPresent()
                && all.stream().anyMatch(other -> other.cpu().index == wait.owner().get().vcpu());
    }

    private String text(Wait wait) {
        Cpu cpu = wait.cpu();
        StringBuilder out = new StringBuilder("CPU ").append(cpu.index);
        out.append(wait.word() == null ? " loops at " : " spins at ");
        out.append(scene.place(wait.word() == null ? cpu.rip : wait.word().rip()));
        if (wait.word() != null) {
            out.append(" on ").append(Text.hex(wait.word().address()));
            out.append(" (").append(wait.lock()).append(')');
        }
        out.append(", IF=").append(cpu.interruptsEnabled() ? 1 : 0).append(inHandler(cpu));
        out.append('.');
        wait.owner()
                .ifPresent(
                        owner -> {
                            String who =
                                    owner.vcpu() == cpu.index
                                            ? "CPU " + cpu.index + " itself"
                                            : "CPU " + owner.vcpu();
                            out.append(" Last locked by ").append(who);
                            out.append(ownerPlace(cpu, owner)).append('.');
                        });
        return out.toString();
    }

    private String ownerPlace(Cpu cpu, Writer owner) {
        if (owner.rip() != LockOwner.UNKNOWN) {
            return " at " + owners.where(owner) + ", IF was " + (owner.interrupts() ? 1 : 0);
        }
        for (Event event : handled(cpu).reversed()) {
            if (event.kind() == Kind.INTERRUPT) {
                return " before the interrupt, which came at " + scene.place(event.rip());
            }
        }
        return "";
    }

    private String inHandler(Cpu cpu) {
        for (Event event : handled(cpu).reversed()) {
            if (event.kind() == Kind.INTERRUPT) {
                return ", inside vector " + Text.hex(event.detail() & 0xFF, 2);
            }
        }
        return "";
    }

    private List<Event> handled(Cpu cpu) {
        return new Nesting(scene, cpu)
                .handled(cpu.rare.events(), cpu.regs[Registers.RSP], Long.MAX_VALUE);
    }

    private String hint(List<Wait> waits) {
        for (Wait wait : waits) {
            boolean itself =
                    wait.owner().isPresent() && wait.owner().get().vcpu() == wait.cpu().index;
            if (itself && interruptedItself(wait) && !inHandler(wait.cpu()).isEmpty()) {
                return " Hint: disable interrupts while holding " + wait.lock() + ".";
            }
            if (itself) {
                return " Hint: " + wait.lock() + " is taken twice by the same CPU.";
            }
        }
        List<String> locks = waits.stream().map(Wait::lock).distinct().toList();
        if (locks.size() > 1 && waits.stream().allMatch(wait -> owes(wait, waits))) {
            return " Hint: take " + String.join(" and ", locks) + " in the same order everywhere.";
        }
        return "";
    }

    // ---- nobody executes

    private Report dead() {
        StringBuilder headline = new StringBuilder("DEAD MACHINE after ");
        headline.append(Text.count(scene.machine().executed())).append(" instructions:");
        headline.append(halted());
        List<String> lines = new ArrayList<>();
        String code = "all-halted";
        Cpu culprit = null;
        for (Cpu cpu : scene.cpus()) {
            int blocking = wakeups.blockedBy(cpu);
            if (blocking >= 0 && cpu.interruptsEnabled()) {
                headline.append(blocked(cpu, blocking));
                code = "missing-eoi";
            }
            if (wakeups.timerMasked(cpu) && ProcessorState.started(cpu)) {
                headline.append(
                        " CPU %d: its timer was started, but its LVT entry is masked."
                                .formatted(cpu.index));
                code = "timer-masked";
            }
            String began = whatBegan(cpu, lines);
            if (!began.isEmpty() && culprit == null) {
                headline.append(began);
                culprit = cpu;
                code = "halted-in-handler";
            }
        }
        headline.append(
                " No timer is armed that could reach a CPU, no interrupt is pending, no host");
        headline.append(" input is possible: nothing can wake this machine.");
        lines.addAll(
                new Overview(scene).lines(culprit == null ? scene.cpus().getFirst() : culprit));
        int index = culprit == null ? Report.NOBODY : culprit.index;
        return new Report("dead-machine", code, index, headline.toString(), lines, Map.of());
    }

    /** {@code CPU 0, 1 in HLT with IF=1 at idle+0x4}. */
    private String halted() {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (Cpu cpu : scene.cpus()) {
            String what =
                    switch (cpu.activity) {
                        case HALTED ->
                                "in HLT with IF=%d at %s"
                                        .formatted(
                                                cpu.interruptsEnabled() ? 1 : 0,
                                                scene.place(cpu.rip));
                        case WAIT_FOR_SIPI -> "waiting for SIPI";
                        case PARKED -> "parked by the boot loader";
                        case SHUTDOWN -> "in shutdown";
                        case RUNNING -> "";
                    };
            if (cpu.activity != Activity.RUNNING) {
                groups.computeIfAbsent(what, key -> new ArrayList<>()).add(cpu.index);
            }
        }
        StringBuilder out = new StringBuilder();
        groups.forEach(
                (what, cpus) -> {
                    out.append(out.isEmpty() ? " CPU " : ", CPU ");
                    out.append(String.join(", ", cpus.stream().map(String::valueOf).toList()));
                    out.append(' ').append(what);
                });
        return out.isEmpty() ? "" : out.append('.').toString();
    }

    private static String blocked(Cpu cpu, int vector) {
        return " CPU %d: vector %s is still in service, its handler sent no EOI; vectors up to %s are blocked."
                .formatted(cpu.index, Text.hex(vector, 2), Text.hex(vector | 0xF, 2));
    }

    /** The exception in whose handler a processor has halted. */
    private String whatBegan(Cpu cpu, List<String> lines) {
        if (cpu.activity != Activity.HALTED || cpu.interruptsEnabled()) {
            return "";
        }
        for (Event event : handled(cpu)) {
            if (event.kind() == Kind.EXCEPTION) {
                int vector = (int) event.detail() & 0xFF;
                int error = (int) (event.detail() >>> 8);
                ExceptionCause cause = new ExceptionCause(scene, cpu);
                Finding why = cause.why(ExceptionCause.Raised.of(event, false));
                lines.addAll(cause.facts());
                return " CPU %d halted in the handler of %s at %s%s."
                        .formatted(
                                cpu.index,
                                Text.exception(vector, error),
                                scene.place(event.rip()),
                                why.text().isEmpty() ? "" : " " + why.text());
            }
        }
        return "";
    }
}
