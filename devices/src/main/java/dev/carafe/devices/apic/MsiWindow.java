package dev.carafe.devices.apic;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.devices.AccessSize;

/**
 * The 1 MiB at FEE00000h as devices see it: an aligned 32-bit write is a message-signalled
 * interrupt (SDM Vol. 3A, "Message Signalled Interrupts"). A vCPU's own accesses to its register
 * page do not come here.
 */
public final class MsiWindow implements BusDevice {
    private final ApicBus bus;

    public MsiWindow(ApicBus bus) {
        this.bus = bus;
    }

    @Override
    public long read(int offset, int size) {
        return AccessSize.allOnes(size);
    }

    @Override
    public void write(int offset, int size, long value) {
        if (size == Integer.BYTES && (offset & 3) == 0) {
            bus.deliver(InterruptMessage.ofMsi(offset, (int) value));
        }
    }
}
