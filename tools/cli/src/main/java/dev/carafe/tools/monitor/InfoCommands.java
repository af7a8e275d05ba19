package dev.carafe.tools.monitor;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RegisterDump;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.tools.board.PcParts;
import java.util.List;

/** What {@code info} can tell. */
final class InfoCommands {
    /** What {@code info version} says; scripts compare its beginning. */
    static final String VERSION = "7.2.0";

    private static final int ISA_INTERRUPTS = 16;

    private final Session session;
    private final History history;

    InfoCommands(Session session, History history) {
        this.session = session;
        this.history = history;
    }

    List<Command> all() {
        return List.of(
                info("chardev", "", "show the character devices", _ -> lines()),
                info("cpus", "", "show infos for each CPU", _ -> cpus()),
                info("history", "", "show the command line history", _ -> history.text()),
                info("ioapic", "", "show the I/O APIC's state", _ -> ioApic()),
                info(
                        "irq",
                        "",
                        "show the interrupts statistics (if available)",
                        _ -> session.parts(InfoCommands::interrupts)),
                info("kvm", "", "show KVM information", _ -> "kvm support: disabled\n"),
                info(
                        "lapic",
                        "[apic-id]",
                        "show local apic state (apic-id: local apic to read, default is which of"
                                + " current CPU)",
                        this::localApic),
                info(
                        "mem",
                        "",
                        "show the active virtual memory mappings",
                        _ -> session.still(s -> PagingText.ranges(s.cpu(), s.memory()))),
                info(
                        "mtree",
                        "[-f]",
                        "show memory tree",
                        arguments -> {
                            arguments.option('f');
                            return session.parts(DeviceTree::memory);
                        }),
                info("name", "", "show the current VM name", _ -> ""),
                info("pci", "", "show PCI info", _ -> session.parts(DeviceTree::pci)),
                info("pic", "", "show PIC state", _ -> interruptControllers()),
                info("qtree", "", "show device tree", _ -> session.parts(DeviceTree::buses)),
                info(
                        "registers",
                        "[-a|vcpu]",
                        "show the cpu registers (-a: show register info for all cpus; vcpu:"
                                + " specific vCPU to query; show the current CPU's registers if no"
                                + " argument is specified)",
                        this::registers),
                info(
                        "status",
                        "",
                        "show the current VM status (running|paused)",
                        _ -> session.host().status().sentence() + "\n"),
                info(
                        "tlb",
                        "",
                        "show virtual to physical memory mappings",
                        _ -> session.still(s -> PagingText.pages(s.cpu(), s.memory()))),
                info(
                        "uuid",
                        "",
                        "show the current VM UUID",
                        _ -> "00000000-0000-0000-0000-000000000000\n"),
                info("version", "", "show the version of QEMU", _ -> VERSION + " (Carafe)\n"));
    }

    private String lines() {
        StringBuilder out = new StringBuilder();
        session.host().lines().forEach(line -> out.append(line).append('\n'));
        return out.toString();
    }

    static Command info(String name, String parameters, String help, Command.Action run) {
        return Command.of(
                name,
                parameters,
                help,
                arguments -> {
                    if (parameters.isEmpty()) {
                        arguments.end(name);
                    }
                    return run.run(arguments);
                });
    }

    /** Which thread runs each processor, where it is and what it does. */
    private String cpus() throws MonitorError {
        ThreadIds threads = ThreadIds.read();
        return session.still(
                still -> {
                    StringBuilder out = new StringBuilder();
                    for (Vcpu vcpu : still.parts().machine().vcpus()) {
                        Cpu cpu = vcpu.cpu();
                        out.append(cpu.index == session.cpu() ? "* " : "  ");
                        out.append("CPU #").append(cpu.index).append(": thread_id=");
                        out.append(threads.of(cpu.index)).append(' ').append(where(cpu));
                        out.append('\n');
                    }
                    return out.toString();
                });
    }

    private String where(Cpu cpu) {
        String place =
                session.host()
                        .with(
                                board ->
                                        board.symbols()
                                                .code(cpu.rip)
                                                .map(p -> " <" + p.inSymbol() + ">")
                                                .orElse(""));
        String activity =
                switch (cpu.activity) {
                    case RUNNING -> "";
                    case HALTED -> " (halted)";
                    case SHUTDOWN -> " (shutdown)";
                    case WAIT_FOR_SIPI -> " (waiting for SIPI)";
                    case PARKED -> " (parked)";
                };
        return "pc=0x"
                + PagingText.hex(cpu.rip, 16)
                + place
                + activity
                + " cpl="
                + cpu.cpl
                + " if="
                + (cpu.interruptsEnabled() ? 1 : 0)
                + " cr3=0x"
                + PagingText.hex(cpu.control.cr3(), 16);
    }

    private String registers(Arguments arguments) throws MonitorError {
        if (arguments.option('a')) {
            arguments.end("registers");
            return session.still(
                    still -> {
                        StringBuilder out = new StringBuilder();
                        for (Vcpu vcpu : still.parts().machine().vcpus()) {
                            out.append(registers(vcpu.cpu()));
                        }
                        return out.toString();
                    });
        }
        long number = arguments.integer(session.cpu());
        arguments.end("registers");
        int count = session.parts(parts -> parts.machine().vcpus().size());
        if (number < 0 || number >= count) {
            return "CPU#" + number + " not available\n";
        }
        return session.still((int) number, still -> registers(still.cpu()));
    }

    private static String registers(Cpu cpu) {
        return "\nCPU#" + cpu.index + "\n" + RegisterDump.all(cpu);
    }

    private String localApic(Arguments arguments) throws MonitorError {
        boolean named = arguments.hasMore();
        long wanted = arguments.integer(0);
        arguments.end("lapic");
        return session.still(
                still -> {
                    PcParts parts = still.parts();
                    int cpu = still.cpu().index;
                    if (named) {
                        cpu = -1;
                        for (int i = 0; i < parts.localApics().size(); i++) {
                            if (parts.localApics().get(i).apicId() == wanted) {
                                cpu = i;
                            }
                        }
                    }
                    return cpu < 0
                            ? "No local APIC with id " + wanted + "\n"
                            : LocalApicText.of(cpu, parts.localApics().get(cpu));
                });
    }

    private String ioApic() {
        return session.parts(parts -> PicText.ioApic(parts.ioApic()));
    }

    private String interruptControllers() {
        return session.parts(parts -> PicText.ioApic(parts.ioApic()) + PicText.pair(parts.pic()));
    }

    private static String interrupts(PcParts parts) {
        StringBuilder lines = new StringBuilder();
        for (int irq = 0; irq < ISA_INTERRUPTS; irq++) {
            long count = parts.interrupts().applyAsLong(irq);
            if (count > 0) {
                lines.append("%2d: %d\n".formatted(irq, count));
            }
        }
        return "IRQ statistics for ioapic:\n" + lines + "IRQ statistics for isa-i8259:\n" + lines;
    }
}
