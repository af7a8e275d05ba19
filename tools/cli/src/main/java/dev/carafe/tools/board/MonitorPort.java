package dev.carafe.tools.board;

/** A monitor that was ordered: what it speaks, and where. */
public record MonitorPort(Protocol protocol, HostPort port) {
    /** What is spoken. */
    public enum Protocol {
        /** Lines for people. */
        HUMAN,
        /** JSON for programs. */
        QMP
    }
}
