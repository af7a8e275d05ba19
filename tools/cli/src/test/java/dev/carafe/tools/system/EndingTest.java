package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.Outcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How runs end, and what the process tells the shell. */
class EndingTest {
    private static final int TRIPLE_FAULT = 112;
    private static final int PIPE_SIZE = 64 << 10; // Linux's
    private static final byte[] FAR_JUMP_TO_F000_0000 = {(byte) 0xEA, 0, 0, 0, (byte) 0xF0};
    private static final byte[] EXIT_BY_DEBUG_EXIT = {
        (byte) 0xB0, 0x2A, (byte) 0xE6, (byte) 0xF4, (byte) 0xEB, (byte) 0xFE
    };

    @TempDir Path folder;
    private CarafeProcess carafe;

    @BeforeEach
    void makeCarafe() {
        carafe = new CarafeProcess(folder);
    }

    private String[] command(TinyGuest guest, String... options) throws Exception {
        Path kernel = folder.resolve("guest.elf");
        Files.write(kernel, guest.elf());
        List<String> all = new ArrayList<>(List.of("-kernel", kernel.toString()));
        all.addAll(List.of("-display", "none"));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    @ParameterizedTest(name = "port {0}, value {1}")
    @CsvSource({"0xf4, 0, 1", "0xf4, 0x10, 33", "0xf4, 0x7f, 255", "0x501, 0x31, 99"})
    void isaDebugExitMakesTheExitCode(String port, String value, int code) throws Exception {
        TinyGuest guest = TinyGuest.untagged().out8(Integer.decode(port), Integer.decode(value));
        String device = "isa-debug-exit,iobase=" + port + ",iosize=2";

        CarafeProcess.Result result =
                carafe.run(command(guest.spin(), "-device", device, "-serial", "stdio"));

        assertEquals(code, result.exitCode(), result::toString);
        assertEquals("", result.output() + result.errors());
    }

    @Test
    void firmwareStartsAtTheResetVectorAndSeesItsCopyBelowOneMib() throws Exception {
        byte[] rom = new byte[64 << 10];
        System.arraycopy(FAR_JUMP_TO_F000_0000, 0, rom, 0xFFF0, FAR_JUMP_TO_F000_0000.length);
        System.arraycopy(EXIT_BY_DEBUG_EXIT, 0, rom, 0, EXIT_BY_DEBUG_EXIT.length);
        Path file = folder.resolve("bios.bin");
        Files.write(file, rom);
        String device = "isa-debug-exit,iobase=0xf4,iosize=4";

        CarafeProcess.Result result =
                carafe.run("-bios", file.toString(), "-device", device, "-display", "none");

        assertEquals(0x2A << 1 | 1, result.exitCode(), result::toString);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"ACPI S5, 0x604", "old QEMU and Bochs, 0xb004"})
    void switchingOffEndsWithZero(String how, String port) {
        byte[] guest = TinyGuest.untagged().out16(Integer.decode(port), 0x2000).spin().elf();

        PcMachine.Run run = PcMachine.booting(guest).model(MachineModel.Q35).run();

        assertInstanceOf(Outcome.PowerOff.class, run.outcome(), how);
        assertEquals(0, run.exitCode());
    }

    @Test
    void anAccidentalTripleFaultIsReportedWithItsPlaceAndHasItsOwnExitCode() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("here").ud2();

        CarafeProcess.Result result = carafe.run(command(guest, "-serial", "stdio", "-no-reboot"));

