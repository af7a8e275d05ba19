package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monitors of a whole run, on standard input and output. */
class MonitorTest {
    @TempDir private Path folder;

    private Process start(TinyGuest guest, String... options) throws IOException {
        Path kernel = folder.resolve("kernel.elf");
        Files.write(kernel, guest.elf());
        String[] all = new String[options.length + 2];
        all[0] = "-kernel";
        all[1] = kernel.toString();
        System.arraycopy(options, 0, all, 2, options.length);
        return CarafeProcess.start(all);
    }

    private static void type(Process process, String line) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The next line that contains this. */
    private static String find(BufferedReader lines, String part) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(part)) {
                return line;
            }
            all.append(line).append('\n');
        }
        throw new IOException("no " + part + " in:\n" + all);
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void aPersonLooksAtAStoppedMachineAndLetsItGo() throws Exception {
        Process process =
                start(
                        TinyGuest.untagged().exit(16),
                        "-S",
                        "-monitor",
                        "stdio",
                        "-device",
                        "isa-debug-exit,iobase=0xf4");
        BufferedReader lines = output(process);

        type(process, "info status");
        assertEquals("VM status: paused (prelaunch)", find(lines, "VM status"));
        type(process, "x /1i $pc");
        assertTrue(find(lines, ":  66 ba").startsWith("0xffffffff8"));
        type(process, "cont");
        assertEquals(33, CarafeProcess.await(process));
    }

    @Test
    void aPersonOpensADebuggersPortWhileTheMachineIsThere() throws Exception {
        Path socket = folder.resolve("gdb");
        Process process =
                start(TinyGuest.untagged().spin(), "-S", "-display", "none", "-monitor", "stdio");
        BufferedReader lines = output(process);

        type(process, "info chardev");
        assertEquals("compat_monitor0: filename=stdio", find(lines, "filename"));
        type(process, "gdbserver nonsense");
        assertTrue(find(lines, "nonsense: it is").contains("tcp::PORT"));
        type(process, "gdbserver unix:" + socket);
        find(lines, "Waiting for gdb connection on device 'unix:" + socket + "'");
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap("$?#3f".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4);
            while (answer.hasRemaining() && client.read(answer) >= 0) {}
            assertEquals("+$T", new String(answer.array(), 0, 3, StandardCharsets.US_ASCII));
        }
        type(process, "gdbserver none");
        find(lines, "Disabled gdbserver");
        assertTrue(Files.notExists(socket));
        type(process, "quit");
        assertEquals(0, CarafeProcess.await(process));
    }

    @Test
    void aProgramHearsHowTheRunEnds() throws Exception {
        Process process =
                start(
                        TinyGuest.untagged().exit(16),
                        "-S",
                        "-qmp",
                        "stdio",
                        "-device",
                        "isa-debug-exit,iobase=0xf4");
        BufferedReader lines = output(process);

        assertTrue(find(lines, "QMP").startsWith("{\"QMP\": {\"version\": {\"qemu\": {"));
        type(process, "{\"execute\":\"qmp_capabilities\"}");
        type(process, "{\"execute\":\"cont\"}");
        assertTrue(find(lines, "RESUME").endsWith("\"event\": \"RESUME\"}"));
        String end = find(lines, "SHUTDOWN");
        assertTrue(
                end.endsWith("\"data\": {\"guest\": true, \"reason\": \"guest-shutdown\"}}"), end);
        assertEquals(33, CarafeProcess.await(process));
    }

    @Test
    void quitEndsTheRun() throws Exception {
        Process process = start(TinyGuest.untagged().bytes(0xEB, 0xFE), "-monitor", "stdio");

        type(process, "quit");
        assertEquals(0, CarafeProcess.await(process));
    }
}
