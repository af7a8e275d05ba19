package dev.carafe.tools.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands of the human monitor; what they print was compared with QEMU 7.2.22 where that has the
 * command.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HumanMonitorTest {
    private static final String FUZZ_PROPERTY = "carafe.fuzz.lines";
    private static final int FUZZ_LINES = 20_000;
    private static final long FREE = 0x30_0000; // RAM that nobody has written

    @TempDir private Path folder;

    private TestHost host;
    private HumanMonitor monitor;

    @BeforeAll
    void build() throws Exception {
        host = new TestHost();
    }

    @AfterAll
    void close() {
        host.close();
    }

    @BeforeEach
    void connect() {
        monitor = new HumanMonitor(host, host);
        host.asked.clear();
    }

    private Cpu cpu(int number) {
        return host.board.parts().machine().vcpus().get(number).cpu();
    }

    private void memory(long physical, String bytes) {
        host.board
                .parts()
                .machine()
                .memory()
                .write(physical, java.util.HexFormat.of().parseHex(bytes));
    }

    @ParameterizedTest(name = "{0} prints {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
            p /x 10+20*3               ; 0x46
            print /d 0x10              ; 16
            p /o 9                     ; 011
            p /c 65                    ; 'A'
            p /d 5-7                   ; -2
            p /d ~1                    ; -2
            p /d 1|2^7&3               ; 0
            p /d 2*(3+4)               ; 14
            p /d 'a'                   ; 97
            p /x 0                     ; 0
            p 1/0                      ; division by zero
            p $nope                    ; unknown register
            p (1                       ; ')' expected
            p                          ; unexpected end of expression
            p 08                       ; print|p: extraneous characters at the end of line
            p 0x1000000000000000000    ; number too large
            x /4xb "abc"               ; invalid char '"' in expression
            x /zz 3                    ; invalid char in format: 'z'
            info chardev               ; serial0: filename=null
            gdbserver                  ; Waiting for gdb connection on device 'tcp::1234'
            gdbserver none             ; Waiting for gdb connection on device 'none'
            gdbserver none x           ; gdbserver: extraneous characters at the end of line
            stop 3                     ; stop|s: extraneous characters at the end of line
            info status extra          ; status: extraneous characters at the end of line
            info registers -z          ; registers: unsupported option -z
            screendump                 ; screendump: filename expected
            sendkey                    ; sendkey: string expected
            sendkey xyz                ; invalid parameter: xyz
            log                        ; log: string expected
            cpu 7                      ; invalid CPU index
            info registers 5           ; CPU#5 not available
            savevm one                 ; Error: no block device can store vmstate for snapshot
            loadvm one                 ; Error: no block device can store vmstate for snapshot
            info snapshots             ; no block device can store vmstate for snapshot
            info block                 ; ``
            info usernet               ; ``
            eject -f ide1-cd0          ; Error: Device 'ide1-cd0' not found
            change x /tmp/y            ; Error: Device 'x' not found
            eject                      ; eject: block device name expected
            dump-guest-memory core     ; Error: Carafe writes no core files: pmemsave writes memory as it is
            dump-guest-memory          ; dump-guest-memory: filename expected
            nope                       ; unknown command: 'nope'
            info nope                  ; unknown command: 'info nope'
            INFO status                ; unknown command: 'INFO'
            help stop                  ; stop|s  -- stop emulation
            info uuid                  ; 00000000-0000-0000-0000-000000000000
            gva2gpa 0x123456789000     ; Unmapped
            """)
    void answersAsQemu(String line, String first) {
        String expected = first.replace("`", "");

        assertEquals(expected, monitor.execute(line).lines().findFirst().orElse(""));
    }

    @Test
    void usageErrorsPointToTheHelp() {
        assertEquals(
                "unknown register\nTry \"help p\" for more information\n",
                monitor.execute("p $nope"));
        assertEquals(
                "status: extraneous characters at the end of line\n"
                        + "Try \"help info status\" for more information\n",
                monitor.execute("info status extra"));
    }

    @Test
    void memoryIsPrintedInEveryFormat() {
        memory(FREE, "fcfa8b9e14020000" + "89b3002002008da3" + "002e0200");

        assertEquals(
                "0000000000300000: 0x9e8bfafc 0x00000214 0x2000b389 0xa38d0002\n",
                monitor.execute("xp /4xw 0x300000"));
        assertEquals(
                "0000000000300000: '\\xfc' '\\xfa' '\\x8b' '\\x9e' '\\x14' '\\x02' '\\x00' '\\x00'\n"
                        + "0000000000300008: '\\x89' '\\xb3' '\\x00' ' ' '\\x02' '\\x00' '\\x8d' '\\xa3'\n"
                        + "0000000000300010: '\\x00' '.' '\\x02' '\\x00'\n",
                monitor.execute("xp/20c 0x300000"));
        assertEquals("0000000000300000: 64252 40587\n", monitor.execute("xp /2dh 0x300000"));
        assertEquals(
                "0000000000300000: 023642775374       01024\n",
                monitor.execute("xp /2ow 0x300000"));
        assertEquals("0000000000300000: 023642775374\n", monitor.execute("xp 0x300000"));
    }

    @Test
    void linearAddressesGoThroughThePresentTables() {
        memory(FREE, "efbeadde");

        assertEquals(
                "ffff800000300000: 0xdeadbeef\n", monitor.execute("x /1xw 0xffff800000300000"));
        assertEquals("gpa: 0x300123\n", monitor.execute("gva2gpa 0xffff800000300123"));
        assertEquals(
                "00007f0000000000: Cannot access memory\n",
                monitor.execute("x /4xw 0x7f0000000000"));
    }

    @Test
    void codeIsDisassembledInTheSyntaxThatWasChosen() {
        memory(FREE, "48b8887766554433221183fb50fafa");

        assertEquals(
                """
                0x00300000:  48 b8 88 77 66 55 44 33  movabs $0x1122334455667788,%rax
                             22 11                  \s
                0x0030000a:  83 fb 50                 cmp $0x50,%ebx
                """,
                monitor.execute("xp /2i 0x300000"));
        monitor.execute("disassembly-flavor intel");
        assertEquals(
                "0x0030000a:  83 fb 50                 cmp ebx,0x50\n",
                monitor.execute("xp /i 0x30000a"));
        assertEquals(
                "0x7f0000000000: unable to read memory\n", monitor.execute("x /2i 0x7f0000000000"));
    }

    @Test
    void registersHaveQemusLayout() {
        cpu(0).regs[Registers.RAX] = 0x1234;

        List<String> lines = monitor.execute("info registers").lines().toList();

        assertEquals("", lines.get(0));
        assertEquals("CPU#0", lines.get(1));
        assertTrue(lines.get(2).startsWith("RAX=0000000000001234 RBX="), lines.get(2));
        assertTrue(
                lines.get(6)
                        .matches(
                                "RIP=ffffffff8[0-9a-f]{7} RFL=00000002 \\[-------\\] CPL=0 II=0 A20=1 SMM=0 HLT=0"),
                lines.get(6));
        assertTrue(
                lines.get(8)
                        .matches(
                                "CS =[0-9a-f]{4} 0000000000000000 [0-9a-f]{8} 00[2a]f?[0-9a-f]9b00 DPL=0 CS64 \\[-RA\\]"),
                lines.get(8));
        assertEquals("DR6=00000000ffff0ff0 DR7=0000000000000400", lines.get(19));
        assertEquals(34, lines.size());
        assertEquals(
                2,
                monitor.execute("info registers -a")
                        .lines()
                        .filter(l -> l.startsWith("CPU#"))
                        .count());
    }

    @Test
    void aRegisterAndASymbolAreNumbers() {
        long rip = cpu(0).rip;
        String symbol = host.board.symbols().code(rip).orElseThrow().inSymbol().split("\\+")[0];

        assertEquals("0x" + Long.toHexString(rip) + "\n", monitor.execute("p /x $rip"));
        assertEquals(monitor.execute("p $rip"), monitor.execute("p $" + symbol));
    }

    @Test
    void theChosenProcessorIsMarkedAndAsked() {
        monitor.execute("cpu 1");

        List<String> lines = monitor.execute("info cpus").lines().toList();
        assertTrue(lines.get(0).startsWith("  CPU #0: thread_id="), lines.get(0));
        assertTrue(lines.get(1).startsWith("* CPU #1: thread_id="), lines.get(1));
        assertTrue(lines.get(1).contains("(parked)"), lines.get(1));
        assertTrue(monitor.execute("info lapic").startsWith("dumping local APIC state for CPU 1"));
        assertTrue(
                monitor.execute("info lapic", 0).startsWith("dumping local APIC state for CPU 0"));
    }

    @Test
    void interruptControllersHaveQemusLayout() {
        List<String> local = monitor.execute("info lapic").lines().toList();
        List<String> all = monitor.execute("info pic").lines().toList();

        assertEquals(
                "LVT1\t 0x00010400 active-hi edge  masked                      NMI   ",
                local.get(3));
        assertEquals(
                "LVTT\t 0x00010000 active-hi edge  masked         one-shot     Fixed  (vec 0)",
                local.get(7));
        assertEquals("ISR\t (none)", local.get(13));
        assertEquals("ioapic0: ver=0x20 id=0x00 sel=0x00", all.get(0));
        assertTrue(
                all.get(1)
                        .matches(
                                "  pin 0  0x00000000000[0-9a-f]{5} dest=0 vec=\\d+ +active-hi edge  masked (fixed |extINT) physical"),
                all.get(1));
        assertTrue(
                all.getLast()
                        .matches(
                                "pic0: irr=[0-9a-f]{2} imr=ff isr=00 hprio=0 irq_base=[0-9a-f]{2} rr_sel=0 elcr=00 fnm=0"),
                all.getLast());
    }

    @Test
    void pagesAndRangesShowWhatTheTablesMap() {
        List<String> ranges = monitor.execute("info mem").lines().toList();
        List<String> pages = monitor.execute("info tlb").lines().toList();

        assertTrue(
                ranges.stream()
                        .allMatch(
                                r -> r.matches("[0-9a-f]{16}-[0-9a-f]{16} [0-9a-f]{16} [u-]r[w-]")),
                ranges::toString);
        assertTrue(ranges.stream().anyMatch(r -> r.startsWith("ffff8000000")), ranges::toString);
        assertTrue(
                pages.stream()
                        .allMatch(p -> p.matches("[0-9a-f]{16}: [0-9a-f]{16} [XGPDACTUW-]{9}")),
                () -> pages.getFirst());
    }

    @Test
    void deviceTreesNameTheSameDevices() {
        String memory = monitor.execute("info mtree");
        String buses = monitor.execute("info qtree");

        assertTrue(
                memory.contains("    00000000fec00000-00000000fec00fff (prio 0, i/o): ioapic\n"),
                memory);
        assertTrue(
                memory.contains("    00000000000003f8-00000000000003ff (prio 0, i/o): serial\n"),
                memory);
        assertTrue(
                memory.contains(
                        "    0000000000000000-0000000003ffffff (prio 0, ram): ram-below-4g\n"),
                memory);
        assertTrue(buses.contains("dev: serial, id \"\"\n        iobase = 1016 (0x3f8)\n"), buses);
        assertTrue(
                monitor.execute("info pci")
                        .startsWith(
                                "  Bus  0, device   0, function 0:\n    Host bridge: PCI device 8086:29c0\n"));
    }

    @Test
    void theMachineIsStoppedAndGoesOn() {
        assertEquals("", monitor.execute("stop"));
        assertEquals("VM status: paused\n", monitor.execute("info status"));
        assertEquals("", monitor.execute("c"));
        assertEquals("VM status: running\n", monitor.execute("info status"));
    }

    @Test
    void theHostIsAskedForWhatIsNotTheMachines() {
        monitor.execute("system_reset");
        monitor.execute("system_powerdown");
        monitor.execute("log int,exec");
        monitor.execute("logfile /tmp/x");
        monitor.execute("q");

        assertEquals(
                List.of("reset", "power button", "log int,exec", "logfile /tmp/x", "quit"),
                host.asked);
        assertEquals("the items\n", monitor.execute("log foo"));
    }

    @Test
    void memoryIsSavedToFiles() throws Exception {
        memory(FREE, "00112233");
        Path file = folder.resolve("a file");

        assertEquals("", monitor.execute("pmemsave 0x300000 4 \"" + file + "\""));
        assertArrayEquals(new byte[] {0, 0x11, 0x22, 0x33}, Files.readAllBytes(file));
        assertEquals("", monitor.execute("memsave 0xffff800000300002 2 \"" + file + "\""));
        assertArrayEquals(new byte[] {0x22, 0x33}, Files.readAllBytes(file));
        assertEquals(
                "Error: Invalid addr 0x00000000fd000000/size 16 specified\n",
                monitor.execute("pmemsave 0xfd000000 16 \"" + file + "\""));
        assertEquals(
                "Error: Could not open '/nonexistent/x': No such file or directory\n",
                monitor.execute("pmemsave 0x300000 4 \"/nonexistent/x\""));
        assertEquals("16456\n", monitor.execute("sum 0x300001 3"));
    }

    @Test
    void theScreenIsSavedInBothFormats() throws Exception {
        Path picture = folder.resolve("s");

        assertEquals("", monitor.execute("screendump " + picture));
        assertEquals(
                "P6\n", new String(Files.readAllBytes(picture), 0, 3, StandardCharsets.US_ASCII));
        assertEquals("", monitor.execute("screendump " + picture + " -f png"));
        assertEquals(
                "PNG", new String(Files.readAllBytes(picture), 1, 3, StandardCharsets.US_ASCII));
        assertEquals(
                "Error: invalid parameter value: gif\n",
                monitor.execute("screendump " + picture + " -f gif"));
    }

    @Test
    void keysArriveAtTheKeyboardController() {
        monitor.execute("o /b 0x64 0x60");
        monitor.execute("o /b 0x60 0x61"); // no interrupt lost to anybody: translated codes
        assertEquals("", monitor.execute("sendkey ctrl-a"));

        assertEquals("portb[0x0060] = 0x1d\n", monitor.execute("i /b 0x60"));
        assertEquals("portb[0x0060] = 0x1e\n", monitor.execute("i /b 0x60"));
    }

    @Test
    void commandsAreCompleted() {
        assertEquals(List.of("screendump"), monitor.completions("scr"));
        assertEquals(List.of("registers"), monitor.completions("info re"));
        assertEquals(List.of("stop"), monitor.completions("help sto"));
        assertEquals(List.of(), monitor.completions("stop x"));
    }

    @Test
    void historyKeepsWhatWasTyped() {
        monitor.execute("info name");
        monitor.execute("info name");

        assertEquals("0: 'info name'\n1: 'info history'\n", monitor.execute("info history"));
    }

    /** A property sets the number of lines: a million are run before a release. */
    @Test
    void noLineBreaksTheMonitor() {
        Random random = new Random(7);
        String[] words = {
            "x",
            "xp",
            "p",
            "print",
            "i",
            "info",
            "registers",
            "-a",
            "lapic",
            "tlb",
            "mem",
            "cpu",
            "/4xw",
            "/i",
            "/20c",
            "/999999999i",
            "$rip",
            "$rsp",
            "0x1000",
            "0xffff800000000000",
            "-1",
            "(",
            ")",
            "+",
            "*",
            "'",
            "\"",
            "\\",
            "sendkey",
            "a-b",
            "gva2gpa",
            "help",
            "log",
            "memsave",
            "sum",
            "stop",
            "cont",
            "nmi",
            "screendump",
            "\t",
            "\0",
            "é",
            "$",
            "/",
            "disassembly-flavor",
            "intel",
            "mtree",
            "0",
            "1",
            "99999999999999999999",
            "~"
        };
        int lines = Integer.getInteger(FUZZ_PROPERTY, FUZZ_LINES);
        for (int i = 0; i < lines; i++) {
            StringBuilder line = new StringBuilder();
            int count = random.nextInt(6);
            for (int j = 0; j < count; j++) {
                line.append(words[random.nextInt(words.length)]);
                line.append(random.nextInt(3) == 0 ? "" : " ");
            }
            String text = line.toString();
            if (text.contains("memsave") || text.contains("screendump")) {
                continue; // would write to files of any name
            }
            String answer = monitor.execute(text);
            assertTrue(answer.isEmpty() || answer.endsWith("\n"), () -> text + " -> " + answer);
        }
        assertEquals("0x2\n", monitor.execute("p /x 1+1"));
    }
}
