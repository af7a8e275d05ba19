package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves on the host: serial ports, debug consoles, logs and pictures. */
class HostFilesTest {
    private static final int COM1 = 0x3F8;
    private static final int COM2 = 0x2F8;
    private static final long FRAMEBUFFER = TinyGuest.HHDM + 0xFD00_0000L;
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;

    @TempDir Path folder;
    private CarafeProcess carafe;

    @BeforeEach
    void makeCarafe() {
        carafe = new CarafeProcess(folder);
    }

    private CarafeProcess.Result run(TinyGuest guest, String... options) throws Exception {
        Path kernel = folder.resolve("guest.elf");
        Files.write(kernel, guest.elf());
        List<String> all = new ArrayList<>(List.of("-kernel", kernel.toString()));
        all.addAll(List.of("-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-display", "none"));
        all.addAll(List.of(options));
        return carafe.run(all.toArray(String[]::new));
    }

    private String file(String name) throws Exception {
        return CarafeProcess.text(folder.resolve(name));
    }

    @Test
    void everySerialPortGoesItsOwnWay() throws Exception {
        TinyGuest guest = TinyGuest.untagged().out8(COM1, 'a').out8(COM2, 'b').out8(COM1, 'A');

        CarafeProcess.Result result =
                run(guest.exit(0), "-serial", "file:" + folder.resolve("com1"), "-serial", "stdio");

        assertEquals(1, result.exitCode(), result::toString);
        assertEquals("aA", file("com1"));
        assertEquals("b", result.output());
        assertEquals("", result.errors());
    }

    @Test
    void aSerialFileIsEmptiedFirstAndHasEveryByteAtAnAbruptEnd() throws Exception {
        Files.writeString(folder.resolve("com1"), "left from an older run, and longer");
        TinyGuest guest = TinyGuest.untagged();
        for (int value = 0; value < 256; value++) {
            guest.out8(COM1, value);
        }

        run(guest.ud2(), "-serial", "file:" + folder.resolve("com1"));

        byte[] sent = Files.readAllBytes(folder.resolve("com1"));
        assertEquals(256, sent.length, "nothing is translated, nothing is lost");
        for (int value = 0; value < 256; value++) {
            assertEquals((byte) value, sent[value]);
        }
    }

    @Test
    void theDebugConsoleHasAFileOfItsOwnAndReadsItsPortNumber() throws Exception {
        TinyGuest guest = TinyGuest.untagged().out8(0xE9, 'd').out8(COM1, 's');
        guest.bytes(0x66, 0xBA, 0xE9, 0x00, 0xEC, 0x2C, 0xE9); // IN AL, E9h; SUB AL, E9h

        CarafeProcess.Result result =
                run(
                        guest.exitWithAl(),
                        "-debugcon",
                        "file:" + folder.resolve("console"),
                        "-serial",
                        "stdio");

        assertEquals(1, result.exitCode(), "AL became 0");
        assertEquals("d", file("console"));
        assertEquals("s", result.output());
    }

    @Test
    void interruptsAndResetsAreLoggedToTheFileAndNowhereElse() throws Exception {
        Path log = folder.resolve("log");

        CarafeProcess.Result result =
                carafe.run(
                        "-smp",
                        "2",
                        "-display",
                        "none",
                        "-serial",
                        "stdio",
                        "-no-reboot",
                        "-append",
                        "test=exception exit=0xf4",
                        "-device",
                        "isa-debug-exit,iobase=0xf4,iosize=4",
                        "-d",
                        "int,cpu_reset",
                        "-D",
                        log.toString());

        assertEquals(0x11 << 1 | 1, result.exitCode(), result::toString);
        assertEquals("", result.errors());
        assertTrue(result.output().contains("exception 6 #UD"), result::output);
        List<String> lines = file("log").lines().toList();
        assertTrue(
                lines.stream().anyMatch(l -> l.contains("int: ") && l.contains("#UD")),
                () -> "the exception: " + lines);
        assertTrue(
                lines.stream().anyMatch(l -> l.contains("cpu_reset: ")),
                () -> "the processors' reset: " + lines);
        Pattern cpu = Pattern.compile("^vcpu-\\d+ int: .*");
        assertTrue(
                lines.stream().filter(l -> l.contains(" int: ")).allMatch(cpu.asMatchPredicate()),
                () -> "each line names its CPU: " + lines);
    }

    @Test
    void theScreenshotShowsWhatTheGuestDrew() throws Exception {
        int red = 0x00FF_0000;
        int mixed = 0x0012_3456;
        Path picture = folder.resolve("screen.png");
        TinyGuest guest = TinyGuest.untagged();
        for (int i = 0; i < 20; i++) {
            guest.store(pixel(i, i), red);
        }
        guest.store(pixel(WIDTH - 1, HEIGHT - 1), mixed);

        CarafeProcess.Result result = run(guest.exit(0), "--screenshot", picture.toString());

        assertEquals(1, result.exitCode(), result::toString);
        BufferedImage image = ImageIO.read(picture.toFile());
        assertNotNull(image, "a PNG that others can read");
        assertEquals(WIDTH + "x" + HEIGHT, image.getWidth() + "x" + image.getHeight());
        for (int i = 0; i < 20; i++) {
            assertEquals(red, image.getRGB(i, i) & 0xFF_FFFF, "on the diagonal");
            assertEquals(0, image.getRGB(i + 1, i) & 0xFF_FFFF, "beside it");
        }
        assertEquals(mixed, image.getRGB(WIDTH - 1, HEIGHT - 1) & 0xFF_FFFF);
    }

    private static long pixel(int x, int y) {
        return FRAMEBUFFER + 4L * (y * WIDTH + x);
    }

    @Test
    void theScreenshotIsKeptWhenASignalEndsAKernelThatDrawsAndHalts() throws Exception {
        Path picture = folder.resolve("screen.png");
        Path kernel = folder.resolve("guest.elf");
        Files.write(kernel, TinyGuest.untagged().store(pixel(3, 2), 0xFF).print("x").spin().elf());
        Process process =
                CarafeProcess.start(
                        "-kernel",
                        kernel.toString(),
                        "-serial",
                        "stdio",
                        "-display",
                        "none",
                        "--no-verdict",
                        "--screenshot",
                        picture.toString());
        try {
            assertEquals('x', process.getInputStream().read());
            process.destroy();
            assertEquals(CarafeProcess.TERMINATED, CarafeProcess.await(process));
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0xFF, ImageIO.read(picture.toFile()).getRGB(3, 2) & 0xFF_FFFF);
    }

    @Test
    void logsAndSerialOutputNeverMix() throws Exception {
        TinyGuest guest = TinyGuest.untagged();
        for (int i = 0; i < 50; i++) {
            guest.print("line " + i + "\n").out8(0x2FD, i); // a port without a device
        }

        CarafeProcess.Result result =
                run(guest.exit(0), "-serial", "stdio", "-d", "guest_errors,unimp");

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            expected.append("line ").append(i).append('\n');
        }
        assertEquals(expected.toString(), result.output());
        assertTrue(result.errors().contains("0x2fd"), result::errors);
        assertTrue(result.errors().lines().count() <= 3, () -> "logged once: " + result.errors());
    }
}
