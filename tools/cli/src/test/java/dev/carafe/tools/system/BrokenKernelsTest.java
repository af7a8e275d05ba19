package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.report.Report;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kernels that are broken in a known way: the first line that Carafe says names the processor, and
 * what began it. {@code docs/diagnosis.md} has the whole lines.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenKernelsTest {
    private static PcMachine.Run run(String guest, String commandLine) {
        return PcMachine.bootingGuest(guest).commandLine(commandLine).cpus(2).watched().run();
    }

    private static void check(PcMachine.Run run, String code, int exit, String line) {
        Report first = run.reports().isEmpty() ? null : run.reports().getFirst();
        assertTrue(first != null, () -> "nothing was said; COM1: " + run.serial());
        assertTrue(first.headline().matches("(?s).*" + line + ".*"), first.headline());
        assertEquals(code, first.code(), first.headline());
        assertEquals(exit, run.exitCode(), first.headline());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            bad-ist | null-pointer | 112 | CPU 0 .*#PF\\(0x0002\\) at write_to_null.* writing 0x10.*IST3 = 0xffffa00000001000: PML4E\\[320\\]=0x0 is not present
            read-only-gdt | page-read-only | 112 | CPU 1 .*#PF\\(0x0003\\) at load_stack_segment.*GDT lies in a read-only page
            reserved-bit | reserved-bit | 112 | CPU 0 .*#PF\\(0x0009\\) at read_page.*reserved bits set: 0x8000000000000
            nx-without-nxe | nx-without-nxe | 112 | CPU 1 .*#PF\\(0x0009\\) .*sets NX but EFER.NXE=0 on this CPU \\(it is 1 on CPU 0\\)
            non-canonical-rsp | rsp-non-canonical | 112 | CPU 0 .*#SS\\(0x0000\\) at push_nowhere.*0x1234567890abcdef, which is not canonical
            stack-overflow | stack-overflow | 112 | CPU 0 .*#PF\\(0x0002\\) at recurse.*the stack's next word.*does not fit at RSP
            wild-jump | wild-jump | 112 | CPU 0 .*#PF\\(0x0010\\) .*executing 0x123456789000.*called before call_through
            gp-in-gp-handler | bad-control-register | 112 | CPU 0 .*#GP\\(0x0000\\) at load_bad_cr4.*loading CR4.*handler raised #GP\\(0x0000\\) at gp_handler.* deep
            absent-segment | descriptor-not-present | 112 | CPU 1 .*#NP\\(0x0010\\) at load_data_segment.* loading DS: GDT entry 2 not present. Delivery failed: IDTR limit is 0 \\(never loaded on this CPU\\)
            unmapped-idt | ud2 | 112 | CPU 0 .*#UD at unmapped_idt.*IDT entry for #UD at 0xffffa00000001060 is not mapped
            ipi-without-gate | ipi-without-gate | 112 | CPU 0 at send_ipi.*vector 0xf1 to CPU 1, whose IDT has no gate
            wrong-icr | icr-format | 114 | CPU 0 at send_init.*destination 0 in xAPIC format.*APIC id 1 was probably meant
            lvt-masked | timer-masked | 114 | CPU 0 in HLT with IF=1.*its timer was started, but its LVT entry is masked
            ioapic-to-absent-cpu | ioapic-destination | 114 | CPU 0 at route.*pin 4 → physical destination 9, but no CPU has that APIC id
            missing-eoi | missing-eoi | 114 | CPU 0 at trap_return.*handler of vector 0x20 returns without EOI
            opposite-order | deadlock | 114 | DEADLOCK.*CPU 0 spins at acquire.*heap_lock.*Last locked by CPU 1 at.*CPU 1 spins at acquire.*log_lock.*Last locked by CPU 0 at
            lock-twice | deadlock | 114 | DEADLOCK.*CPU 0 spins at acquire.*log_lock.*by CPU 0 itself at.*print_twice.*taken twice by the same CPU
            flag-never-set | endless-wait | 114 | HANG.*CPU 0 spins at wait_for_flag.*never_set
            halt-with-interrupts-off | all-halted | 114 | DEAD MACHINE.*CPU 0 in HLT with IF=0 at halt_with_interrupts_off
            idle-without-timer | all-halted | 114 | DEAD MACHINE.*CPU 0 in HLT with IF=1 at idle
            """)
    void theFirstLineNamesTheCause(String fault, String code, int exit, String line) {
        check(run("tests/faults.elf", "fault=" + fault), code, exit, line);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            lapic-address | null-pointer | 112 | CPU 1 .*#PF\\(0x0002\\) at trampoline_leave.* writing 0x4ef
            gs-early | gs-base-zero | 112 | CPU 1 .*#PF\\(0x0000\\) at cpu_init.*GS base is 0 on this CPU
            abba | deadlock | 114 | DEADLOCK.*CPU 0 spins at spin_lock.*\\(second.*Last locked by CPU 1 .*CPU 1 spins at spin_lock.*\\(first.*Last locked by CPU 0
            lock-in-handler | deadlock | 114 | DEADLOCK.*CPU 0 spins at spin_lock.*\\(shared.*inside vector.*Last locked by CPU 0 itself before the interrupt
            lost-wakeup | all-halted | 114 | DEAD MACHINE.*CPU 0, 1 in HLT with IF=1 at sleep_until_turn
            null-idt | ipi-without-gate | 112 | sends vector 0x.* to CPU 1, whose IDT has no gate
            short-trampoline | short-trampoline | 112 | CPU 1 .*running the trampoline that SIPI vector 0x08 started at 0x8000: the copy of trampoline_start there holds .* bytes
            """)
    void theFirstLineNamesTheTwinsBug(String twin, String code, int exit, String line) {
        check(run("twins/" + twin + ".elf", ""), code, exit, line);
    }

    @Test
    void aTimerHandlerWithoutEoiIsNamedByItsVector() {
        PcMachine.Run run = run("twins/no-eoi.elf", "");
        assertEquals("missing-eoi", run.reports().getFirst().code());
    }

    @Test
    void healthyKernelsAreNotSpokenOf() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf")
                        .commandLine("exit=0xf4")
                        .cpus(4)
                        .watched()
                        .run();
        assertEquals(List.of(), run.reports().stream().map(Report::headline).toList());
    }
}
