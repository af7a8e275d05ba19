package dev.carafe.tools.cli;

import static dev.carafe.tools.cli.Parsed.parse;
import static dev.carafe.tools.cli.Parsed.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be obeyed, or has no effect, is said. */
class RefusedOptionsTest {
    @ParameterizedTest(name = "{0} warns: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -enable-kvm                  | -enable-kvm: Carafe interprets every instruction, there is no acceleration
            --enable-kvm -enable-kvm     | --enable-kvm: Carafe interprets every instruction, there is no acceleration
            -enable-kvm -enable-kvm      | -enable-kvm: Carafe interprets every instruction, there is no acceleration
            -enable-kvm -accel kvm -cpu host | -enable-kvm: Carafe interprets every instruction, there is no acceleration
            -cpu host,migratable=off     | -cpu host,migratable=off: Carafe interprets every instruction, there is no acceleration
            -net nic -net user           | -net nic: Carafe has no network yet, the machine goes without it
            -pflash a -kernel b          | -pflash a: Carafe starts the kernel without firmware
            -drive if=pflash,file=a -cdrom b.iso | -drive if=pflash,file=a: Carafe starts the kernel without firmware
            -bios OVMF.fd -cdrom b.iso   | -bios OVMF.fd: Carafe starts the kernel without firmware
            -uuid 01234567-89ab-cdef-0123-456789ABCDEF | -uuid 01234567-89ab-cdef-0123-456789ABCDEF: it has no effect here
            -action panic=exit-failure   | -action panic=exit-failure: it has no effect here
            -action reboot=shutdown,shutdown=pause | ''
            -echr 0x14 -localtime -pidfile p | ''
            -no-hpet -M q35,hpet=off     | ''
            -accel kvm                   | -accel kvm: Carafe interprets every instruction, there is no acceleration
            -accel tcg                   | ''
            -M q35,accel=kvm             | -M q35,accel=kvm: Carafe interprets every instruction, there is no acceleration
            -monitor none                | ''
            -monitor /dev/null           | ''
            -net none                    | ''
            -machine accel=tcg           | ''
            -vga none                    | ''
            -vga std                     | -vga std: Carafe has no window, --screenshot FILE.png keeps the last picture
            -display sdl                 | -display sdl: Carafe has no window, --screenshot FILE.png keeps the last picture
            -s                           | ''
            -S -gdb none                 | ''
            -gdb tcp::1234,server=on,wait=off | ''
            -rtc base=utc                | ''
            -rtc base=localtime          | ''
            -boot d                      | ''
            -name test                   | ''
            -device e1000,netdev=n       | -device e1000,netdev=n: Carafe does not model it yet, the machine goes without it
            -d op,int                    | -d op,int: Carafe does not log 'op'
            -cpu Icelake-Server,+x2apic  | -cpu Icelake-Server,+x2apic: Carafe does not model this processor, this is -cpu max
            -global PIIX4_PM.disable_s3=1 | -global PIIX4_PM.disable_s3=1: it has no effect here
            -M q35,acpi=off              | -M q35,acpi=off: acpi has no effect here
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
            -serial foo                       | -serial foo: 'foo' is not known, use stdio, mon:stdio, file:FILE, tcp:HOST:PORT, telnet:HOST:PORT, unix:PATH, pipe:PATH, pty, /dev/..., chardev:ID, null or none
            -serial udp::4444                 | -serial udp::4444: Carafe has no 'udp' lines, use stdio, mon:stdio, file:FILE, tcp:HOST:PORT, telnet:HOST:PORT, unix:PATH, pipe:PATH, pty, /dev/..., chardev:ID, null or none
            -serial tcp:                      | -serial tcp:: '' is not HOST:PORT
            -serial tcp:x                     | -serial tcp:x: 'x' is not HOST:PORT
            -serial tcp::x                    | -serial tcp::x: 'x' is not a port number
            -serial tcp::70000                | -serial tcp::70000: '70000' is not a port number
            -serial tcp::1,foo                | -serial tcp::1,foo: 'foo' is none of server, wait, nowait, telnet, nodelay
            -serial tcp::1,server=x           | -serial tcp::1,server=x: 'server' is on or off
            -serial unix:                     | -serial unix:: the file name is empty
            -serial mon:pty                   | -serial mon:pty: the monitor can share standard input only, with mon:stdio
            -serial file:                     | -serial file:: the file name is empty
            -serial chardev:x                 | -serial chardev:x: there is no -chardev with id=x
            -serial stdio -serial mon:stdio   | stdio: standard input and output can be wired to one device only
            -serial stdio -debugcon stdio     | stdio: standard input and output can be wired to one device only
            -chardev stdio                    | -chardev stdio: it needs id=NAME
            -chardev socket,id=a              | -chardev socket,id=a: '' is not a port number
            -chardev foo,id=a                 | -chardev foo,id=a: 'foo' is not a valid char driver name, -chardev help lists them
            -chardev null,id=a -serial chardev:a -serial chardev:a | -serial chardev:a: it is in use, unless its -chardev has mux=on
            -chardev file,id=a                | -chardev file,id=a: it needs path=FILE
            -chardev null,id=a,host=b         | -chardev null,id=a,host=b: 'host' is not a property of null here
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
            -drive file=x.img -kernel k       | -drive file=x.img: Carafe has no disks yet, boot a kernel with -kernel
            -cdrom x.iso -kernel k            | -cdrom x.iso: Carafe has no disks yet, boot a kernel with -kernel
            disk.img -kernel k                | disk.img: Carafe has no disks yet, boot a kernel with -kernel
            -pflash OVMF.fd                   | -pflash OVMF.fd: Carafe has no flash memory that a guest may write to
            -drive if=pflash,file=f           | -drive if=pflash,file=f: Carafe has no flash memory that a guest may write to
            -boot foo=1                       | -boot foo=1: 'foo' is none of order, once, menu, splash, splash-time, reboot-timeout, strict
            -boot order=xyz                   | -boot order=xyz: 'xyz' is not a list of drives a to p
            -rtc foo=1                        | -rtc foo=1: 'foo' is none of base, clock, driftfix
            -rtc base=now                     | -rtc base=now: 'now' is none of utc, localtime, 2006-06-17T16:01:21, 2006-06-17
            -uuid 7                           | -uuid 7: it is not 8-4-4-4-12 hexadecimal digits
            -echr x                           | -echr x: 'x' is not a number
            -action foo=bar                   | -action foo=bar: 'foo=bar' is no event and its action
            -daemonize                        | -daemonize: Carafe stays in the foreground, start it with & or nohup
            --expect (                        | --expect (: not a regular expression: Unclosed group at character 2
            --fail-on a{                      | --fail-on a{: not a regular expression: Illegal repetition at character 3
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
}