        assertEquals(TRIPLE_FAULT, result.exitCode(), result::toString);
        assertEquals("here", result.output());
        assertTrue(result.errors().contains("TRIPLE FAULT on CPU 0"), result::errors);
        assertTrue(result.errors().contains("#UD"), result::errors);
        assertTrue(result.errors().contains("0xffffffff80000"), result::errors);
    }

    @Test
    void aTripleFaultThatTheKernelAskedForIsAReset() throws Exception {
        TinyGuest guest = TinyGuest.untagged().emptyIdt().ud2();

        CarafeProcess.Result result = carafe.run(command(guest, "-no-reboot"));

        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("", result.errors());
    }

    @Test
    void aResetEndsTheRunUnderNoReboot() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("once").reset();

        CarafeProcess.Result result = carafe.run(command(guest, "-serial", "stdio", "-no-reboot"));

        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("once", result.output());
    }

    @Test
    void aResetStartsTheMachineAnewUntilASignalEndsTheProcess() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("hello\n").reset();
        Process process = CarafeProcess.start(command(guest, "-serial", "stdio"));
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (int boot = 1; boot <= 5; boot++) {
                assertEquals("hello", output.readLine(), "boot " + boot);
            }
            process.destroy();
            assertEquals(CarafeProcess.TERMINATED, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void sigtermEndsAMachineThatSpinsOnEveryCpu() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("x").spin();
        Process process =
                CarafeProcess.start(
                        command(guest, "-serial", "stdio", "-smp", "4", "--no-verdict"));
        try {
            assertEquals('x', process.getInputStream().read());
            process.destroy();
            assertEquals(CarafeProcess.TERMINATED, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest(name = "SIG{0}")
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalEndsTheRunWithAWordOnEveryCpu(String signal, int code) throws Exception {
        assumeTrue(signal.equals("TERM") || !ignoresInterrupt(), "as under nohup and in shells' &");
        TinyGuest guest = TinyGuest.untagged().print("x").spin();
        Path errors = folder.resolve("errors");
        Process process =
                startWithErrors(
                        errors, command(guest, "-serial", "stdio", "-smp", "2", "--no-verdict"));
        try {
            assertEquals('x', process.getInputStream().read());
            kill(process, signal);
            assertEquals(code, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
        String said = CarafeProcess.text(errors);
        assertTrue(said.startsWith("carafe: INTERRUPTED after "), said);
        assertTrue(said.contains("CPU 0 at 0xffffffff8000000"), said);
        assertTrue(said.contains("CPU 1 waits for SIPI"), said);
    }

    /** Unlike Process.destroy it leaves the streams open. */
    private static void kill(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }

    private static boolean ignoresInterrupt() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).trim(), 16) & 2) != 0);
    }

    private static Process startWithErrors(Path errors, String... arguments) throws Exception {
        return new ProcessBuilder(CarafeProcess.command(List.of(arguments)))
                .redirectError(errors.toFile())
                .start();
    }

    /** The processor waits for the host inside an OUT and comes to no boundary any more. */
    @Test
    void sigtermEndsARunWhoseOutputNobodyReads() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("x").bytes(0xEE, 0xEB, 0xFD); // OUT; JMP to it
        Path errors = folder.resolve("errors");
        Process process = startWithErrors(errors, command(guest, "-serial", "stdio"));
        try {
            while (process.getInputStream().available() < PIPE_SIZE && process.isAlive()) {
                Thread.onSpinWait();
            }
            kill(process, "TERM");
            assertEquals(CarafeProcess.TERMINATED, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
        String said = CarafeProcess.text(errors);
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains("ended by a signal without a report: CPU 0 did not"), said);
    }

    /** Two processors that wait for each other, then count down, with 10h or 11h in BL. */
    static TinyGuest race(int bspDelay, int apDelay, UnaryOperator<TinyGuest> before) {
        TinyGuest guest = TinyGuest.untagged().bytes(0xEB, 0x3E).bytes(new int[6]);
        guest.quad(0xC7B1_DD30_DF4C_8B88L).quad(0x0A82_E883_A194_F07BL); // Limine's SMP request
        guest.quad(0x95A6_7B81_9A1B_857EL).quad(0xA0B6_1B72_3B6A_73E0L);
        guest.quad(0).quad(0).quad(0);
        guest.bytes(0x48, 0x8B, 0x05).offset(0x30); // MOV RAX, [response]
        guest.bytes(0x48, 0x8B, 0x40, 0x18); // MOV RAX, [RAX + cpus]
        guest.bytes(0x48, 0x8B, 0x40, 0x08); // MOV RAX, [RAX + 8], the second's
        int ap = guest.size() + 7 + 4 + 5 + 5 + 2;
        guest.bytes(0x48, 0x8D, 0x1D).offset(ap); // LEA RBX, [ap]
        guest.bytes(0x48, 0x89, 0x58, 0x10); // MOV [RAX + goto_address], RBX
        guest.bytes(0xB9).word(bspDelay).bytes(0xBB).word(0x10); // MOV ECX, delay; MOV EBX, value
        guest.bytes(0xEB, 0x0A); // JMP over the other's
        guest.bytes(0xB9).word(apDelay).bytes(0xBB).word(0x11);
        before.apply(guest).bytes(0xF0, 0xFF, 0x05).offset(0x38); // LOCK INC [flags of the request]
        int wait = guest.size();
        guest.bytes(0x8B, 0x05).offset(0x38).bytes(0x83, 0xF8, 0x02); // MOV EAX, [it]; CMP EAX, 2
        guest.bytes(0x75, wait - guest.size() - 2); // JNE
        return guest.bytes(0xFF, 0xC9, 0x75, 0xFC); // DEC ECX; JNZ to it
    }

    @ParameterizedTest(name = "delays {0} and {1}: {2}")
    @CsvSource({"1, -1, 33", "-1, 1, 35", "1, 1, 0", "50, 50, 0", "999, 1000, 0"})
    void ofTwoProcessorsThatWriteToIsaDebugExitTheFirstDecides(int bsp, int ap, int code) {
        for (int i = 0; i < 4; i++) {
            TinyGuest guest = race(bsp, ap, both -> both);
            guest.bytes(0x66, 0xBA, 0xF4, 0x00, 0x88, 0xD8, 0xEE); // MOV DX, F4; MOV AL, BL; OUT
            byte[] kernel = guest.print("behind").spin().elf();
            PcMachine.Run run = PcMachine.booting(kernel).cpus(2).run();

            assertInstanceOf(Outcome.Exit.class, run.outcome());
            assertTrue(
                    code == 0
                            ? run.exitCode() == 33 || run.exitCode() == 35
                            : run.exitCode() == code,
                    () -> "exit code " + run.exitCode());
            assertEquals("", run.serial(), "nobody executes what is behind the OUT");
        }
    }

    @ParameterizedTest(name = "-serial {0}, a guest that {1}")
    @CsvSource({"mon:stdio, spins", "mon:stdio, halts"})
    void controlAAndXEndTheRun(String serial, String what) throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("x");
        guest = what.equals("spins") ? guest.spin() : guest.halt();
        Process process = CarafeProcess.start(command(guest, "-serial", serial, "--no-verdict"));
        try {
            assertEquals('x', process.getInputStream().read());
            process.getOutputStream().write(new byte[] {1, 'x'});
            process.getOutputStream().flush();
            assertEquals(0, CarafeProcess.await(process));
            assertEquals(-1, process.getInputStream().read(), "nothing more was sent");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void controlCIsTheGuestsWhereTheTerminalIs() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("x");
        // Wait for LSR.DR; read RBR; leave it in the exit code.
        guest.bytes(0x66, 0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x01, 0x74, 0xFB);
        guest.bytes(0x66, 0xBA, 0xF8, 0x03, 0xEC).exitWithAl();
        String device = "isa-debug-exit,iobase=0xf4,iosize=4";
        Process process =
                CarafeProcess.start(command(guest, "-serial", "mon:stdio", "-device", device));
        try {
            assertEquals('x', process.getInputStream().read());
            process.getOutputStream().write(3);
            process.getOutputStream().flush();
            assertEquals(3 << 1 | 1, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
    }
}
