package dev.carafe.core.bus;

/** Model-specific registers that live in a device, such as the local APIC's. */
public interface MsrDevice {
    /**
     * RDMSR.
     *
     * @throws MsrRejected when the access must raise #GP(0)
     */
    long readMsr(int register);

    /**
     * WRMSR.
     *
     * @throws MsrRejected when the access must raise #GP(0)
     */
    void writeMsr(int register, long value);
}
