package dev.carafe.tools.cli;

import static dev.carafe.tools.cli.Parsed.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.tools.board.DebugConsole;
import dev.carafe.tools.board.HostPort;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a device's bytes go, by option. */
class ConsoleOptionsTest {
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
            -serial tcp:localhost:4444                     | client localhost/<unresolved>:4444
            -serial tcp::4444,server                       | server waits /<unresolved>:4444
            -serial tcp::4444,server,nowait                | server /<unresolved>:4444
            -serial tcp:[::1]:4,server=on,wait=off,nodelay | server ::1/<unresolved>:4
            -serial telnet:127.0.0.1:23,server,nowait      | telnet server 127.0.0.1/<unresolved>:23
            -serial unix:/tmp/s,server,nowait              | server /tmp/s
            -serial unix:/tmp/s                            | client /tmp/s
            -serial pty -serial pipe:/tmp/p                | pty pipe /tmp/p
            -serial /dev/ttyS0                             | /dev/ttyS0
            -chardev file,id=c,path=x,append=on -serial chardev:c | >>x
            -chardev socket,id=c,host=a,port=1,server=on,wait=off,telnet=on -serial chardev:c | telnet server a/<unresolved>:1
            -chardev socket,id=c,path=/tmp/s,server -serial chardev:c | server waits /tmp/s
            -chardev pty,id=c -serial chardev:c            | pty
            -chardev null,id=c,mux=on -serial chardev:c -serial chardev:c | null null
            """)
    void serialPortsAreWiredInTheOrderGiven(String options, String expected) {
        List<String> ports =
                configuration(options).serials().stream().map(ConsoleOptionsTest::shortly).toList();

        assertEquals(expected, String.join(" ", ports));
    }

    private static String shortly(HostPort port) {
        return switch (port) {
            case HostPort.None() -> "none";
            case HostPort.Disconnected() -> "null";
            case HostPort.Stdio(boolean escapes) -> escapes ? "keys" : "stdio";
            case HostPort.ToFile(Path file, boolean append) -> (append ? ">>" : "") + file;
            case HostPort.Socket(var address, boolean server, boolean waits, boolean telnet) ->
                    (telnet ? "telnet " : "")
                            + (server ? "server " : "client ")
                            + (waits ? "waits " : "")
                            + address;
            case HostPort.PseudoTerminal() -> "pty";
            case HostPort.HostDevice(Path path) -> path.toString();
            case HostPort.NamedPipe(Path path) -> "pipe " + path;
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
        assertEquals(debugging, configuration(options).debugging().toString());
    }
}
