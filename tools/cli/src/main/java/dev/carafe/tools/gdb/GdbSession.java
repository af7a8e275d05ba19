package dev.carafe.tools.gdb;

import dev.carafe.core.machine.Motion;
import dev.carafe.core.machine.RunListener;
import dev.carafe.core.machine.Stop;
import dev.carafe.core.machine.Vcpu;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * One client and what it has asked for. A thread reads its packets; another one, which calls {@link
 * #run}, answers them one after the other and tells it when the machine stops. All state is guarded
 * by the server's lock.
 */
final class GdbSession implements RunListener, PacketReader.Receiver {
    private static final int PACKETS_AHEAD = 16;
    private static final int CONSOLE_PIECE = 1024;
    private static final String MONITOR = "qRcmd,";
    private static final String OK = "OK";
    private static final String UNSUPPORTED = "";

    /** What may happen. */
    private sealed interface Event {
        record Packet(String text) implements Event {}

        record Interrupt() implements Event {}

        record Overrun() implements Event {}

        record Stopped(Stop why) implements Event {}

        record Gone() implements Event {}
    }

    private final GdbServer server;
    private final PacketWriter writer;
    private final PacketReader reader;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Semaphore ahead = new Semaphore(PACKETS_AHEAD); // a flood waits in the socket
    private final QueryPackets queries = new QueryPackets(this);
    private RegisterPackets registers; // chosen with the first machine, and kept
    private final ThreadIds threads = new ThreadIds();
    private final PointSet points = new PointSet();
    private final StopReplies replies = new StopReplies(threads, points);
    private int general; // the vCPU of registers and memory
    private int continued = ThreadIds.ANY; // that of c and s
    private int stepBits = Resumption.STEP_ALL;
    private boolean physicalMemory;
    private boolean waiting; // the client waits for a stop
    private boolean attached;
    private boolean resumesAtEnd;

    GdbSession(GdbServer server, InputStream in, OutputStream out) {
        this.server = server;
        writer = new PacketWriter(out);
        reader = new PacketReader(in, writer, this);
    }

    /** Serves the client until it is gone. */
    void run() {
        Thread.ofPlatform().daemon().name("gdb-packets").start(this::read);
        Event event = new Event.Overrun();
        server.locked(this::begin);
        while (!(event instanceof Event.Gone)) {
            event = next();
            Event each = event;
            server.locked(() -> handle(each));
        }
    }

    private void read() {
        try {
            reader.run();
        } finally {
            events.add(new Event.Gone());
        }
    }

    private Event next() {
        try {
            return events.take();
        } catch (InterruptedException e) {
            return new Event.Gone();
        }
    }

    private void handle(Event event) {
        switch (event) {
            case Event.Packet(String text) -> {
                ahead.release();
                obey(text);
            }
            case Event.Interrupt() -> {
                ahead.release();
                if (waiting) {
                    target().control().stop();
                }
            }
            case Event.Overrun() -> {
                ahead.release();
                writer.packet(new PacketError().reply());
            }
            case Event.Stopped(Stop why) -> {
                boolean current = target().control().stopped().filter(s -> s == why).isPresent();
                if (waiting && current) {
                    waiting = false;
                    general = why.vcpu() == Stop.NOBODY ? general : why.vcpu();
                    writer.packet(replies.of(why, general));
                }
            }
            case Event.Gone() -> leave(resumesAtEnd);
        }
    }

    // ---- from other threads

    @Override
    public void packet(String text) {
        ahead.acquireUninterruptibly();
        events.add(new Event.Packet(text));
    }

    @Override
    public void interrupt() {
        ahead.acquireUninterruptibly();
        events.add(new Event.Interrupt());
    }

    @Override
    public void overrun() {
        ahead.acquireUninterruptibly();
        events.add(new Event.Overrun());
    }

    @Override
    public void stopped(Stop why) {
        events.add(new Event.Stopped(why));
    }

    @Override
    public void resumed() {}

    // ---- the machine, with the server locked

    private void begin() {
        registers = new RegisterPackets(new RegisterSet(target().narrow()));
        attach();
    }

    /** From here on the client is told of the machine, and has it stand still. */
    private void attach() {
        listen();
        target().control().stop();
        waiting = false;
    }

    private void listen() {
        if (!attached) {
            attached = true;
            resumesAtEnd = target().control().stopped().isEmpty();
            target().control().listen(this);
            target().control().stopAtShutdown(true);
        }
    }

    private void leave(boolean resume) {
        if (attached) {
            attached = false;
            waiting = false;
            points.removeAll(target().control());
            target().control().unlisten(this);
            target().control().stopAtShutdown(false);
            if (resume) {
                target().control().resume();
            }
        }
    }

    /** The guest was reset: a new machine takes the place of the one before. */
    void moveTo(GdbTarget machine, boolean stopped) {
        if (attached) {
            points.insertAll(machine.control());
            machine.control().listen(this);
            machine.control().stopAtShutdown(true);
        }
        if (stopped) {
            machine.control().stop();
        }
    }

    /** The run is over. */
    void exited(int code) {
        if (attached) {
            attached = false;
            writer.packet("W%02x".formatted(code & 0xFF));
        }
    }

    GdbTarget target() {
        return server.target();
    }

    // ---- packets

    private void obey(String text) {
        try {
            String reply = text.isEmpty() ? UNSUPPORTED : reply(text);
            if (reply != null) {
                writer.packet(reply);
            }
        } catch (PacketError error) {
            writer.packet(error.reply());
        }
    }

    /** The answer, or null when there is none, or not yet. */
    private String reply(String text) {
        String rest = text.substring(1);
        return switch (text.charAt(0)) {
            case '?' -> halt();
            case 'c', 'C', 's', 'S' -> proceed(text.charAt(0), rest);
            case 'v' -> multiLetter(text);
            case 'D' -> detach();
            case 'k' -> kill();
            case '!' -> OK;
            case 'H' -> select(rest);
            case 'T' -> alive(rest);
            case 'q' -> text.startsWith(MONITOR) ? monitor(text) : look(text);
            case 'Z' -> point(true, rest);
            case 'z' -> point(false, rest);
            default -> look(text);
        };
    }

    private String look(String text) {
        return target().control().still(() -> looking(text));
    }

    /** Packets that look at the machine or change what it holds. */
    private String looking(String text) {
        String rest = text.substring(1);
        return switch (text.charAt(0)) {
            case 'g' -> registers.readAll(vcpu().cpu());
            case 'G' -> registers.writeAll(vcpu().cpu(), rest);
            case 'p' -> registers.read(vcpu().cpu(), rest);
            case 'P' -> registers.write(vcpu().cpu(), rest);
            case 'm' -> memory().read(rest);
            case 'M' -> memory().write(rest);
            case 'X' -> memory().writeBinary(rest);
            case 'q', 'Q' -> queries.answer(text);
            default -> UNSUPPORTED;
        };
    }

    private String halt() {
        attach();
        points.removeAll(target().control());
        return replies.attached(general);
    }

    private String multiLetter(String text) {
        if (text.equals("vCont?")) {
            return "vCont;c;C;s;S;r;t";
        }
        if (text.startsWith("vCont;")) {
            String actions = text.substring("vCont;".length());
            return resume(Resumption.actions(actions, target().count(), stepBits));
        }
        if (text.startsWith("vKill;")) {
            writer.packet(OK);
            return kill();
        }
        if (text.startsWith("vAttach;")) {
            return halt();
        }
        return UNSUPPORTED;
    }

    /** {@code c}, {@code s}, and with a signal, which nothing here takes. */
    private String proceed(char letter, String rest) {
        boolean signalled = letter == 'C' || letter == 'S';
        int semicolon = rest.indexOf(';');
        String address = signalled ? semicolon < 0 ? "" : rest.substring(semicolon + 1) : rest;
        if (!address.isEmpty()) {
            long rip = Hex.number(address);
            Vcpu whose = target().vcpus().get(Math.max(continued, 0));
            target().control().still(() -> whose.cpu().rip = rip);
        }
        boolean step = letter == 's' || letter == 'S';
        Motion motion = step ? Resumption.step(0, 0, stepBits) : Motion.RUN;
        int whom = step && continued < 0 ? general : continued;
        return resume(Resumption.of(motion, whom, target().count()));
    }

    private String resume(List<Motion> motions) {
        attach();
        waiting = true;
        resumesAtEnd = true;
        target().control().resume(motions);
        return null;
    }

    private String detach() {
        leave(true);
        return OK;
    }

    private String kill() {
        leave(false);
        server.quit();
        return null;
    }

    private String select(String text) {
        int vcpu = ThreadIds.parse(text.isEmpty() ? text : text.substring(1), target().count());
        switch (text.charAt(0)) {
            case 'g' -> general = vcpu < 0 ? general : vcpu;
            case 'c' -> continued = vcpu;
            default -> throw new PacketError();
        }
        return OK;
    }

    private String alive(String thread) {
        ThreadIds.parse(thread, target().count());
        return OK;
    }

    private String point(boolean insert, String text) {
        listen();
        points.obey(target().control(), insert, text);
        return OK;
    }

    private Vcpu vcpu() {
        return target().vcpus().get(general);
    }

    // ---- for queries

    MemoryPackets memory() {
        return new MemoryPackets(target().control().memory(), vcpu(), physicalMemory);
    }

    /** Sends what a monitor command prints, as console output. */
    private String monitor(String packet) {
        byte[] command = Hex.bytes(packet.substring(MONITOR.length()));
        String line = new String(command, StandardCharsets.UTF_8);
        byte[] output = server.monitor(line).getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < output.length; at += CONSOLE_PIECE) {
            int end = Math.min(output.length, at + CONSOLE_PIECE);
            writer.packet("O" + Hex.of(Arrays.copyOfRange(output, at, end)));
        }
        return OK;
    }

    String description() {
        return registers.description();
    }

    ThreadIds threads() {
        return threads;
    }

    int generalVcpu() {
        return general;
    }

    int stepBits() {
        return stepBits;
    }

    void setStepBits(int bits) {
        stepBits = bits;
    }

    boolean physicalMemory() {
        return physicalMemory;
    }

    void setPhysicalMemory(boolean on) {
        physicalMemory = on;
    }

    StopReplies replies() {
        return replies;
    }

    void stopAcknowledging() {
        reader.stopAcknowledging();
    }
}
