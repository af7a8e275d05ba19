package dev.carafe.devices.pci;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.AccessSize;
import dev.carafe.devices.SavedState;
import java.util.Map;

/**
 * PCI configuration mechanism 1 at CF8h to CFFh (PCI Local Bus Specification, "Configuration
 * Mechanism #1"). A byte access to CF9h belongs to the reset control register.
 */
public final class PciHost implements BusDevice, Stateful<PciHost.State> {
    private static final int STATE_VERSION = 1;
    private static final int RESET = 1;
    private static final int DATA = 4;
    private static final int END = 8;
    private static final long ENABLED = 0x8000_0000L;
    private static final long ADDRESS_BITS = 0x80FF_FFFCL;

    private final Map<Integer, PciFunction> functions;
    private final BusDevice reset;
    private long address; // guarded by this

    /**
     * Makes the host.
     *
     * @param functions by bus, device and function: {@code bus << 8 | device << 3 | function}
     * @param reset the device at CF9h
     */
    public PciHost(Map<Integer, PciFunction> functions, BusDevice reset) {
        this.functions = Map.copyOf(functions);
        this.reset = reset;
    }

    @Override
    public synchronized long read(int offset, int size) {
        if (offset == RESET && size == 1) {
            return reset.read(0, 1);
        }
        if (offset == 0 && size == Integer.BYTES) {
            return address;
        }
        PciFunction function = selected();
        int first = offset - DATA;
        if (offset < DATA || offset + size > END || function == null) {
            return AccessSize.allOnes(size);
        }
        return function.readConfiguration((int) address & 0xFC | first, size);
    }

    @Override
    public synchronized void write(int offset, int size, long value) {
        if (offset == RESET && size == 1) {
            reset.write(0, 1, value);
        } else if (offset == 0 && size == Integer.BYTES) {
            address = value & ADDRESS_BITS;
        } else if (offset >= DATA && offset + size <= END) {
            PciFunction function = selected();
            if (function != null) {
                function.writeConfiguration((int) address & 0xFC | offset - DATA, size, value);
            }
        }
    }

    private PciFunction selected() {
        return (address & ENABLED) == 0 ? null : functions.get((int) (address >> 8) & 0xFFFF);
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, address);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "PCI host");
        address = state.address;
    }

    /** The address register. */
    public record State(int version, long address) {}
}
