package dev.carafe.tools.cli;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootLoader;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import dev.carafe.firmware.elf.ElfSymbols;
import dev.carafe.firmware.limine.LimineBoot;
import dev.carafe.firmware.limine.LimineSurvey;
import dev.carafe.tools.board.BootFiles;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What {@code carafe info} says about a kernel: how it would boot, and what would go wrong. */
final class KernelSurvey {
    private static final int KIB = 1024;

    private final BootFiles files;
    private final MachineDescription machine;
    private final PrintStream out;
    private final List<String> notes = new ArrayList<>();

    KernelSurvey(BootFiles files, MachineDescription machine, PrintStream out) {
        this.files = files;
        this.machine = machine;
        this.out = out;
    }

    /**
     * Prints everything.
     *
     * @return whether it boots
     */
    boolean print() {
        out.println(files.kernelName() + ": " + files.kernel().length + " bytes");
        files.notes().forEach(note -> out.println("note: " + note));
        ElfFile elf = elf();
        if (elf != null) {
            segments(elf);
        }
        boolean boots = boot();
        if (elf != null && boots && LimineBoot.hasRequests(elf)) {
            requests(elf);
        }
        if (elf != null) {
            symbols(elf);
        }
        notes.forEach(note -> out.println("warning: " + note));
        return boots;
    }

    private ElfFile elf() {
        if (!ElfFile.isElf(files.kernel())) {
            out.println("file: no ELF");
            return null;
        }
        try {
            ElfFile elf = ElfFile.parse(files.kernel(), files.kernelName());
            String width = elf.is64() ? "64-bit" : "32-bit";
            String kind = elf.type() == ElfFile.ET_DYN ? "position-independent" : "fixed address";
            out.println(
                    "file: ELF, "
                            + width
                            + ", "
                            + kind
                            + ", entry "
                            + BootException.hex(elf.entry()));
            return elf;
        } catch (BootException e) {
            return null; // booting says the same
        }
    }

    private void segments(ElfFile elf) {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() != ElfSegment.PT_LOAD) {
                continue;
            }
            boolean writable = (segment.flags() & ElfSegment.PF_W) != 0;
            boolean executable = (segment.flags() & ElfSegment.PF_X) != 0;
            String rights =
                    ((segment.flags() & ElfSegment.PF_R) != 0 ? "r" : "-")
                            + (writable ? "w" : "-")
                            + (executable ? "x" : "-");
            out.printf(
                    "segment: %s %s, %d KiB in memory, %d KiB in the file%n",
                    BootException.hex(segment.virtualAddress()),
                    rights,
                    (segment.memorySize() + KIB - 1) / KIB,
                    (segment.fileSize() + KIB - 1) / KIB);
            if (writable && executable) {
                notes.add(
                        "the segment at "
                                + BootException.hex(segment.virtualAddress())
                                + " can be written and executed: give code and data program headers of their own");
            }
        }
    }

    private boolean boot() {
        try {
            BootImage image =
                    BootLoader.load(
                            files.kernel(),
                            files.kernelName(),
                            "",
                            files.modules(),
                            machine,
                            BootOptions.standard().withModuleSource(files.internalModules()));
            out.println("protocol: " + image.protocol());
            image.facts().lines().forEach(out::println);
            return true;
        } catch (BootException e) {
            out.println("boots: no: " + e.getMessage());
            return false;
        }
    }

    private void requests(ElfFile elf) {
        LimineSurvey survey;
        try {
            survey = LimineSurvey.of(elf, machine.ramBytes());
        } catch (BootException e) {
            notes.add(e.getMessage());
            return;
        }
        for (LimineSurvey.Request request : survey.requests()) {
            out.println(
                    "request: "
                            + request.name()
                            + (request.answered() ? "" : ", gets no response"));
            if (!request.answered()) {
                notes.add(
                        "the request '"
                                + request.name()
                                + "' gets no response: its pointer stays null");
            }
        }
        if (survey.askedBaseRevision() == 0) {
            notes.add("the kernel has no base revision tag, and gets revision 0");
        } else if (survey.askedBaseRevision() > LimineSurvey.NEWEST_BASE_REVISION) {
            notes.add(
                    "the kernel asks for base revision "
                            + survey.askedBaseRevision()
                            + ", and gets "
                            + LimineSurvey.NEWEST_BASE_REVISION
                            + ": LIMINE_BASE_REVISION_SUPPORTED is false");
        }
        boolean multiprocessor =
                survey.requests().stream().anyMatch(request -> request.name().equals("MP"));
        if (!multiprocessor && machine.cpus().size() > 1) {
            notes.add(
                    "there is no MP request: the kernel has to start the other "
                            + (machine.cpus().size() - 1)
                            + " CPUs itself");
        }
    }

    private void symbols(ElfFile elf) {
        try {
            ElfSymbols symbols = elf.symbols();
            int count = symbols == null ? 0 : symbols.all().size();
            boolean lines = elf.section(".debug_line") != null;
            out.println("symbols: " + count + ", source lines: " + (lines ? "yes" : "no"));
            if (count == 0) {
                notes.add(
                        "without symbols, reports can only name addresses: do not strip the kernel");
            } else if (!lines) {
                notes.add("without source lines, reports can only name functions: compile with -g");
            }
        } catch (BootException e) {
            notes.add(e.getMessage());
        }
    }
}
