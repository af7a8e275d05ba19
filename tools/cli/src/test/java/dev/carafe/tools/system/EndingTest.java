package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.Outcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How runs end, and what the process tells the shell. */
class EndingTest {
    private static final int TRIPLE_FAULT = 112;
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
        Process process = CarafeProcess.start(command(guest, "-serial", "stdio", "-smp", "4"));
        try {
            assertEquals('x', process.getInputStream().read());
            process.destroy();
            assertEquals(CarafeProcess.TERMINATED, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest(name = "-serial {0}, a guest that {1}")
    @CsvSource({"mon:stdio, spins", "mon:stdio, halts"})
    void controlAAndXEndTheRun(String serial, String what) throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("x");
        guest = what.equals("spins") ? guest.spin() : guest.halt();
        Process process = CarafeProcess.start(command(guest, "-serial", serial));
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
