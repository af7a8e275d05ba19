package dev.carafe.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.board.BootSource;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.DebugConsole;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each spelling means. Options stand in one string; a tilde separates words where a value has
 * spaces.
 */
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

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -serial stdio                                  | stdio
            -serial mon:stdio                              | keys
            -serial null                                   | null
            -serial none                                   | none
            -serial vc                                     | null
            -serial vc:80Cx24C                             | null
            -serial file:out.txt                           | out.txt
            -serial none -serial stdio                     | none stdio
            -serial file:a -serial file:b -serial null     | a b null
            -nographic                                     | keys
            -nographic -serial file:a                      | a
            -nodefaults                                    | ''
            -nodefaults -serial stdio                      | stdio
            -debugcon stdio                                | null
            -chardev stdio,id=c,mux=on -serial chardev:c   | keys
            -chardev stdio,id=c,signal=off -serial chardev:c | keys
            -serial chardev:c -chardev file,id=c,path=x    | x
            -chardev null,id=c -serial chardev:c           | null
            -display none -serial stdio -monitor none      | stdio
            """)
    void serialPortsAreWiredInTheOrderGiven(String options, String expected) {
        List<String> ports =
                configuration(options).serials().stream().map(OptionParserTest::shortly).toList();

        assertEquals(expected, String.join(" ", ports));
    }

    private static String shortly(HostPort port) {
        return switch (port) {
            case HostPort.None() -> "none";
            case HostPort.Disconnected() -> "null";
            case HostPort.Stdio(boolean escapes) -> escapes ? "keys" : "stdio";
            case HostPort.ToFile(Path file) -> file.toString();
        };
    }

    @Test
    void debugConsolesAreWiredByOptionAndByDevice() {
        HostPort stdio = new HostPort.Stdio(false);
        HostPort file = new HostPort.ToFile(Path.of("f"));

        assertEquals(
                List.of(new DebugConsole(0xE9, stdio)),
                configuration("-debugcon stdio").debugConsoles());
        assertEquals(
                List.of(new DebugConsole(0x402, file)),
                configuration("-debugcon file:f -global isa-debugcon.iobase=0x402")
                        .debugConsoles());
        assertEquals(
                List.of(new DebugConsole(0x402, file)),
                configuration(
                                "-chardev file,path=f,id=d -device isa-debugcon,iobase=0x402,chardev=d")
                        .debugConsoles());
        assertEquals(
                List.of(new DebugConsole(0xE9, file)),
                configuration("-chardev file,path=f,id=d -device isa-debugcon,chardev=d")
                        .debugConsoles());
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
            -d all                                   | INT CPU_RESET GUEST_ERRORS UNIMP
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

    @ParameterizedTest(name = "{0} warns: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -enable-kvm                  | -enable-kvm: Carafe interprets every instruction, there is no acceleration
            --enable-kvm -enable-kvm     | --enable-kvm: Carafe interprets every instruction, there is no acceleration; -enable-kvm: Carafe interprets every instruction, there is no acceleration
            -enable-kvm -enable-kvm      | -enable-kvm: Carafe interprets every instruction, there is no acceleration
            -accel kvm                   | -accel kvm: Carafe interprets every instruction, there is no acceleration
            -accel tcg                   | ''
            -M q35,accel=kvm             | -M q35,accel=kvm: Carafe interprets every instruction, there is no acceleration
            -monitor stdio               | -monitor stdio: Carafe has no monitor yet
            -monitor none                | ''
            -monitor /dev/null           | ''
            -net none                    | ''
            -vga none                    | ''
            -vga std                     | -vga std: Carafe has no window, --screenshot FILE.png keeps the last picture
            -display sdl                 | -display sdl: Carafe has no window, --screenshot FILE.png keeps the last picture
            -s                           | ''
            -S -gdb none                 | ''
            -gdb tcp::1234,server=on,wait=off | ''
            -rtc base=utc                | ''
            -rtc base=localtime          | -rtc base=localtime: it has no effect here
            -boot d                      | ''
            -name test                   | ''
            -device e1000,netdev=n       | -device e1000,netdev=n: Carafe does not model it yet, the machine goes without it
            -d in_asm,int                | -d in_asm,int: Carafe does not log 'in_asm'
            -cpu Icelake-Server,+x2apic  | -cpu Icelake-Server,+x2apic: Carafe does not model this processor, this is -cpu max
            -global PIIX4_PM.disable_s3=1 | -global PIIX4_PM.disable_s3=1: it has no effect here
            -M q35,hpet=off              | -M q35,hpet=off: hpet has no effect here
            """)
    void whatHasNoEffectIsSaidOnce(String options, String warnings) {
        Request.Boot boot = assertInstanceOf(Request.Boot.class, parse(options));

        assertEquals(warnings, String.join("; ", boot.warnings()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -nographic             | Debugging[gdb=Optional.empty, startsStopped=false]
            -s                     | Debugging[gdb=Optional[Tcp[host=, port=1234]], startsStopped=false]
            -S -s                  | Debugging[gdb=Optional[Tcp[host=, port=1234]], startsStopped=true]
            -gdb tcp::7777         | Debugging[gdb=Optional[Tcp[host=, port=7777]], startsStopped=false]
            -gdb tcp:localhost:1   | Debugging[gdb=Optional[Tcp[host=localhost, port=1]], startsStopped=false]
            -gdb tcp:[::1]:1       | Debugging[gdb=Optional[Tcp[host=::1, port=1]], startsStopped=false]
            -gdb unix:/tmp/g       | Debugging[gdb=Optional[Unix[path=/tmp/g]], startsStopped=false]
            -gdb stdio             | Debugging[gdb=Optional[Stdio[]], startsStopped=false]
            -s -gdb none           | Debugging[gdb=Optional.empty, startsStopped=false]
            """)
    void debuggersConnectWhereQemuLetsThem(String options, String debugging) {
        Request.Boot boot = assertInstanceOf(Request.Boot.class, parse(options));

        assertEquals(debugging, boot.configuration().debugging().toString());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -foo                              | -foo: invalid option
            --foo                             | --foo: invalid option
            -                                 | -: invalid option
            ---smp 4                          | ---smp: invalid option
            -m                                | -m: requires an argument
            -smp 2 -kernel                    | -kernel: requires an argument
            -smp 0                            | -smp 0: a machine has 1 to 255 CPUs
            -smp x                            | -smp x: 'x' is not a number
            -smp -1                           | -smp -1: '-1' is not a number
            -smp 256                          | -smp 256: a machine has 1 to 255 CPUs
            -smp 99999999999                  | -smp 99999999999: a machine has 1 to 255 CPUs
            -smp cpus=                        | -smp cpus=: '' is not a number
            -smp cores=0                      | -smp cores=0: a machine has 1 to 255 CPUs
            -smp sockets=16,cores=16          | -smp sockets=16,cores=16: a machine has 1 to 255 CPUs
            -smp 3,cores=2                    | -smp 3,cores=2: sockets (1) * cores (2) * threads (1) are not 3 CPUs
            -smp 8,maxcpus=4                  | -smp 8,maxcpus=4: 8 CPUs are more than maxcpus=4
            -smp 4,books=2                    | -smp 4,books=2: 'books' is none of cpus, sockets, cores, threads, maxcpus
            -smp 4,cores                      | -smp 4,cores: 'cores' needs a value
            -smp 4,dies=2                     | -smp 4,dies=2: a package has one of dies
            -m 1                              | -m 1: a machine needs at least 16 MiB of memory
            -m 0                              | -m 0: a machine needs at least 16 MiB of memory
            -m 2T                             | -m 2T: a machine has at most 1 TiB of memory
            -m 99999999999999999999           | -m 99999999999999999999: a machine has at most 1 TiB of memory
            -m x                              | -m x: 'x' is not a size such as 512, 512M or 2G
            -m 1.5G                           | -m 1.5G: '1.5G' is not a size such as 512, 512M or 2G
            -m 512Q                           | -m 512Q: '512Q' is not a size such as 512, 512M or 2G
            -m size=                          | -m size=: '' is not a size such as 512, 512M or 2G
            -m 1G,slots=2                     | -m 1G,slots=2: 'slots' is not known here, memory cannot be plugged in
            -serial tcp::4444                 | -serial tcp::4444: unknown, use stdio, mon:stdio, file:FILE, null or none
            -serial file:                     | -serial file:: unknown, use stdio, mon:stdio, file:FILE, null or none
            -serial chardev:x                 | -serial chardev:x: there is no -chardev with id=x
            -serial stdio -serial mon:stdio   | stdio: standard input and output can be wired to one device only
            -serial stdio -debugcon stdio     | stdio: standard input and output can be wired to one device only
            -chardev stdio                    | -chardev stdio: it needs id=NAME
            -chardev socket,id=a              | -chardev socket,id=a: 'socket' is none of stdio, file, null
            -chardev file,id=a                | -chardev file,id=a: it needs path=FILE
            -chardev null,id=a,host=b         | -chardev null,id=a,host=b: 'host' is none of id, path, mux, signal
            -chardev null,id=a -chardev null,id=a | -chardev null,id=a: id=a is given twice
            -cpu 8086                         | -cpu 8086: unable to find CPU model '8086', -cpu help lists them
            -cpu max,x2apic=maybe             | -cpu max,x2apic=maybe: 'x2apic' is not +feature, -feature, feature=on or feature=off
            -cpu max,+warp                    | -cpu max,+warp: 'warp' is no feature or property of a processor
            -cpu max,warp=9                   | -cpu max,warp=9: 'warp' is not +feature, -feature, feature=on or feature=off
            -cpu max,vendor=AMD               | -cpu max: vendor=AMD: a vendor has 12 characters
            -cpu max,stepping=16              | -cpu max: stepping=16: stepping is 0 to 15
            -cpu max,family=six               | -cpu max: family=six: is not a number
            -cpu max,tsc-freq=20G             | -cpu max: tsc-frequency=20000000000: tsc-frequency is 1000000 to 9000000000
            -cpu max,+hle,enforce             | -cpu max: feature 'hle' is not implemented
            -cpu max,                         | -cpu max,: '' is not +feature, -feature, feature=on or feature=off
            -M microvm                        | -M microvm: unsupported machine type 'microvm', -machine help lists them
            -M pc,foo=1                       | -M pc,foo=1: 'foo' is not a property of the machine
            -d foo                            | -d foo: 'foo' cannot be logged, -d help lists what can
            -device foo                       | -device foo: 'foo' is not a valid device model name, -device help lists them
            -device isa-debug-exit,foo=1      | -device isa-debug-exit,foo=1: 'foo' is not a property of isa-debug-exit
            -device isa-debug-exit,iobase=x   | -device isa-debug-exit,iobase=x: 'x' is not a number
            -device isa-debug-exit,iobase     | -device isa-debug-exit,iobase: '' is not a number
            -device isa-debug-exit,iobase=0x10000 | -device isa-debug-exit,iobase=0x10000: '0x10000' is not in the range 0x0 to 0xffff
            -device isa-debug-exit,iosize=0   | -device isa-debug-exit,iosize=0: '0' is not in the range 0x1 to 0x8
            -device isa-debug-exit,iobase=0xffff,iosize=2 | -device isa-debug-exit,iobase=0xffff,iosize=2: its ports would end behind 0xffff
            -device isa-debugcon              | -device isa-debugcon: it needs chardev=ID
            -device nvme,drive=d              | -device nvme,drive=d: Carafe has no disks yet, boot a kernel with -kernel
            -drive file=x.img                 | -drive file=x.img: Carafe has no disks yet, boot a kernel with -kernel
            -cdrom x.iso                      | -cdrom x.iso: Carafe has no disks yet, boot a kernel with -kernel
            disk.img                          | disk.img: Carafe has no disks yet, boot a kernel with -kernel
            -pflash OVMF.fd                   | -pflash OVMF.fd: Carafe has no flash memory that a guest may write to
            -bios a.bin -kernel b.elf         | -bios a.bin: Carafe hands no kernel to foreign firmware, leave out -bios or -kernel b.elf
            -gdb                              | -gdb: requires an argument
            -gdb 1234                         | -gdb 1234: it is tcp::PORT, tcp:HOST:PORT, unix:PATH, stdio or none
            -gdb tcp:1234                     | -gdb tcp:1234: the port is missing, use tcp::PORT
            -gdb tcp::x                       | -gdb tcp::x: 'x' is no port number from 0 to 65535
            -gdb tcp::65536                   | -gdb tcp::65536: '65536' is no port number from 0 to 65535
            -gdb tcp::1,reconnect=1           | -gdb tcp::1,reconnect=1: 'reconnect=1' is unknown here
            -gdb unix:                        | -gdb unix:: it is tcp::PORT, tcp:HOST:PORT, unix:PATH, stdio or none
            -gdb stdio -serial stdio          | stdio: standard input and output can be wired to one device only
            --exit-codes bochs                | --exit-codes bochs: it is qemu or carafe
            """)
    void badInputGetsOneSentenceWithItsValue(String options, String sentence) {
        assertEquals(sentence, refusal(options));
    }

    @Test
    void moreThanFourSerialPortsAreTooMany() {
        assertEquals(
                "-serial: the machine has 4 serial ports, 5 were given",
                refusal("-serial null ".repeat(5)));
    }

    @Test
    void emptyAndImpossibleFileNamesAreRefused() {
        assertEquals("-kernel: the file name is empty", refusal("-kernel~"));
        assertEquals("-D a\0b: not a file name: Nul character not allowed", refusal("-D~a\0b"));
    }

    @Test
    void runTakesOneKernel() {
        UsageError error =
                assertThrows(
                        UsageError.class, () -> OptionParser.parseRun(List.of("a.elf", "b.elf")));

        assertEquals("b.elf: the kernel is already a.elf", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-version", "--version", "-smp 2 -version", "-version -foo"})
    void theVersionsFirstLineIsWhatScriptsLookFor(String options) {
        assertEquals(
                "QEMU emulator version 7.2.0 (Carafe 0.1.0)",
                printed(options).lines().findFirst().orElseThrow());
    }

    @ParameterizedTest(name = "{0} has a line {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -device help     | name "isa-debug-exit", bus ISA
            -device ?        | name "isa-debug-exit", bus ISA
            -machine help    | q35                           Standard PC (Q35 + ICH9, 2009)
            -M ?             | pc                            Standard PC (i440FX + PIIX, 1996) (default)
            -cpu help        | x86 qemu64                    QEMU Virtual CPU version 2.5+
            -cpu ?           | x86 max                       every feature that Carafe has (default)
            -d help          | guest_errors                  what the guest does against a device's or the bus's rules
            -accel help      | tcg
            --help           | -no-reboot                    a reset of the guest ends the run
            -h               | -d ITEM,...                   log these, -d help lists them
            -help            | --screenshot FILE.png         write the framebuffer there at exit
            """)
    void helpHasOneThingInALine(String options, String line) {
        assertTrue(printed(options).lines().anyMatch(line::equals), printed(options));
    }

    @Test
    void everyOptionThatWorksHasALineOfHelpAtColumnZeroAndAnArmInTheParser() {
        String help = printed("-help");
        for (Option option : OptionTable.OPTIONS) {
            if (option.treatment() == Option.Treatment.CONFIGURES) {
                String pattern = "(?m)^--?" + option.name() + " ";
                assertTrue(
                        java.util.regex.Pattern.compile(pattern).matcher(help).find(),
                        option.name());
            }
        }
    }

    private static Request parse(String options) {
        String separator = options.contains("~") ? "~" : " ";
        List<String> words = options.isEmpty() ? List.of() : List.of(options.split(separator, -1));
        return OptionParser.parse(
                separator.equals(" ")
                        ? words.stream().filter(word -> !word.isEmpty()).toList()
                        : words);
    }

    private static Configuration configuration(String options) {
        return assertInstanceOf(Request.Boot.class, parse(options)).configuration();
    }

    private static String printed(String options) {
        return assertInstanceOf(Request.Print.class, parse(options)).text();
    }

    private static String refusal(String options) {
        return assertThrows(UsageError.class, () -> parse(options)).getMessage();
    }
}
