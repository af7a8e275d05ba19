package dev.carafe.devices.power;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;

/**
 * Ports B2h and B3h, APM control and status (ICH9 data sheet, "APM_CNT"). A write of the FADT's
 * ACPI_ENABLE or ACPI_DISABLE does what the firmware's SMI handler would do.
 *
 * <p>Not modelled: other SMIs.
 */
public final class ApmControl implements ByteDevice, Stateful<ApmControl.State> {
    private static final int STATE_VERSION = 1;
    private static final int CONTROL = 0;
    private static final int STATUS = 1;

    private final AcpiPowerManagement power;
    private final int acpiEnable;
    private final int acpiDisable;
    private int control; // guarded by this
    private int status; // guarded by this

    public ApmControl(AcpiPowerManagement power, int acpiEnable, int acpiDisable) {
        this.power = power;
        this.acpiEnable = acpiEnable;
        this.acpiDisable = acpiDisable;
    }

    @Override
    public synchronized int readByte(int offset) {
        return switch (offset) {
            case CONTROL -> control;
            case STATUS -> status;
            default -> NOTHING;
        };
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset == STATUS) {
            status = value;
        } else if (offset == CONTROL) {
            control = value;
            if (value == acpiEnable) {
                power.setSciEnabled(true);
            } else if (value == acpiDisable) {
                power.setSciEnabled(false);
            }
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, control, status);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "APM control");
        control = state.control;
        status = state.status;
    }

    /** Both ports. */
    public record State(int version, int control, int status) {}
}
