package dev.carafe.firmware.dwarf;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.elf.ElfFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The line tables of a file, in the order of their addresses. Only where each sequence of code lies
 * is remembered; the program of its unit runs again for each question. A unit that cannot be read
 * has no lines, and the others keep theirs.
 *
 * <p>Not modelled: lines of inlined calls beyond the innermost one.
 */
public final class LineTable {
    /** The lines of a file without debugging information. */
    public static final LineTable NONE = new LineTable(List.of());

    /** No file in use has as many; one that does was made to exhaust its reader. */
    private static final int MOST_SEQUENCES = 1 << 20;

    private static final long WIDE_UNIT = 0xFFFF_FFFFL;

    private record Sequence(long low, long high, LineProgram program)
            implements Comparable<Sequence> {
        @Override
        public int compareTo(Sequence other) {
            return Long.compareUnsigned(low, other.low);
        }
    }

    private final Sequence[] sequences; // ascending

    private LineTable(List<Sequence> found) {
        sequences = found.toArray(new Sequence[0]);
        Arrays.sort(sequences);
    }

    /** The lines of a file; none when it has no debugging information, or none that can be read. */
    public static LineTable of(ElfFile elf) {
        LineSections sections;
        try {
            sections =
                    new LineSections(
                            elf.content(".debug_line"),
                            elf.content(".debug_line_str"),
                            elf.content(".debug_str"));
        } catch (BootException e) {
            return NONE;
        }
        return of(sections);
    }

    static LineTable of(LineSections sections) {
        List<Sequence> found = new ArrayList<>();
        DwarfCursor in = new DwarfCursor(sections.line(), 0, sections.line().length);
        try {
            while (!in.atEnd() && found.size() < MOST_SEQUENCES) {
                long length = in.unsigned32();
                boolean wide = length == WIDE_UNIT;
                readUnit(in.slice(wide ? in.word64() : length), sections, wide, found);
            }
        } catch (BrokenDwarf e) {
            return new LineTable(found); // what came before is as good as ever
        }
        return new LineTable(found);
    }

    private static void readUnit(
            DwarfCursor unit, LineSections sections, boolean wide, List<Sequence> found) {
        try {
            LineProgram program = new LineProgram(unit, sections, wide);
            program.run(new SequenceFinder(program, found));
        } catch (BrokenDwarf e) {
            // the sequences found so far are whole
        }
    }

    private static final class SequenceFinder implements LineProgram.Rows {
        private final LineProgram program;
        private final List<Sequence> found;
        private long low;
        private boolean inside;

        SequenceFinder(LineProgram program, List<Sequence> found) {
            this.program = program;
            this.found = found;
        }

        @Override
        public boolean row(long address, long file, int line, boolean end) {
            if (!inside) {
                low = address;
                inside = true;
            }
            if (end) {
                inside = false;
                // The linker leaves sections that it dropped at address 0.
                if (low != 0 && Long.compareUnsigned(low, address) < 0) {
                    found.add(new Sequence(low, address, program));
                }
            }
            return found.size() < MOST_SEQUENCES;
        }
    }

    /** Where the code at a link-time address comes from, or null. */
    public SourceLine at(long address) {
        int low = 0;
        int high = sequences.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(sequences[middle].low(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0 || Long.compareUnsigned(address, sequences[low - 1].high()) >= 0) {
            return null;
        }
        RowFinder finder = new RowFinder(address);
        LineProgram program = sequences[low - 1].program();
        synchronized (this) { // a program keeps its state
            try {
                program.run(finder);
            } catch (BrokenDwarf e) {
                return null;
            }
        }
        if (finder.foundLine == 0) {
            return null;
        }
        String name = program.files().name(finder.foundFile);
        return name.isEmpty() ? null : new SourceLine(name, finder.foundLine);
    }

    private static final class RowFinder implements LineProgram.Rows {
        private final long wanted;
        private long before;
        private long file;
        private int line;
        private boolean inside;
        private long foundFile;
        private int foundLine;

        RowFinder(long wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean row(long address, long rowFile, int rowLine, boolean end) {
            boolean covers =
                    inside
                            && Long.compareUnsigned(before, wanted) <= 0
                            && Long.compareUnsigned(wanted, address) < 0;
            if (covers) {
                foundFile = file;
                foundLine = line;
                return false;
            }
            before = address;
            file = rowFile;
            line = rowLine;
            inside = !end;
            return true;
        }
    }
}
