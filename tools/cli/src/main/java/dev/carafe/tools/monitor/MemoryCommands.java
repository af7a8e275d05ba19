package dev.carafe.tools.monitor;

import dev.carafe.core.isa.text.Syntax;
import dev.carafe.core.machine.DebugMemory;
import dev.carafe.tools.monitor.Session.Still;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Commands that look at memory, ports and numbers. */
final class MemoryCommands {
    private static final int BLOCK = 1 << 16;
    private static final int PORTS = 0xFFFF;
    private static final int SUM_MODULUS = 0xFFFF;

    private final Session session;

    MemoryCommands(Session session) {
        this.session = session;
    }

    List<Command> all() {
        return List.of(
                Command.of(
                        "x",
                        "/fmt addr",
                        "virtual memory dump starting at 'addr'",
                        arguments -> dump("x", arguments, false)),
                Command.of(
                        "xp",
                        "/fmt addr",
                        "physical memory dump starting at 'addr'",
                        arguments -> dump("xp", arguments, true)),
                Command.of(
                        "print|p",
                        "/fmt expr",
                        "print expression value (use $reg for CPU register access)",
                        this::print),
                Command.of(
                        "gva2gpa",
                        "addr",
                        "print the guest physical address corresponding to a guest virtual address",
                        this::translate),
                Command.of("i", "/fmt addr", "I/O port read", this::readPort),
                Command.of("o", "/fmt addr value", "I/O port write", this::writePort),
                Command.of(
                        "memsave",
                        "addr size file",
                        "save to disk virtual memory dump starting at 'addr' of size 'size'",
                        arguments -> save("memsave", arguments, false)),
                Command.of(
                        "pmemsave",
                        "addr size file",
                        "save to disk physical memory dump starting at 'addr' of size 'size'",
                        arguments -> save("pmemsave", arguments, true)),
                Command.of(
                        "sum", "addr size", "compute the checksum of a memory region", this::sum),
                Command.of("cpu", "index", "set the default CPU", this::cpu),
                Command.of(
                        "disassembly-flavor",
                        "att|intel",
                        "how instructions are written (Carafe's own; 'att' as QEMU)",
                        this::flavor));
    }

    private String dump(String name, Arguments arguments, boolean physical) throws MonitorError {
        Format format = arguments.format(session.format().once());
        long address = arguments.integer();
        arguments.end(name);
        session.setFormat(format);
        Syntax syntax = session.intel() ? Syntax.INTEL : Syntax.ATT;
        return session.still(
                still ->
                        format.letter() == 'i'
                                ? MemoryDump.instructions(
                                        still, physical, format.count(), address, syntax)
                                : MemoryDump.numbers(still, physical, format, address));
    }

    private String print(Arguments arguments) throws MonitorError {
        Format format = arguments.format(session.format().once());
        long value = arguments.integer();
        arguments.end("print|p");
        session.setFormat(format);
        return format.single(value) + "\n";
    }

    private String translate(Arguments arguments) throws MonitorError {
        long linear = arguments.integer();
        arguments.end("gva2gpa");
        return session.still(
                still -> {
                    long physical = still.memory().translate(still.vcpu(), linear);
                    return physical == DebugMemory.NOWHERE
                            ? "Unmapped\n"
                            : "gpa: 0x" + Long.toHexString(physical) + "\n";
                });
    }

    private String readPort(Arguments arguments) throws MonitorError {
        int size = portSize(arguments);
        long port = arguments.integer() & PORTS;
        arguments.end("i");
        long value = session.parts(parts -> parts.machine().ports().read(port, size));
        return "port%s[0x%04x] = 0x%s\n"
                .formatted(letter(size), port, PagingText.hex(value, 2 * size));
    }

    private String writePort(Arguments arguments) throws MonitorError {
        int size = portSize(arguments);
        long port = arguments.integer() & PORTS;
        long value = arguments.integer() & (1L << 8 * size) - 1;
        arguments.end("o");
        session.parts(
                parts -> {
                    parts.machine().ports().write(port, size, value);
                    return "";
                });
        return "";
    }

    private int portSize(Arguments arguments) throws MonitorError {
        return Math.min(arguments.format(session.format().once()).size(), Integer.BYTES);
    }

    private static String letter(int size) {
        return size == 1 ? "b" : size == 2 ? "w" : "l";
    }

    private String save(String name, Arguments arguments, boolean physical) throws MonitorError {
        long address = arguments.integer();
        long size = arguments.integer();
        String file = arguments.word("string");
        arguments.end(name);
        if (size < 0) {
            throw MonitorError.failed("a size of " + size + " bytes");
        }
        String problem = session.still(still -> save(still, address, size, file, physical));
        if (!problem.isEmpty()) {
            throw MonitorError.failed(problem);
        }
        return "";
    }

    private static String save(
            Still still, long address, long size, String file, boolean physical) {
        try (OutputStream out = Files.newOutputStream(Path.of(file))) {
            for (long done = 0; done < size; done += BLOCK) {
                byte[] block = new byte[(int) Math.min(BLOCK, size - done)];
                if (read(still, physical, address + done, block) < block.length) {
                    return "Invalid addr 0x%016x/size %d specified".formatted(address, size);
                }
                out.write(block);
            }
            return "";
        } catch (IOException | InvalidPathException e) {
            return "Could not open '" + file + "': " + MachineCommands.reason(e);
        }
    }

    private static int read(Still still, boolean physical, long address, byte[] into) {
        return physical
                ? still.memory().readPhysical(address, into)
                : still.memory().read(still.vcpu(), address, into);
    }

    /** BSD's sum: rotate right, add. */
    private String sum(Arguments arguments) throws MonitorError {
        long start = arguments.integer();
        long size = arguments.integer();
        arguments.end("sum");
        return session.still(
                still -> {
                    int sum = 0;
                    byte[] block = new byte[BLOCK];
                    for (long done = 0; done < size; done += BLOCK) {
                        int length = (int) Math.min(BLOCK, size - done);
                        if (still.memory().readPhysical(start + done, block) < length) {
                            throw MonitorError.failed(
                                    "Invalid addr 0x%016x/size %d specified"
                                            .formatted(start, size));
                        }
                        for (int i = 0; i < length; i++) {
                            sum = (sum >>> 1 | sum << 15) + (block[i] & 0xFF) & SUM_MODULUS;
                        }
                    }
                    return "%05d\n".formatted(sum);
                });
    }

    private String cpu(Arguments arguments) throws MonitorError {
        long number = arguments.integer();
        arguments.end("cpu");
        if (number < 0 || number >= session.parts(parts -> parts.machine().vcpus().size())) {
            return "invalid CPU index\n";
        }
        session.setCpu((int) number);
        return "";
    }

    private String flavor(Arguments arguments) throws MonitorError {
        String name = arguments.word("att or intel");
        arguments.end("disassembly-flavor");
        if (!name.equals("att") && !name.equals("intel")) {
            throw MonitorError.plain("'" + name + "' is neither att nor intel");
        }
        session.setIntel(name.equals("intel"));
        return "";
    }
}
