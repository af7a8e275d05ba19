package dev.carafe.core.cpu;

import dev.carafe.core.fault.ExceptionVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log items {@code int} and {@code cpu_reset}: one line for each event, written by the vCPU's
 * own thread, whose name says which CPU it is.
 */
final class EventLog {
    private static final Logger INTERRUPTS = LoggerFactory.getLogger("carafe.int");
    private static final Logger RESETS = LoggerFactory.getLogger("carafe.cpu_reset");

    private EventLog() {}

    /** An exception is about to be delivered. */
    static void exception(Cpu cpu, int vector, int errorCode) {
        if (INTERRUPTS.isInfoEnabled()) {
            String name = ExceptionVector.name(vector);
            String code = ExceptionVector.hasErrorCode(vector) ? "(" + hex(errorCode, 4) + ")" : "";
            INTERRUPTS.info("v={} {}{}{}", hex(vector, 2), name, code, place(cpu));
        }
    }

    /** An interrupt was acknowledged, or INT n executed. */
    static void interrupt(Cpu cpu, String kind, int vector) {
        if (INTERRUPTS.isInfoEnabled()) {
            INTERRUPTS.info("v={} {}{}", hex(vector, 2), kind, place(cpu));
        }
    }

    /** RESET, INIT or SIPI. */
    static void reset(Cpu cpu, String kind) {
        if (RESETS.isInfoEnabled()) {
            RESETS.info("CPU {} {}{}", cpu.index, kind, place(cpu));
        }
    }

    private static String place(Cpu cpu) {
        return " cpl="
                + cpu.cpl
                + " IP="
                + hex(cpu.segments.selector[Segments.CS], 4)
                + ':'
                + hex(cpu.rip, 16)
                + " SP="
                + hex(cpu.segments.selector[Segments.SS], 4)
                + ':'
                + hex(cpu.regs[Registers.RSP], 16)
                + " CR2="
                + hex(cpu.control.cr2(), 16)
                + " flags="
                + hex(cpu.rflags(), 8);
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
