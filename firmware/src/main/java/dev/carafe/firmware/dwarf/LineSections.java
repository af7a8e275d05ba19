package dev.carafe.firmware.dwarf;

/** The sections of a file that line tables are made of; those it does not have are empty. */
record LineSections(byte[] line, byte[] lineStrings, byte[] strings) {
    String lineString(long offset) throws BrokenDwarf {
        return text(lineStrings, offset);
    }

    String string(long offset) throws BrokenDwarf {
        return text(strings, offset);
    }

    private static String text(byte[] section, long offset) throws BrokenDwarf {
        if (offset < 0 || offset >= section.length) {
            throw new BrokenDwarf("a string at offset " + offset);
        }
        return new DwarfCursor(section, (int) offset, section.length).text();
    }
}
