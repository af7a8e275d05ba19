package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stock GDB, with no settings of its own, against the guest kernel on four processors. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GdbSessionTest {
    private static final String SCRIPT = "session.gdb";
    private static final long LIMIT_SECONDS = 240;

    @TempDir private Path folder;
    private String output;

    @Test
    void aKernelAuthorsSessionShowsWhatItShould() throws Exception {
        assumeTrue(hasGdb(), "gdb is not installed: this session is not held");
        Files.write(folder.resolve("kernel.elf"), PcMachine.guest("kernel.elf"));
        try (InputStream script = GdbSessionTest.class.getResourceAsStream(SCRIPT)) {
            Files.write(folder.resolve(SCRIPT), script.readAllBytes());
        }
        Path socket = folder.resolve("gdb.sock");
        Path serial = folder.resolve("serial");
        Process carafe =
                CarafeProcess.start(
                        "-smp",
                        "4",
                        "-S",
                        "-gdb",
                        "unix:" + socket,
                        "-display",
                        "none",
                        "-serial",
                        "file:" + serial,
                        "-append",
                        "run=hello");
        try {
            output = hold(socket);
            assertTrue(carafe.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), this::told);
            assertEquals(0, carafe.exitValue(), this::told);
        } finally {
            carafe.destroyForcibly();
        }
        check();
        assertTrue(Files.readString(serial).contains("hello ended with status 0"), this::told);
    }

    private static boolean hasGdb() {
        try {
            return new ProcessBuilder("gdb", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Waits for the server, and runs the script. */
    private String hold(Path socket) throws Exception {
        while (!Files.exists(socket)) {
            Thread.onSpinWait();
        }
        Process gdb =
                new ProcessBuilder("gdb", "-q", "-nx", "-batch", "-x", SCRIPT, "kernel.elf")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        gdb.getOutputStream().close();
        String text = new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, gdb.waitFor(), text);
        return text;
    }

    private String told() {
        return "GDB said:\n" + output;
    }

    private void check() {
        expect("threads", "\\* 1 +Thread 1.1 \"CPU 0\" \\(CPU#0 \\[running\\]\\) .* kernel_entry");
        for (int cpu = 1; cpu < 4; cpu++) {
            expect(
                    "threads",
                    "Thread 1.%d \"CPU %d\" \\(CPU#%2$d \\[parked\\]\\)".formatted(cpu + 1, cpu));
        }
        expect(
                "breakpoint",
                "Thread 1 \"CPU 0\" hit Breakpoint 1, .* in smp_join \\(\\)",
                "Thread [234] \"CPU [123]\" hit Breakpoint 1, .* in smp_join \\(\\)",
                "smp_join in section .text");
        expect(
                "backtraces",
                "Thread [234] \\(Thread 1.[234] \"CPU [123]\" \\(CPU#[123] \\[running\\]\\)\\):\n"
                        + "#0 .* in smp_join \\(\\)\n#1 .* in ap_main \\(\\)");
        expect("backtraces", "#[0-9] .* in kernel_entry \\(\\)");
        expect("finish", "in ap_main \\(\\)");
        expect(
                "watchpoint",
                "Switching to thread 1 ",
                "Hardware watchpoint 2: \\*\\(int\\*\\)&greeted",
                "Thread [234] \"CPU [123]\" hit Hardware watchpoint 2",
                "Old value = 0\nNew value = [123]"); // the others may be as quick
        expect("watchpoint", "New value = 3");
        expect("hardware breakpoint", "hit Breakpoint 3, .* in process_run \\(\\)");
        expect(
                "steps without interrupts",
                "received: \"ENABLE=1,NOIRQ=2,NOTIMER=4\"",
                "Current thread is");
        refuse("steps without interrupts", "Breakpoint [0-9]+, ");
        expect("steps with interrupts", "hit Breakpoint 4, .* in trap_common \\(\\)");
        expect("search", "<process_run>\n1 pattern found.");
        expect("registers", "= \\[ PE .*WP .*PG \\]", "= \\[ (SCE )?LME LMA NXE \\]", "= 0x1");
        expect("registers", "= 0x400\n\\$[0-9]+ = 4660\n");
        expect("physical memory", "= 1\n");
        expect(
                "monitor",
                "^7.2",
                "CPU #0: thread_id=",
                "CPU#0\n",
                "RIP=[0-9a-f]{16}",
                "CPU#3\n",
                "gpa: 0x",
                "unknown command: 'nosuchcommand'");
        expect("detach", "\\[Inferior 1 \\(process 1\\) detached\\]");
        expect("reattach", "= 1\n");
        expect(
                "reset",
                "Thread 1 \"CPU 0\" hit Breakpoint [0-9]+, .* in smp_join \\(\\)",
                "rip +0x0 +0x0");
        expect("end", "\\[Inferior 1 \\(process 1\\) exited normally\\]");
    }

    private String section(String name) {
        String heading = "== " + name + "\n";
        int start = output.indexOf(heading);
        assertTrue(start >= 0, () -> "no " + heading + told());
        int end = output.indexOf("\n== ", start + heading.length() - 1);
        return output.substring(start + heading.length(), end < 0 ? output.length() : end + 1);
    }

    /** These stand in a section, in this order. */
    private void expect(String name, String... patterns) {
        String section = section(name);
        int from = 0;
        for (String pattern : patterns) {
            var matcher = Pattern.compile(pattern).matcher(section);
            boolean found = matcher.find(from);
            assertTrue(found, () -> name + ": no '" + pattern + "'; " + told());
            from = matcher.end();
        }
    }

    private void refuse(String name, String pattern) {
        boolean found = Pattern.compile(pattern).matcher(section(name)).find();
        assertTrue(!found, () -> name + ": '" + pattern + "' is there; " + told());
    }
}
