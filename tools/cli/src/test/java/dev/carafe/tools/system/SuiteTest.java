package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code carafe test} and {@code carafe info}, as processes. */
class SuiteTest {
    @TempDir Path folder;
    private CarafeProcess carafe;

    @BeforeEach
    void makeCarafe() {
        carafe = new CarafeProcess(folder);
    }

    private void guest(String name, TinyGuest guest) throws Exception {
        Files.write(folder.resolve(name), guest.elf());
    }

    private Path suite(String text) throws Exception {
        return Files.writeString(folder.resolve("suite.yaml"), text);
    }

    @Test
    void panicHangTripleFaultAndTapFailuresAreToldApart() throws Exception {
        guest("good", TinyGuest.untagged().print("TAP version 13\n1..1\nok 1 - a\n").exit(0x10));
        guest("tap", TinyGuest.untagged().print("TAP version 13\n1..1\nnot ok 1 - b\n").exit(0x10));
        guest("panic", TinyGuest.untagged().print("panicked at sched.c:42\n").spin());
        guest("triple", TinyGuest.untagged().ud2());
        guest("hang", TinyGuest.untagged().spin());
        Files.writeString(folder.resolve("sched.c"), "");
        Path suite =
                suite(
                        """
                        defaults:
                          options: -device isa-debug-exit,iobase=0xf4
                          exit-code: 33
                        tests:
                          - {name: good, kernel: good}
                          - {name: tap, kernel: tap}
                          - {name: panic, kernel: panic, fail-on: panicked}
                          - {name: triple, kernel: triple}
                          - {name: hang, kernel: hang}
                          - {name: later, kernel: none, skip: not written}
                        """);
        Path xml = folder.resolve("results.xml");
        Path json = folder.resolve("results.json");

        CarafeProcess.Result result =
                carafe.run(
                        "test",
                        suite.toString(),
                        "--github",
                        "--jobs=2",
                        "--junit",
                        xml.toString(),
                        "--json",
                        json.toString());

        assertEquals(118, result.exitCode(), result::toString);
        String output = result.output();
        assertLine(output, "PASS  good, 1 results (");
        assertLine(output, "FAIL  tap (");
        assertTrue(output.contains("): not ok: b\n"), output);
        assertTrue(
                output.contains("): exit code 118, not 33: "),
                output); // it spins: a verdict may be first
        assertTrue(
                output.contains("--fail-on 'panicked': the guest said: panicked at sched.c:42\n"),
                output);
        assertLine(output, "::error file=sched.c,line=42,title=panic::exit code 118");
        assertTrue(output.contains("): exit code 112, not 33: "), output);
        assertTrue(output.contains("): exit code 114, not 33: HANG "), output);
        assertLine(output, "SKIP  later: not written");
        assertLine(output, "1 passed, 4 failed, 1 skipped");
        checkXml(xml);
        String first = Files.readAllLines(json).getFirst();
        assertTrue(
                first.contains("\"name\":\"good\",\"status\":\"passed\",\"exitCode\":33"), first);
        assertEquals(
                "{\"type\":\"summary\",\"passed\":1,\"failed\":4,\"skipped\":1}",
                Files.readAllLines(json).getLast());
    }

    private static void assertLine(String output, String start) {
        assertTrue(output.lines().anyMatch(line -> line.startsWith(start)), output);
    }

    private static void checkXml(Path file) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        Element suite = document.getDocumentElement();
        assertEquals("6", suite.getAttribute("tests"));
        assertEquals("4", suite.getAttribute("failures"));
        assertEquals("1", suite.getAttribute("skipped"));
        Element tap = (Element) suite.getElementsByTagName("testcase").item(1);
        assertEquals("suite.tap b", tap.getAttribute("classname") + " " + tap.getAttribute("name"));
        assertEquals(1, tap.getElementsByTagName("failure").getLength());
    }

    @Test
    void aSuiteThatCannotBeReadIsRefusedWithItsLine() throws Exception {
        carafe.run("test", suite("tests:\n- name: a\n  smp: 0\n").toString())
                .assertRefusal("suite.yaml:3: smp: 0 is not from 1 to 255");
        carafe.run("test", suite("tests: []").toString()).assertRefusal("no test is left to run");
    }

    @Test
    void infoSaysHowAKernelWouldBootAndWhatWouldGoWrong() throws Exception {
        guest("kernel", TinyGuest.revision(99).halt());
        Files.writeString(folder.resolve("text"), "hello");

        CarafeProcess.Result good = carafe.run("info", folder + "/kernel", "-smp", "2");
        CarafeProcess.Result bad = carafe.run("info", folder + "/text");

        assertEquals(0, good.exitCode(), good::toString);
        assertLine(good.output(), "protocol: Limine");
        assertLine(good.output(), "warning: the kernel asks for base revision 99, and gets 6");
        assertLine(
                good.output(),
                "warning: there is no MP request: the kernel has to start the other 1 CPUs");
        bad.assertRefusal("text");
    }
}
