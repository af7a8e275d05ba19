package dev.carafe.tools.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.InstructionTracer;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.time.Clock;
import dev.carafe.tools.symbols.Symbolizer;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What processors do over time, as Trace Event JSON, which Perfetto shows: for each a track of
 * interrupts and exceptions, one of windows with interrupts disabled, one of halts and spins, and
 * one of interprocessor interrupts sent; arrows lead from an interprocessor interrupt's sender to
 * its receiver. Times are virtual.
 *
 * <p>The processors are looked at instruction by instruction, so everything takes longer than it
 * would otherwise; what takes how long compared with what stays about the same.
 */
public final class Timeline implements InstructionTracer, AutoCloseable {
    /** Threads of each process in the file, which stands for a processor. */
    static final int INTERRUPTS = 1;

    static final int DISABLED = 2;
    static final int WAITING = 3;
    static final int SENT = 4;

    private static final int MOST_EVENTS = 5_000_000;
    private static final int MOST_OPEN_ARROWS = 64;
    private static final double NANOS_PER_MICROSECOND = 1000;
    private static final String[] THREADS = {
        "", "interrupts", "IF=0", "halts and spins", "IPIs sent"
    };

    private final JsonGenerator json; // guarded by this, as all below
    private final Map<Integer, Deque<Long>> arrows = new HashMap<>(); // open ones, by vector
    private long arrowsBegun;
    private int events;
    private boolean closed;
    private volatile TimelineTrack[] tracks; // replaced before a machine starts

    /**
     * @throws IOException when nothing can be written
     */
    public Timeline(Writer writer) throws IOException {
        json = new JsonFactory().createGenerator(writer);
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ns");
        json.writeArrayFieldStart("traceEvents");
    }

    /** These are the processors from now on. */
    public void attach(Machine machine, Symbolizer symbols) {
        Clock clock = machine.timers();
        TimelineTrack[] made = new TimelineTrack[machine.vcpus().size()];
        for (int i = 0; i < made.length; i++) {
            made[i] =
                    new TimelineTrack(
                            this,
                            machine.vcpus().get(i),
                            machine.control().memory(),
                            symbols,
                            clock);
            name(i, "process_name", 0, "CPU " + i);
            for (int thread = INTERRUPTS; thread <= SENT; thread++) {
                name(i, "thread_name", thread, THREADS[thread]);
            }
        }
        tracks = made;
    }

    @Override
    public void before(Cpu cpu) {
        tracks[cpu.index].before();
    }

    @Override
    public void after(Cpu cpu, boolean executed) {
        tracks[cpu.index].after();
    }

    // ---- what tracks write

    /** Something that began and ended. */
    synchronized void span(int cpu, int thread, String name, long start, long end, String where) {
        write(
                () -> {
                    begin("X", cpu, thread, name, start);
                    json.writeNumberField("dur", (end - start) / NANOS_PER_MICROSECOND);
                    json.writeObjectFieldStart("args");
                    json.writeStringField("at", where);
                    json.writeEndObject();
                    json.writeEndObject();
                });
    }

    /** An interprocessor interrupt leaves. */
    synchronized void sent(int cpu, int vector, long time, String where) {
        long id = ++arrowsBegun;
        Deque<Long> open = arrows.computeIfAbsent(vector, any -> new ArrayDeque<>());
        if (open.size() == MOST_OPEN_ARROWS) {
            open.remove();
        }
        open.add(id);
        span(cpu, SENT, "send IPI 0x%02x".formatted(vector), time, time + 1000, where);
        arrow("s", cpu, SENT, id, time);
    }

    /** An interrupt arrives; perhaps somebody has sent it. */
    synchronized void received(int cpu, int vector, long time) {
        Deque<Long> open = arrows.get(vector);
        if (open != null && !open.isEmpty()) {
            arrow("f", cpu, INTERRUPTS, open.remove(), time);
        }
    }

    private void arrow(String phase, int cpu, int thread, long id, long time) {
        write(
                () -> {
                    begin(phase, cpu, thread, "IPI", time);
                    json.writeStringField("cat", "ipi");
                    json.writeNumberField("id", id);
                    if (phase.equals("f")) {
                        json.writeStringField("bp", "e");
                    }
                    json.writeEndObject();
                });
    }

    private synchronized void name(int cpu, String kind, int thread, String name) {
        write(
                () -> {
                    begin("M", cpu, thread, kind, 0);
                    json.writeObjectFieldStart("args");
                    json.writeStringField("name", name);
                    json.writeEndObject();
                    json.writeEndObject();
                });
    }

    private void begin(String phase, int cpu, int thread, String name, long time)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", phase);
        json.writeNumberField("pid", cpu + 1); // 0 is no process of its own
        json.writeNumberField("tid", thread);
        json.writeStringField("name", name);
        json.writeNumberField("ts", time / NANOS_PER_MICROSECOND);
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void write(Writing writing) {
        if (closed || events >= MOST_EVENTS) {
            return;
        }
        try {
            writing.run();
            json.writeRaw('\n');
            events++;
        } catch (IOException e) {
            closed = true; // a full disk ends the file, not the run
        }
    }

    /** Ends what still lasts, and the file. */
    @Override
    public synchronized void close() throws IOException {
        if (tracks != null) {
            for (TimelineTrack track : tracks) {
                track.end();
            }
        }
        closed = true;
        json.writeEndArray();
        json.writeEndObject();
        json.close();
    }
}
