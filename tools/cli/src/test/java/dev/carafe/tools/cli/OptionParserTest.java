package dev.carafe.tools.cli;

import static dev.carafe.tools.cli.Parsed.configuration;
import static dev.carafe.tools.cli.Parsed.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.tools.board.BootSource;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.DebugExitPort;
import dev.carafe.tools.board.Ending;
import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each spelling means. */
class OptionParserTest {
    @Test
    void withoutOptionsTheEmbeddedKernelBootsOnOneCpuWithItsSerialLineOnTheTerminal() {
        Configuration configuration = configuration("");

        assertEquals(
                new BootSource(Optional.empty(), Optional.empty(), "", List.of()),
                configuration.boot());
        assertEquals(new Topology(1, 1, 1, 1, 1), configuration.topology());
        assertEquals(128L << 20, configuration.memoryBytes());
        assertEquals(MachineModel.PC, configuration.machine());
        assertEquals("max", configuration.cpu().model());
        assertEquals(List.of(new HostPort.Stdio(false)), configuration.serials());
        assertEquals(List.of(), configuration.debugConsoles());
        assertEquals(List.of(), configuration.debugExits());
        assertEquals(new Ending(false, false, false), configuration.ending());
        assertEquals(Set.of(), configuration.log().items());
    }

    @ParameterizedTest(name = "{0}: {1} CPUs of {5}, {2} x {3} x {4}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # options                                    | cpus | sockets | cores | threads | maxcpus
            -smp 1                                       |    1 |       1 |     1 |       1 |       1
            --smp 4                                      |    4 |       1 |     4 |       1 |       4
            -smp 255                                     |  255 |       1 |   255 |       1 |     255
            -smp cpus=4                                  |    4 |       1 |     4 |       1 |       4
            -smp cores=4                                 |    4 |       1 |     4 |       1 |       4
            -smp sockets=2                               |    2 |       2 |     1 |       1 |       2
            -smp threads=2                               |    2 |       1 |     1 |       2 |       2
            -smp cores=4,threads=2                       |    8 |       1 |     4 |       2 |       8
            -smp sockets=1,cores=4,threads=1             |    4 |       1 |     4 |       1 |       4
            -smp 4,sockets=2                             |    4 |       2 |     2 |       1 |       4
            -smp 8,cores=2                               |    8 |       4 |     2 |       1 |       8
            -smp 8,sockets=2,cores=2                     |    8 |       2 |     2 |       2 |       8
            -smp 2,maxcpus=8                             |    2 |       1 |     8 |       1 |       8
            -smp cpus=2,sockets=2,cores=4,threads=1      |    - |       - |     - |       - |       -
            -smp 8,sockets=1,dies=1,cores=4,threads=2    |    8 |       1 |     4 |       2 |       8
            -smp 2 -smp 3                                |    3 |       1 |     3 |       1 |       3
            """)
    void topologyIsFilledInAsQemuDoes(
            String options,
            String cpus,
            String sockets,
            String cores,
            String threads,
            String maxCpus) {
        if (cpus.equals("-")) {
            assertEquals(
                    options + ": sockets (2) * cores (4) * threads (1) are not 2 CPUs",
                    refusal(options));
            return;
        }
        Topology expected =
                new Topology(
                        number(cpus),
                        number(sockets),
                        number(cores),
                        number(threads),
                        number(maxCpus));

        assertEquals(expected, configuration(options).topology());
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    @ParameterizedTest(name = "{0} is {1} bytes")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -m 512         |  536870912
            -m 16          |   16777216
            -m 256M        |  268435456
            -m 256m        |  268435456
            -m 2G          | 2147483648
            -m 1T          | 1099511627776
            -m 65536K      |   67108864
            -m 16777217B   |   16785408
            -m size=1G     | 1073741824
            --m size=128   |  134217728
            """)
    void memoryIsInMebibytesWithoutASuffix(String options, long bytes) {
        assertEquals(bytes, configuration(options).memoryBytes());
    }

    @Test
    void kernelCommandLineAndModulesAreTakenAsTheyAre() {
        Configuration configuration =
                configuration(
                        "-kernel~my kernel.elf~-append~a=1 b,c~-initrd~one,two with text,th,,ree");

        assertEquals(Optional.of(Path.of("my kernel.elf")), configuration.boot().kernel());
        assertEquals("a=1 b,c", configuration.boot().commandLine());
        assertEquals(
                List.of(
                        new BootSource.Module(Path.of("one"), ""),
                        new BootSource.Module(Path.of("two"), "with text"),
                        new BootSource.Module(Path.of("th,ree"), "")),
                configuration.boot().modules());
    }

    @Test
    void aKernelsCommandLineMayBeTheWordHelp() {
        assertEquals("help", configuration("-append help").boot().commandLine());
    }

    @Test
    void runTakesTheKernelWithoutAnOption() {
        Request request = OptionParser.parseRun(List.of("-smp", "2", "kernel.elf", "-m", "64"));

        Configuration configuration = assertInstanceOf(Request.Boot.class, request).configuration();
        assertEquals(Optional.of(Path.of("kernel.elf")), configuration.boot().kernel());
        assertEquals(2, configuration.topology().cpus());
    }

