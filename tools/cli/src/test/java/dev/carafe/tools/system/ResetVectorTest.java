package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.carafe.tools.board.Outcome;
import org.junit.jupiter.api.Test;

/** What happens when a running machine's boot processor comes to the reset vector again. */
class ResetVectorTest {
    private static final long PAGE = 0x7000; // where the guest wants to go on
    private static final int CMOS = 0x70;
    private static final int SHUTDOWN_STATUS = 0x0F;
    private static final long WARM_RESET_VECTOR = 0x467;
    private static final int MEMORY = 128; // MiB
    private static final long WAKING_VECTOR = (MEMORY << 20) - 0x1000 + 12; // in the FACS

    @Test
    void initGoesOnAtTheWarmResetVectorWhenTheShutdownStatusSaysSo() {
        TinyGuest guest =
                goingOn(0x21)
                        .store(TinyGuest.HHDM + WARM_RESET_VECTOR, (int) PAGE)
                        .out8(CMOS, SHUTDOWN_STATUS)
                        .out8(CMOS + 1, 0x0A);

        assertEquals(0x21 << 1 | 1, run(init(guest)).exitCode());
    }

    @Test
    void initWithoutAShutdownStatusResetsTheMachine() {
        assertInstanceOf(Outcome.Reset.class, run(init(goingOn(0x22))).outcome());
    }

    @Test
    void theClocksAlarmWakesTheSleepingMachineAtItsWakingVector() {
        TinyGuest guest = goingOn(0x23).store(TinyGuest.HHDM + WAKING_VECTOR, (int) PAGE);
        for (int alarm : new int[] {1, 3, 5}) {
            guest.out8(CMOS, alarm).out8(CMOS + 1, 0xC0); // at any second
        }
        guest.out8(CMOS, 0x0B).out8(CMOS + 1, 0x22); // alarm interrupt, 24 hours
        guest.out16(0x602, 0x400).out16(0x604, 0x2400).exit(0x70); // not reached

        assertEquals(0x23 << 1 | 1, run(guest.spin()).exitCode());
    }

    /** Code that will end the run with an exit code, for real mode. */
    private static TinyGuest goingOn(int code) {
        return TinyGuest.untagged()
                .store(TinyGuest.HHDM + PAGE, 0xF4E6_00B0 | code << 8) // mov al, code; out F4h, al
                .store(TinyGuest.HHDM + PAGE + 4, 0xFEEB); // jmp $
    }

    private static TinyGuest init(TinyGuest guest) {
        return guest.out8(0x92, 0x02).out8(0x92, 0x03).spin();
    }

    private static PcMachine.Run run(TinyGuest guest) {
        return PcMachine.booting(guest.elf()).memory(MEMORY).run();
    }
}
