package dev.carafe.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteReaderTest {
    @TempDir Path folder;

    private List<Case> read(String text) throws Exception {
        return SuiteReader.read(Files.writeString(folder.resolve("s.yaml"), text));
    }

    private String lines(String text) throws Exception {
        return read(text).stream()
                .map(each -> each.name() + ": " + Shell.line(CaseRun.options(each)))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void kernelsCpusVariantsAndRepeatsMultiply() throws Exception {
        Files.writeString(folder.resolve("a.elf"), "");
        Files.writeString(folder.resolve("b.elf"), "");
        String suite =
                """
                defaults:
                  options: [-m 64M]
                  fail-on: PANIC
                tests:
                  - name: boot
                    kernels: [a.elf, b.elf]
                    smp: [1, 2]
                    variants: {plain: '', x2apic: '-cpu max,+x2apic'}
                    expect: [one, 'two three']
                  - name: twice
                    repeat: 2
                    append: a "b" c
                    options: -device isa-debug-exit -serial file:x
                    exit-code: [33, 35]
                    expect: seen afterwards
                    fail-on: []
                """;

        List<String> lines = lines(suite).lines().toList();

        assertEquals(10, lines.size());
        assertEquals(
                "boot [b.elf, smp=2, x2apic]: carafe -kernel b.elf -smp 2 -m 64M -cpu max,+x2apic"
                        + " -display none -serial stdio -no-reboot --expect one --expect 'two three' --fail-on PANIC",
                lines.get(7));
        assertEquals(
                "twice [#2]: carafe -append 'a \"b\" c' -m 64M -device isa-debug-exit -serial file:x -no-reboot",
                lines.get(9));
        assertEquals(10, read(suite).getLast().line());
    }

    @Test
    void wordsAreSplitAsAShellDoes() throws Exception {
        String suite =
                """
                tests:
                - name: a
                  options: >
                    -append "a 'b'"   -name 'c "d"' x\\ y ''
                """;

        assertEquals(
                List.of("-append", "a 'b'", "-name", "c \"d\"", "x y", ""),
                read(suite).getFirst().arguments());
    }

    @ParameterizedTest(name = "''{0}''")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ''                                       | : it is empty
            'tests: ['                               | :1: not YAML: expected the node content, but found '<stream end>'
            'a: 1'                                   | :1: a: it is none of defaults, tests
            'defaults: {smp: 1}'                     | : it has no list of 'tests'
            'tests: []'                              | ok
            'tests:/- smp: 2'                        | :2: tests: a test needs a name
            'tests:/- x'                             | :2: tests: a list of 'name: value' is expected here
            'tests:/- name: a/  smp: [1, x]'         | :3: smp: 'x' is not a number
            'tests:/- name: a/  smp: 0'              | :3: smp: 0 is not from 1 to 255
            'tests:/- name: a/  smp: 99999999999999999999' | :3: smp: '99999999999999999999' is not a number
            'tests:/- name: a/  expect: (x'          | :3: expect: '(x' is not a regular expression: Unclosed group
            'tests:/- name: a/  kernel: no.elf'      | :2: tests: kernel: 'no.elf' does not exist
            'tests:/- name: a/  options: "-m ''1"'   | :3: options: the quotation mark ' is not closed
            'tests:/- name: a/  name: b'             | :3: name: it is given twice
            'tests:/- name: a/- name: a'             | :3: tests: there are two tests with the name 'a'
            'tests:/- name: [a]'                     | :2: name: a text is expected here
            'tests:/- name: a/  tap: maybe'          | :3: tap: 'maybe' is none of true, false, auto
            """)
    void mistakesAreShownWithFileAndLine(String text, String sentence) throws Exception {
        String suite = text.replace("/", "\n");
        if (sentence.equals("ok")) {
            assertEquals(List.of(), read(suite));
            return;
        }
        SuiteError error = assertThrows(SuiteError.class, () -> read(suite));

        assertEquals(folder.resolve("s.yaml") + sentence, error.getMessage());
    }

    @Test
    void unknownKeysAndMissingFilesAreNamed() throws Exception {
        SuiteError key =
                assertThrows(SuiteError.class, () -> read("tests:\n- name: a\n  kernal: x\n"));
        SuiteError file =
                assertThrows(SuiteError.class, () -> SuiteReader.read(folder.resolve("none.yaml")));

        assertEquals(
                folder.resolve("s.yaml")
                        + ":3: kernal: it is none of append, exit-code, expect, fail-on, kernel, kernels,"
                        + " limit-instructions, limit-seconds, name, options, repeat, skip, smp, tap, variants",
                key.getMessage());
        assertEquals(
                folder.resolve("none.yaml") + ": No such file or directory", file.getMessage());
    }
}
