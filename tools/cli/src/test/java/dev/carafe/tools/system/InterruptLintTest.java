package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.report.Report;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Misuse of the local APIC is noted, and healthy use is not: kernels of a few instructions that
 * take one interrupt each.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptLintTest {
    private static final long LAPIC = TinyGuest.HHDM + 0xFEE0_0000L;
    private static final long EOI = LAPIC + 0xB0;
    private static final long SPURIOUS = LAPIC + 0xF0;
    private static final long ICR = LAPIC + 0x300;
    private static final long ICR_HIGH = LAPIC + 0x310;
    private static final long LVT_TIMER = LAPIC + 0x320;
    private static final long INITIAL_COUNT = LAPIC + 0x380;
    private static final long RESERVED = LAPIC + 0x40;

    private static final int VECTOR = 0x40;
    private static final int TO_SELF = 0x44000; // shorthand self, assert, fixed
    private static final int MASKED = 0x10000;
    private static final int COUNT = 250_000_000; // half a second: no host is that late

    private static final int IDT_AT = 16;
    private static final int IDT_SIZE = (VECTOR + 1) * 16;
    private static final int HANDLER_AT = IDT_AT + IDT_SIZE + 16;
    private static final int HANDLER_SIZE = 20;
    private static final int CODE_SELECTOR = 0x28;
    private static final int INTERRUPT_GATE = 0x8E00;

    /** An IDT with one gate, its handler, which sends EOI, and the APIC switched on. */
    private static TinyGuest guest() {
        TinyGuest guest = TinyGuest.untagged();
        guest.bytes(0xE9).offset(HANDLER_AT + HANDLER_SIZE).bytes(new int[IDT_AT - 5]); // JMP
        guest.bytes(new int[VECTOR * 16]);
        long handler = GuestElf.BASE + HANDLER_AT;
        guest.bytes((int) handler & 0xFF, (int) handler >> 8 & 0xFF, CODE_SELECTOR, 0);
        guest.word(INTERRUPT_GATE | (int) handler & 0xFFFF_0000);
        guest.word((int) (handler >>> 32)).word(0);
        guest.bytes(IDT_SIZE - 1 & 0xFF, IDT_SIZE - 1 >> 8).quad(GuestElf.BASE + IDT_AT);
        guest.bytes(new int[6]);
        guest.bytes(0x57).store(EOI, 0).bytes(0x5F, 0x48, 0xCF); // PUSH RDI; ...; POP RDI; IRETQ
        assertEquals(HANDLER_AT + HANDLER_SIZE, guest.size());
        guest.bytes(0x0F, 0x01, 0x1D).offset(IDT_AT + IDT_SIZE); // LIDT
        return guest.store(SPURIOUS, 0x1FF);
    }

    private static TinyGuest interruptsItself(TinyGuest guest) {
        return guest.store(ICR, TO_SELF | VECTOR).bytes(0xFB, 0x90, 0x90, 0xFA); // STI; NOP; CLI
    }

    private static TinyGuest waits(TinyGuest guest) {
        return guest.bytes(0xFB, 0xF4, 0xFA); // STI; HLT; CLI
    }

    /** The codes of all notes. */
    private static List<String> notes(UnaryOperator<TinyGuest> what) {
        PcMachine.Run run =
                PcMachine.booting(what.apply(guest()).exit(0x10).spin().elf()).watched().run();
        assertEquals(33, run.exitCode(), () -> run.reports().toString());
        return run.reports().stream().map(Report::code).toList();
    }

    @Test
    void anInterruptServedAsTheManualSaysIsNoNote() {
        assertEquals(List.of(), notes(InterruptLintTest::interruptsItself));
    }

    @Test
    void anEoiWithNothingInServiceIsNoted() {
        assertEquals(
                List.of("eoi-without-interrupt"),
                notes(guest -> interruptsItself(guest).store(EOI, 0)));
    }

    @Test
    void anEoiThatClearsTheWayBeforeTheFirstInterruptIsNoNote() {
        assertEquals(List.of(), notes(guest -> interruptsItself(guest.store(EOI, 0))));
    }

    @Test
    void aWriteToAReservedRegisterIsNoted() {
        assertEquals(List.of("reserved-register"), notes(guest -> guest.store(RESERVED, 0)));
    }

    @Test
    void anIpiOfAnIllegalVectorIsNotedAndOneOfTheFirstLegalIsNot() {
        assertEquals(
                List.of("illegal-vector"),
                notes(guest -> guest.store(ICR_HIGH, 0).store(ICR, 0x4005)));
        assertEquals(
                List.of(), notes(guest -> guest.store(ICR_HIGH, 0).store(ICR, 0x4000 | VECTOR)));
    }

    @Test
    void aTimerCountedBeforeItsEntryWasOpenIsNotedWhenItFires() {
        assertEquals(
                List.of("count-before-lvt"),
                notes(
                        guest ->
                                waits(
                                        guest.store(LVT_TIMER, MASKED | VECTOR)
                                                .store(INITIAL_COUNT, COUNT)
                                                .store(LVT_TIMER, VECTOR))));
    }

    @Test
    void aTimerWhoseEntryIsWrittenFirstIsNoNote() {
        assertEquals(
                List.of(),
                notes(guest -> waits(guest.store(LVT_TIMER, VECTOR).store(INITIAL_COUNT, 1000))));
    }

    /** Calibration: the count is read and never fires. */
    @Test
    void aTimerThatOnlyCountsIsNoNote() {
        assertEquals(
                List.of(),
                notes(
                        guest ->
                                guest.store(LVT_TIMER, MASKED | VECTOR)
                                        .store(INITIAL_COUNT, COUNT)
                                        .load(LAPIC + 0x390)));
    }

    @Test
    void twoProcessorsWithOneGsBaseAreToldWhenOneOfThemDies() {
        // WRMSR GS_BASE on both, as EndingTest's race starts them; then one raises #UD.
        TinyGuest guest = EndingTest.race(1, -1, both -> both.writeGsBase(0x1234_5000));
        PcMachine.Run run = PcMachine.booting(guest.ud2().elf()).cpus(2).watched().run();

        Report report = run.reports().getLast();
        String text = report.text();
        assertEquals(112, run.exitCode(), text);
        assertTrue(text.contains("CPU 1 uses the same GS base as CPU 0 (0x12345000)"), text);
        assertTrue(text.contains("wrmsr GS_BASE was last executed on CPU 1 at"), text);
    }
}
