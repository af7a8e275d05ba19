package dev.carafe.core.machine;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The 65,536 I/O ports. An access goes to the device at its first port when that device's range
 * holds all of it, otherwise byte by byte; a port without a device reads as ones.
 */
public final class PortBus implements Bus {
    private static final int PORTS = 1 << 16;

    /** A device and where it begins. */
    private record Attached(AddressRange range, BusDevice device) {}

    private final Logger guestErrors = LoggerFactory.getLogger("carafe.guest_errors");
    private final Attached[] ports = new Attached[PORTS]; // filled before the vCPUs start
    private final boolean[] reported = new boolean[PORTS]; // a lost update only repeats a message

    @Override
    public void attach(AddressRange range, BusDevice device) {
        if (range.end() > PORTS) {
            throw new IllegalArgumentException("ports %s do not exist".formatted(range));
        }
        for (long port = range.start(); port < range.end(); port++) {
            if (ports[(int) port] != null) {
                throw new IllegalArgumentException(
                        "ports %s are taken: %s lies there"
                                .formatted(range, ports[(int) port].range()));
            }
        }
        Arrays.fill(ports, (int) range.start(), (int) range.end(), new Attached(range, device));
    }

    /** Whether some device answers at this port. */
    public boolean taken(int port) {
        return ports[port] != null;
    }

    @Override
    public long read(long address, int size) {
        int port = (int) address & PORTS - 1;
        Attached at = ports[port];
        if (at != null && port + size <= at.range().end()) {
            return at.device().read((int) (port - at.range().start()), size);
        }
        if (at == null) {
            report("read from", port);
        }
        if (size == 1) {
            return 0xFF;
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= read(port + i, 1) << 8 * i;
        }
        return value;
    }

    @Override
    public void write(long address, int size, long value) {
        int port = (int) address & PORTS - 1;
        Attached at = ports[port];
        if (at != null && port + size <= at.range().end()) {
            at.device().write((int) (port - at.range().start()), size, value);
        } else if (size > 1) {
            for (int i = 0; i < size; i++) {
                write(port + i, 1, value >>> 8 * i & 0xFF);
            }
        } else {
            report("write to", port);
        }
    }

    private void report(String what, int port) {
        if (!reported[port]) {
            reported[port] = true;
            if (guestErrors.isInfoEnabled()) {
                guestErrors.info(
                        "{} port 0x{}, where no device is", what, Integer.toHexString(port));
            }
        }
    }
}
