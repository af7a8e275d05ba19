package dev.carafe.firmware;

/** How an application processor begins. */
public sealed interface ProcessorStart {
    /** Its place in {@link MachineDescription#cpus()}. */
    int cpu();

    /** It waits for a start-up IPI, as after INIT. */
    record WaitForSipi(int cpu) implements ProcessorStart {}

    /**
     * It is parked by the loader (Limine protocol, "MP (Multiprocessor) Feature"). When the eight
     * aligned bytes at {@code gotoAddress} are read with acquire order and are not zero, the
     * processor takes {@code atRelease}, with that value as RIP. While parked it is in the state
     * {@code atRelease} but for RIP, and obeys INIT and NMI.
     *
     * @param gotoAddress physical address of the goto_address word
     * @param atRelease RIP is zero; RDI points to the processor's info structure and RSP into its
     *     own stack
     */
    record ParkedCpu(int cpu, long gotoAddress, InitialState atRelease) implements ProcessorStart {}
}
