package dev.carafe.tools.board;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.TripleFault;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.firmware.BootException;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSymbol;
import dev.carafe.firmware.elf.ElfSymbols;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

/**
 * What is said about a machine that ended badly: which processor, what happened to it, and where in
 * the kernel.
 */
final class CrashReport {
    private static final int EVENTS_SHOWN = 8;

    /**
     * A reset is forced by loading an empty IDT and raising an exception: within so many rare
     * events.
     */
    private static final int RECENT = 5;

    private final BootFiles files;
    private final long slide;

    CrashReport(BootFiles files, long slide) {
        this.files = files;
        this.slide = slide;
    }

    /** Whether the kernel had just emptied its IDT, as kernels do that want a reset. */
    static boolean isDeliberate(Cpu cpu) {
        if (cpu.system.idtr.limit() != 0) {
            return false;
        }
        List<RareEvents.Event> events = cpu.rare.events();
        List<RareEvents.Event> recent =
                events.subList(Math.max(0, events.size() - RECENT), events.size());
        return recent.stream().anyMatch(event -> event.kind() == RareEvents.Kind.IDTR);
    }

    String tripleFault(Cpu cpu, TripleFault fault) {
        StringBuilder text = new StringBuilder();
        text.append("carafe: triple fault on CPU ").append(cpu.index).append(": ").append(fault);
        place(fault.rip()).ifPresent(place -> text.append(" (").append(place).append(')'));
        text.append('\n');
        text.append("  IDTR base ").append(hex(cpu.system.idtr.base()));
        text.append(" limit ").append(hex(cpu.system.idtr.limit()));
        text.append(", CR0 ").append(hex(cpu.control.cr0()));
        text.append(", CR3 ").append(hex(cpu.control.cr3()));
        text.append(", CR4 ").append(hex(cpu.control.cr4()));
        text.append(", EFER ").append(hex(cpu.control.efer())).append('\n');
        List<RareEvents.Event> events = cpu.rare.events();
        for (RareEvents.Event event :
                events.subList(Math.max(0, events.size() - EVENTS_SHOWN), events.size())) {
            text.append("  before: ").append(event.kind());
            text.append(" at RIP ").append(hex(event.rip()));
            place(event.rip()).ifPresent(place -> text.append(" (").append(place).append(')'));
            text.append(", detail ").append(hex(event.detail()));
            text.append(", value ").append(hex(event.value())).append('\n');
        }
        return text.toString();
    }

    /** For a defect of Carafe's own: what was thrown, and where every processor was. */
    String internalError(int vcpu, Throwable cause, List<Vcpu> vcpus) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        String where = vcpu == dev.carafe.core.machine.Outcome.NO_VCPU ? "" : " on CPU " + vcpu;
        out.print("carafe: internal error" + where + ", please report it: ");
        cause.printStackTrace(out);
        for (Vcpu each : vcpus) {
            Cpu cpu = each.cpu();
            out.println("  CPU " + cpu.index + ": " + cpu.activity + " at RIP " + hex(cpu.rip));
        }
        out.flush();
        return text.toString();
    }

    /** A function of the kernel and the distance into it. */
    private Optional<String> place(long rip) {
        try {
            ElfSymbols symbols = ElfFile.parse(files.kernel(), files.kernelName()).symbols();
            ElfSymbol symbol = symbols == null ? null : symbols.functionAt(rip - slide);
            return Optional.ofNullable(symbol)
                    .map(s -> s.name() + "+" + hex(rip - slide - s.address()));
        } catch (BootException e) {
            return Optional.empty(); // no ELF file, or one without symbols: the address must do
        }
    }

    private static String hex(long value) {
        return BootException.hex(value);
    }
}
