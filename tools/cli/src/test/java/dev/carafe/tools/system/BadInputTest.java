package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What cannot be obeyed is refused in one sentence on standard error that names the value, with
 * exit code 1, nothing on standard output and no stack trace.
 */
class BadInputTest {
    private static final int I386 = 3;
    private static final int ARM_64 = 183;
    private static final long LOW = 0x10_0000;

    @TempDir Path folder;
    private CarafeProcess carafe;

    @BeforeEach
    void makeCarafe() {
        carafe = new CarafeProcess(folder);
    }

    static Stream<Arguments> badKernels() {
        byte[] code = new byte[64];
        byte[] good = TinyGuest.untagged().halt().elf();
        return Stream.of(
                Arguments.of("an empty file", new byte[0], ""),
                Arguments.of("a text", "#!/bin/sh\necho hello\n".getBytes(), ""),
                Arguments.of("half an ELF header", Arrays.copyOf(good, 40), ""),
                Arguments.of(
                        "an ELF file cut in its segment", Arrays.copyOf(good, 0x1002), "truncated"),
                Arguments.of(
                        "a 32-bit file",
                        GuestElf.kernel().narrow().machine(I386).segment(LOW, code).build(),
                        ""),
                Arguments.of(
                        "a file for another machine",
                        GuestElf.kernel().machine(ARM_64).segment(GuestElf.BASE, code).build(),
                        ""),
                Arguments.of("a file without segments", GuestElf.kernel().build(), ""),
                Arguments.of(
                        "overlapping segments",
                        GuestElf.kernel()
                                .segment(GuestElf.BASE, new byte[0x1800])
                                .segment(GuestElf.BASE + 0x1000, code)
                                .build(),
                        "0xffffffff80001000"),
                Arguments.of(
                        "a low segment",
                        GuestElf.kernel().segment(LOW, tag(2)).build(),
                        "0x100000"),
                Arguments.of("a request twice", twice(), "0x48dcf1cb8ad2b852"),
                Arguments.of("two base revision tags", twoTags(), "tag"),
                Arguments.of("an unknown relocation", unknownRelocation(), "99"));
    }

    /** Two HHDM requests. */
    private static byte[] twice() {
        long[] request = {
            0xC7B1_DD30_DF4C_8B88L,
            0x0A82_E883_A194_F07BL,
            0x48DC_F1CB_8AD2_B852L,
            0x6398_4E95_9A98_244BL,
            0,
            0,
        };
        byte[] one = GuestElf.words(request);
        byte[] both = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, both, one.length, one.length);
        return GuestElf.kernel().segment(GuestElf.BASE, both).build();
    }

    private static byte[] twoTags() {
        byte[] tags = Arrays.copyOf(tag(2), 6 * Long.BYTES);
        System.arraycopy(tag(3), 0, tags, 3 * Long.BYTES, 3 * Long.BYTES);
        return GuestElf.kernel().segment(GuestElf.BASE, tags).build();
    }

    private static byte[] tag(int revision) {
        return GuestElf.words(0xF956_2B2D_5C95_A6C8L, 0x6A7B_3849_4453_6BDCL, revision);
    }

    /** A position-independent kernel with one relocation of a type that x86-64 does not have. */
    private static byte[] unknownRelocation() {
        long rela = 7;
        long relaSize = 8;
        long relaEntry = 9;
        long relocation = GuestElf.BASE + 8 * Long.BYTES;
        byte[] content =
                GuestElf.words(
                        rela, relocation, relaSize, 24, relaEntry, 24, 0, 0, GuestElf.BASE, 99, 0);
        return GuestElf.kernel()
                .type(GuestElf.SHARED)
                .segment(GuestElf.BASE, content)
                .dynamic(GuestElf.BASE, 8 * Long.BYTES)
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKernels")
    void aKernelThatCannotBeBootedIsRefusedByName(String what, byte[] content, String detail)
            throws Exception {
        Path kernel = folder.resolve("bad.elf");
        Files.write(kernel, content);

        CarafeProcess.Result result = carafe.run("-kernel", kernel.toString());

        result.assertRefusal(kernel.toString());
        assertTrue(result.errors().contains(detail), () -> what + ": " + result.errors());
    }

    @Test
    void filesThatAreNotThereAreNamed() throws Exception {
        String missing = folder.resolve("missing.elf").toString();

        carafe.run("-kernel", missing).assertRefusal(missing);
        carafe.run("-kernel", folder.toString()).assertRefusal(folder.toString());
        carafe.run("-initrd", missing).assertRefusal(missing);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "-smp, 0",
        "-smp, x",
        "-smp, 100000",
        "-smp, -1",
        "-m, 1",
        "-m, 0",
        "-m, lots",
        "-cpu, abacus",
        "-M, toaster",
        "-serial, carrier-pigeon",
        "-d, everything",
        "-device, isa-toaster",
        "-no-such-option, 7",
    })
    void anOptionValueThatCannotBeIsRefused(String option, String value) throws Exception {
        carafe.run(option, value).assertRefusal(option.equals("-no-such-option") ? option : value);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"-serial, file:", "-debugcon, file:", "-D, ''", "--screenshot, ''"})
    void aFileThatCannotBeWrittenIsRefusedBeforeTheMachineRuns(String option, String prefix)
            throws Exception {
        Path unwritable = folder.resolve("no-such-folder").resolve("out");

        carafe.run(option, prefix + unwritable).assertRefusal(unwritable.toString());
    }

    @Test
    void accessesToNothingReadAllOnesAndAreLoggedOnceUnderGuestErrors() throws Exception {
        long hole = TinyGuest.HHDM + 0xA000_0000L;
        TinyGuest guest = TinyGuest.untagged();
        for (int i = 0; i < 5; i++) {
            guest.load(hole).store(hole, i);
        }
        guest.subtract(-1).exitWithAl(); // all ones, so 0
        Path kernel = kernel(guest.load(hole).subtract(-1).exitWithAl().elf());

        CarafeProcess.Result quiet = carafe.run(exitable(kernel));
        CarafeProcess.Result logged = carafe.run(exitable(kernel, "-d", "guest_errors"));

        assertEquals(1, quiet.exitCode(), "EAX was all ones");
        assertEquals("", quiet.errors());
        assertEquals(1, logged.exitCode());
        long lines = logged.errors().lines().filter(l -> l.contains("a0000000")).count();
        assertTrue(lines == 1 || lines == 2, () -> "once a kind of access: " + logged.errors());
        assertEquals("", logged.output());
    }

    private Path kernel(byte[] content) throws IOException {
        Path kernel = folder.resolve("guest.elf");
        Files.write(kernel, content);
        return kernel;
    }

    private static String[] exitable(Path kernel, String... more) {
        String device = "isa-debug-exit,iobase=0xf4,iosize=4";
        String[] all = {"-kernel", kernel.toString(), "-device", device, "-display", "none"};
        String[] result = Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, result, all.length, more.length);
        return result;
    }
}
