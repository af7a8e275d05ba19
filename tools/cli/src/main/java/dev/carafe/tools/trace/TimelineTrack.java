package dev.carafe.tools.trace;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.machine.DebugMemory;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.core.time.Clock;
import dev.carafe.tools.symbols.Symbolizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One processor of a {@link Timeline}. Used by its thread, and by whoever ends the timeline. */
final class TimelineTrack {
    private static final int DEEPEST = 32;
    private static final int SHORTEST_WINDOW = 50; // instructions with IF=0 that are shown
    private static final int FEWEST_PAUSES = 16; // that make a spin
    private static final int SPIN_GAP = 200; // instructions between two PAUSEs of one spin
    private static final int FIXED_DELIVERY = 0x700; // the ICR's delivery mode
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private final Timeline timeline;
    private final Vcpu vcpu;
    private final Cpu cpu;
    private final DebugMemory memory;
    private final Symbolizer symbols;
    private final Clock clock;
    private final byte[] opcode = new byte[2];
    private final Deque<Open> interrupts = new ArrayDeque<>();
    private long instructions;
    private long events; // rare events seen
    private boolean started;
    private boolean returns; // the instruction is IRET
    private long disabledSince = -1;
    private long disabledAt; // instructions
    private long disabledRip;
    private long haltedSince = -1;
    private long spinSince = -1;
    private long spinRip;
    private long lastPause; // instructions
    private long lastPauseTime;
    private int pauses;

    private record Open(String name, long start, long rip) {}

    TimelineTrack(
            Timeline timeline, Vcpu vcpu, DebugMemory memory, Symbolizer symbols, Clock clock) {
        this.timeline = timeline;
        this.vcpu = vcpu;
        this.cpu = vcpu.cpu();
        this.memory = memory;
        this.symbols = symbols;
        this.clock = clock;
    }

    void before() {
        if (!started) {
            started = true;
            events = cpu.rare.count();
        }
        instructions++;
        if (haltedSince >= 0) {
            span(Timeline.WAITING, "HLT", haltedSince, clock.now(), cpu.rip);
            haltedSince = -1;
        }
        if (spinSince >= 0 && instructions - lastPause > SPIN_GAP) {
            endSpin();
        }
        readOpcode();
        if (opcode[0] == (byte) 0xF3 && opcode[1] == (byte) 0x90) {
            pause();
        }
        returns = opcode[0] == (byte) 0xCF || opcode[0] == 0x48 && opcode[1] == (byte) 0xCF;
    }

    private void readOpcode() {
        long base = cpu.control.codeIs64() ? 0 : cpu.segments.base(Segments.CS);
        long linear = cpu.control.codeIs64() ? cpu.rip : base + cpu.rip & LOW_32;
        opcode[0] = 0;
        opcode[1] = 0;
        memory.read(vcpu, linear, opcode);
    }

    private void pause() {
        long now = clock.now();
        if (spinSince < 0 || spinRip != cpu.rip) {
            endSpin();
            spinSince = now;
            spinRip = cpu.rip;
        }
        pauses++;
        lastPause = instructions;
        lastPauseTime = now;
    }

    private void endSpin() {
        if (spinSince >= 0 && pauses >= FEWEST_PAUSES) {
            String name = "spin at " + symbols.describeShort(spinRip);
            span(Timeline.WAITING, name, spinSince, lastPauseTime, spinRip);
        }
        spinSince = -1;
        pauses = 0;
    }

    void after() {
        if (returns && !interrupts.isEmpty()) {
            close(interrupts.pop(), clock.now());
        }
        if (cpu.rare.count() != events) {
            rareEvents();
        }
        if (cpu.cpl == 3) {
            endInterrupts();
        }
        if (cpu.activity == Activity.HALTED) {
            haltedSince = clock.now();
            endSpin();
        }
        interruptFlag();
    }

    private void rareEvents() {
        List<RareEvents.Event> recent = cpu.rare.events();
        int fresh = (int) Math.min(cpu.rare.count() - events, recent.size());
        events = cpu.rare.count();
        long now = clock.now();
        for (RareEvents.Event event : recent.subList(recent.size() - fresh, recent.size())) {
            int vector = (int) event.detail() & 0xFF;
            switch (event.kind()) {
                case INTERRUPT -> {
                    open("interrupt 0x%02x".formatted(vector), now, event.rip());
                    timeline.received(cpu.index, vector, now);
                }
                case EXCEPTION -> open(ExceptionVector.name(vector), now, event.rip());
                case SOFTWARE_INTERRUPT -> open("INT 0x%02x".formatted(vector), now, event.rip());
                case IPI -> {
                    if ((event.detail() & FIXED_DELIVERY) == 0) {
                        timeline.sent(cpu.index, vector, now, symbols.describeShort(event.rip()));
                    }
                }
                default -> {} // is no time that passes
            }
        }
    }

    private void open(String name, long now, long rip) {
        if (interrupts.size() == DEEPEST) {
            endInterrupts();
        }
        interrupts.push(new Open(name, now, rip));
    }

    private void close(Open open, long now) {
        span(Timeline.INTERRUPTS, open.name(), open.start(), now, open.rip());
    }

    private void endInterrupts() {
        while (!interrupts.isEmpty()) {
            close(interrupts.pop(), clock.now());
        }
    }

    private void interruptFlag() {
        boolean disabled = !cpu.interruptsEnabled() && cpu.activity == Activity.RUNNING;
        if (disabled && disabledSince < 0) {
            disabledSince = clock.now();
            disabledAt = instructions;
            disabledRip = cpu.rip;
        } else if (!disabled && disabledSince >= 0) {
            endWindow();
        }
    }

    private void endWindow() {
        if (disabledSince >= 0 && instructions - disabledAt >= SHORTEST_WINDOW) {
            span(Timeline.DISABLED, "IF=0", disabledSince, clock.now(), disabledRip);
        }
        disabledSince = -1;
    }

    private void span(int thread, String name, long start, long end, long rip) {
        timeline.span(cpu.index, thread, name, start, end, symbols.describeShort(rip));
    }

    /** The run is over: what lasts has lasted until now. */
    void end() {
        endInterrupts();
        endWindow();
        endSpin();
        if (haltedSince >= 0) {
            span(Timeline.WAITING, "HLT", haltedSince, clock.now(), cpu.rip);
        }
    }
}
