package dev.carafe.firmware.dwarf;

import java.util.ArrayList;
import java.util.List;

/**
 * The directories and files of a line-number program's header ("The Line Number Program Header").
 */
final class FileTable {
    private static final int LNCT_PATH = 1;
    private static final int LNCT_DIRECTORY = 2;

    private static final int FORM_BLOCK = 0x09;
    private static final int FORM_DATA1 = 0x0B;
    private static final int FORM_DATA2 = 0x05;
    private static final int FORM_DATA4 = 0x06;
    private static final int FORM_DATA8 = 0x07;
    private static final int FORM_DATA16 = 0x1E;
    private static final int FORM_STRING = 0x08;
    private static final int FORM_STRP = 0x0E;
    private static final int FORM_UDATA = 0x0F;
    private static final int FORM_LINE_STRP = 0x1F;

    private static final int MOST_ENTRIES = 1 << 20;

    private record Entry(String name, long directory) {}

    private final List<String> directories = new ArrayList<>();
    private final List<Entry> files = new ArrayList<>();

    private FileTable() {}

    /** Versions 2 to 4: lists that an empty name ends. Number 0 is what is not in them. */
    static FileTable readOld(DwarfCursor in) throws BrokenDwarf {
        FileTable table = new FileTable();
        table.directories.add("");
        table.files.add(new Entry("", 0));
        for (String name = in.text(); !name.isEmpty(); name = in.text()) {
            table.directories.add(name);
        }
        for (String name = in.text(); !name.isEmpty(); name = in.text()) {
            table.files.add(new Entry(name, in.unsignedLeb()));
            in.unsignedLeb(); // modification time
            in.unsignedLeb(); // length
        }
        return table;
    }

    /** Version 5: tables that describe themselves. */
    static FileTable read(DwarfCursor in, LineSections sections, int offsetSize)
            throws BrokenDwarf {
        FileTable table = new FileTable();
        for (Entry entry : entries(in, sections, offsetSize)) {
            table.directories.add(entry.name());
        }
        table.files.addAll(entries(in, sections, offsetSize));
        return table;
    }

    private static List<Entry> entries(DwarfCursor in, LineSections sections, int offsetSize)
            throws BrokenDwarf {
        int columns = in.unsigned8();
        long[] contents = new long[columns];
        long[] forms = new long[columns];
        for (int i = 0; i < columns; i++) {
            contents[i] = in.unsignedLeb();
            forms[i] = in.unsignedLeb();
        }
        long count = in.unsignedLeb();
        if (count < 0 || count > MOST_ENTRIES || columns == 0 && count != 0) {
            throw new BrokenDwarf(count + " entries of " + columns + " columns");
        }
        List<Entry> entries = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            entries.add(entry(in, sections, offsetSize, contents, forms));
        }
        return entries;
    }

    private static Entry entry(
            DwarfCursor in, LineSections sections, int offsetSize, long[] contents, long[] forms)
            throws BrokenDwarf {
        String name = "";
        long directory = 0;
        for (int column = 0; column < forms.length; column++) {
            if (contents[column] == LNCT_PATH) {
                name = path(in, sections, offsetSize, (int) forms[column]);
            } else {
                long value = number(in, (int) forms[column], offsetSize);
                directory = contents[column] == LNCT_DIRECTORY ? value : directory;
            }
        }
        return new Entry(name, directory);
    }

    private static String path(DwarfCursor in, LineSections sections, int offsetSize, int form)
            throws BrokenDwarf {
        return switch (form) {
            case FORM_STRING -> in.text();
            case FORM_LINE_STRP -> sections.lineString(in.number(offsetSize));
            case FORM_STRP -> sections.string(in.number(offsetSize));
            default -> throw new BrokenDwarf("a path of form " + form);
        };
    }

    private static long number(DwarfCursor in, int form, int offsetSize) throws BrokenDwarf {
        switch (form) {
            case FORM_DATA1 -> {
                return in.unsigned8();
            }
            case FORM_DATA2 -> {
                return in.unsigned16();
            }
            case FORM_DATA4 -> {
                return in.unsigned32();
            }
            case FORM_DATA8 -> {
                return in.word64();
            }
            case FORM_UDATA -> {
                return in.unsignedLeb();
            }
            case FORM_DATA16 -> in.skip(16); // a checksum
            case FORM_BLOCK -> in.skip(in.unsignedLeb());
            case FORM_STRING -> in.text();
            case FORM_STRP, FORM_LINE_STRP -> in.skip(offsetSize);
            default -> throw new BrokenDwarf("a column of form " + form);
        }
        return 0;
    }

    /** The name of a file, relative to where the compiler ran when it lies below. */
    String name(long number) {
        if (number < 0 || number >= files.size()) {
            return "";
        }
        Entry entry = files.get((int) number);
        boolean known = entry.directory() > 0 && entry.directory() < directories.size();
        if (!known || entry.name().startsWith("/")) {
            return entry.name();
        }
        String directory = directories.get((int) entry.directory());
        String here = directories.getFirst();
        if (!here.isEmpty() && directory.startsWith(here)) {
            directory = directory.substring(here.length()).replaceFirst("^/+", "");
        }
        return directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
    }
}
