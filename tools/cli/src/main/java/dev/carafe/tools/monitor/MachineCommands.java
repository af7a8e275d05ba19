package dev.carafe.tools.monitor;

import dev.carafe.core.time.Timers;
import dev.carafe.devices.apic.LocalApic;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.board.PcParts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Commands that do something to the machine. */
final class MachineCommands {
    private static final long HOLD_MILLISECONDS = 100;
    private static final long LONGEST_HOLD = 60_000;
    private static final long NANOS_PER_MILLISECOND = 1_000_000;

    private final Session session;

    MachineCommands(Session session) {
        this.session = session;
    }

    List<Command> all() {
        return List.of(
                Command.of("cont|c", "", "resume emulation", _ -> resume()),
                Command.of("stop|s", "", "stop emulation", _ -> stop()),
                Command.of("quit|q", "", "quit the emulator", _ -> quit()),
                Command.of("system_reset", "", "reset the system", _ -> reset()),
                Command.of(
                        "system_powerdown",
                        "",
                        "send system power down event",
                        _ -> {
                            session.host().pressPowerButton();
                            return "";
                        }),
                Command.of(
                        "gdbserver",
                        "[device]",
                        "start gdbserver on given device (default 'tcp::1234'), stop with 'none'",
                        this::gdbServer),
                Command.of("nmi", "", "inject an NMI", _ -> session.parts(this::nmi)),
                Command.of(
                        "sendkey",
                        "keys [hold_ms]",
                        "send keys to the VM (e.g. 'sendkey ctrl-alt-f1', default hold time=100"
                                + " ms)",
                        this::sendKey),
                Command.of(
                        "screendump",
                        "filename [-f format] [device [head]]",
                        "save screen from head 'head' of display device 'device' in specified"
                                + " format 'format' as image 'filename'. Currently only 'png' and"
                                + " 'ppm' formats are supported.",
                        this::screenDump));
    }

    String stop() {
        if (session.host().status() != RunStatus.SHUTDOWN) {
            session.parts(
                    parts -> {
                        parts.machine().control().stop();
                        return "";
                    });
        }
        return "";
    }

    String resume() throws MonitorError {
        if (session.host().status() == RunStatus.SHUTDOWN) {
            throw MonitorError.failed("Resetting the Virtual Machine is required");
        }
        return session.parts(
                parts -> {
                    parts.machine().control().resume();
                    return "";
                });
    }

    private String quit() {
        session.host().quit();
        return "";
    }

    private String reset() {
        session.host().reset();
        return "";
    }

    /** As a button at every processor's LINT1 would, whatever that pin is programmed to do. */
    String nmi(PcParts parts) {
        for (LocalApic apic : parts.localApics()) {
            apic.lint1().set(true);
            apic.lint1().set(false);
        }
        return "";
    }

    private String gdbServer(Arguments arguments) throws MonitorError {
        String device = arguments.hasMore() ? arguments.word("device") : "tcp::1234";
        arguments.end("gdbserver");
        return session.host().changeDebugger(device) + "\n";
    }

    private String sendKey(Arguments arguments) throws MonitorError {
        List<String> keys = List.of(arguments.word("string").split("-"));
        long hold = arguments.integer(HOLD_MILLISECONDS);
        arguments.end("sendkey");
        sendKeys(keys, hold);
        return "";
    }

    /** Presses keys together and lets them go some virtual milliseconds later. */
    void sendKeys(List<String> keys, long holdMilliseconds) throws MonitorError {
        for (String key : keys) {
            if (!Keys.exists(key)) {
                throw MonitorError.plain("invalid parameter: " + key);
            }
        }
        long hold = Math.clamp(holdMilliseconds, 0, LONGEST_HOLD);
        session.parts(
                parts -> {
                    parts.keyboard().press(Keys.pressed(keys));
                    Timers timers = parts.machine().timers();
                    timers.timer(() -> parts.keyboard().press(Keys.released(keys)))
                            .arm(timers.now() + hold * NANOS_PER_MILLISECOND);
                    return "";
                });
    }

    private String screenDump(Arguments arguments) throws MonitorError {
        String file = arguments.word("filename");
        String format = "ppm";
        if (arguments.option('f')) {
            format = arguments.word("string");
        }
        if (arguments.hasMore()) {
            arguments.word("string"); // there is one display only
            arguments.integer(0);
        }
        arguments.end("screendump");
        screenDump(file, format);
        return "";
    }

    /** Writes the picture to a file. */
    void screenDump(String file, String format) throws MonitorError {
        if (!format.equals("png") && !format.equals("ppm")) {
            throw MonitorError.failed("invalid parameter value: " + format);
        }
        String problem = session.host().with(board -> write(board, file, format));
        if (!problem.isEmpty()) {
            throw MonitorError.failed(problem);
        }
    }

    private static String write(PcBoard board, String file, String format) {
        if (!board.hasPicture()) {
            return "there is no console to take a screendump from: the machine has no framebuffer";
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(file)))) {
            if (format.equals("png")) {
                board.writePicture(out);
            } else {
                board.writePortablePixmap(out);
            }
            return "";
        } catch (IOException | InvalidPathException e) {
            return "failed to open file '" + file + "': " + reason(e);
        }
    }

    /** The host's reason, in words. */
    static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "No such file or directory";
            case java.nio.file.AccessDeniedException _ -> "Permission denied";
            case java.nio.file.FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