    @ParameterizedTest(name = "{0} is at port {1}, {2} bytes")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -device isa-debug-exit                           | 1281 | 2
            -device isa-debug-exit,iobase=0xf4,iosize=0x04   |  244 | 4
            -device isa-debug-exit,iobase=0xf4               |  244 | 2
            -device isa-debug-exit,iobase=244,iosize=1       |  244 | 1
            -device driver=isa-debug-exit,iobase=0x501       | 1281 | 2
            --device isa-debug-exit,iosize=4                 | 1281 | 4
            """)
    void debugExitIsWhereItIsPut(String options, int port, int size) {
        assertEquals(List.of(new DebugExitPort(port, size)), configuration(options).debugExits());
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -cpu max                       | max    | {}
            -cpu host                      | host   | {}
            -cpu qemu64,+apic              | qemu64 | {apic=true}
            -cpu kvm64,+smep,-smap         | kvm64  | {smap=false, smep=true}
            -cpu max,x2apic=off            | max    | {x2apic=false}
            -cpu max,invtsc=on,check       | max    | {invtsc=true}
            -cpu max,tsc-deadline          | max    | {tsc-deadline=true}
            -cpu host,migratable=no        | host   | {}
            -cpu Skylake-Client,-avx,+avx  | Skylake-Client | {avx=false}
            -cpu Haswell,+smap,smap=off    | Haswell | {smap=true}
            -cpu max,hypervisor=no,pni     | max    | {hypervisor=false, pni=true}
            -cpu max,vendor=AuthenticAMD,family=23 | max | {}
            """)
    void processorsAreNamedAndTrimmed(String options, String model, String features) {
        Configuration configuration = configuration(options);

        assertEquals(model, configuration.cpu().model());
        Map<String, Boolean> sorted = new java.util.TreeMap<>(configuration.cpu().features());
        assertEquals(features, sorted.toString());
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -M pc                        | PC
            -M q35                       | Q35
            -machine q35                 | Q35
            --machine type=q35           | Q35
            -machine pc-q35-7.2          | Q35
            -M pc-i440fx-7.2             | PC
            -M q35,kernel_irqchip=split  | Q35
            -M q35 -M hpet=on            | Q35
            """)
    void machinesHaveQemusNames(String options, MachineModel model) {
        assertEquals(model, configuration(options).machine());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -d int                                   | INT
            -d int,cpu_reset,guest_errors,unimp      | INT CPU_RESET GUEST_ERRORS UNIMP
            -d all                                   | INT IN_ASM EXEC CPU FPU MMU CPU_RESET GUEST_ERRORS UNIMP
            -d none                                  | ''
            -d int -d unimp                          | UNIMP
            """)
    void logItemsAreAList(String options, String expected) {
        List<String> items =
                configuration(options).log().items().stream().sorted().map(LogItem::name).toList();

        assertEquals(expected, String.join(" ", items));
    }

    @ParameterizedTest(name = "{0}: no-reboot {1}, no-shutdown {2}, QEMU's exit codes {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -no-reboot                                   | true  | false | false
            --no-reboot --no-shutdown                    | true  | true  | false
            -action reboot=shutdown                      | true  | false | false
            -no-reboot -action reboot=reset              | false | false | false
            -action shutdown=pause                       | false | true  | false
            --exit-codes qemu                            | false | false | true
            --exit-codes qemu --exit-codes carafe        | false | false | false
            """)
    void endingsAreChosen(
            String options, boolean noReboot, boolean noShutdown, boolean qemuExitCodes) {
        assertEquals(
                new Ending(noReboot, noShutdown, qemuExitCodes), configuration(options).ending());
    }

    @Test
    void filesForLogAndScreenshotAreKept() {
        Configuration configuration = configuration("-D log.txt --screenshot shot.png");

        assertEquals(Optional.of(Path.of("log.txt")), configuration.log().file());
        assertEquals(Optional.of(Path.of("shot.png")), configuration.screenshot());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            image.iso                                    | image.iso
            -m 2G -cdrom a.iso -boot d                   | a.iso
            -hda disk.img                                | disk.img
            -drive format=raw,file=a.hdd                 | a.hdd
            -drive file=fat:rw:esp/,format=raw           | esp
            -drive if=none,id=d,file=x -device nvme,drive=d,serial=1 | x
            -device ahci,id=a -drive if=none,id=d,file=x -device ide-hd,drive=d,bus=a.0 | x
            """)
    void withoutAKernelAnImageIsBootedFrom(String options, Path image) {
        assertEquals(List.of(image), configuration(options).boot().media());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "-rtc base=utc, 1000000000",
        "'-rtc base=2001-09-09T01:46:41,clock=host', 1000000001",
        "-rtc base=2001-09-09, 999993600",
    })
    void theClockStartsWhereItIsSet(String options, long seconds) {
        Request.Boot boot = assertInstanceOf(Request.Boot.class, Parsed.parse(options));

        assertEquals(
                seconds,
                boot.run().clock().seconds(java.time.Instant.ofEpochSecond(1_000_000_000)));
    }

    @Test
    void aPcMayHaveNoHpet() {
        assertEquals(true, configuration("-M q35").hpet());
        assertEquals(false, configuration("-no-hpet").hpet());
        assertEquals(false, configuration("-M q35,hpet=off").hpet());
    }

    @Test
    void runTakesOneKernel() {
        UsageError error =
                assertThrows(
                        UsageError.class, () -> OptionParser.parseRun(List.of("a.elf", "b.elf")));

        assertEquals("b.elf: the kernel is already a.elf", error.getMessage());
    }
}
