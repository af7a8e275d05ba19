package dev.carafe.devices.apic;

/**
 * The saved APIC timer, part of {@link LocalApic.State}.
 *
 * @param mode bits 18:17 of its LVT entry
 * @param divideConfiguration the divide configuration register
 * @param initialCount the initial count register
 * @param baseTicks undivided ticks of the machine's clock at which the count was {@code baseCount}
 * @param baseCount 0 when stopped
 * @param tscDeadline IA32_TSC_DEADLINE
 * @param expiry nanoseconds of the machine's clock, or {@link Long#MAX_VALUE}
 */
public record ApicTimerState(
        int mode,
        int divideConfiguration,
        int initialCount,
        long baseTicks,
        long baseCount,
        long tscDeadline,
        long expiry) {}
