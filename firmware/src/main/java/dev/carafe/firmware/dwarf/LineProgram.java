package dev.carafe.firmware.dwarf;

/**
 * One line-number program (DWARF, "Line Number Information"): its header, and the machine that runs
 * it. Every step consumes a byte, so a run is as short as the program.
 */
final class LineProgram {
    private static final int COPY = 1;
    private static final int ADVANCE_PC = 2;
    private static final int ADVANCE_LINE = 3;
    private static final int SET_FILE = 4;
    private static final int CONST_ADD_PC = 8;
    private static final int FIXED_ADVANCE_PC = 9;
    private static final int LAST_SPECIAL = 255;

    private static final int END_SEQUENCE = 1;
    private static final int SET_ADDRESS = 2;

    /** Who hears of the rows. */
    interface Rows {
        /**
         * A row of the table.
         *
         * @param end whether it is the end of a sequence: the first address behind it
         * @return whether to go on
         */
        boolean row(long address, long file, int line, boolean end);
    }

    private final DwarfCursor program;
    private final int programStart;
    private final byte[] section;
    private final int[] operands; // of the standard opcodes, by opcode
    private final int minimumLength;
    private final int lineBase;
    private final int lineRange;
    private final int opcodeBase;
    private final FileTable files;

    private long address;
    private long file;
    private int line;

    /** Reads the header of a unit. The cursor is the unit, without its length. */
    LineProgram(DwarfCursor unit, LineSections sections, boolean wide) throws BrokenDwarf {
        int offsetSize = wide ? Long.BYTES : Integer.BYTES;
        section = sections.line();
        int version = unit.unsigned16();
        if (version < 2 || version > 5) {
            throw new BrokenDwarf("a line table of version " + version);
        }
        if (version == 5) {
            unit.skip(2); // sizes of addresses and segment selectors
        }
        DwarfCursor header = unit.slice(unit.number(offsetSize));
        minimumLength = header.unsigned8();
        if (version >= 4) {
            header.unsigned8(); // operations per instruction: x86 is no VLIW machine
        }
        header.unsigned8(); // default of is_stmt
        lineBase = header.signed8();
        lineRange = header.unsigned8();
        opcodeBase = header.unsigned8();
        if (lineRange == 0 || opcodeBase == 0) {
            throw new BrokenDwarf("a line range of " + lineRange);
        }
        operands = new int[opcodeBase];
        for (int opcode = 1; opcode < opcodeBase; opcode++) {
            operands[opcode] = header.unsigned8();
        }
        files =
                version == 5
                        ? FileTable.read(header, sections, offsetSize)
                        : FileTable.readOld(header);
        program = unit;
        programStart = unit.position();
    }

    FileTable files() {
        return files;
    }

    /** Runs the program from its beginning. */
    void run(Rows rows) throws BrokenDwarf {
        DwarfCursor in = new DwarfCursor(section, programStart, program.end());
        reset();
        while (!in.atEnd()) {
            int opcode = in.unsigned8();
            boolean goOn;
            if (opcode >= opcodeBase) {
                int adjusted = opcode - opcodeBase;
                advance(adjusted / lineRange);
                line += lineBase + adjusted % lineRange;
                goOn = rows.row(address, file, line, false);
            } else if (opcode == 0) {
                goOn = extended(in, rows);
            } else {
                goOn = standard(in, opcode, rows);
            }
            if (!goOn) {
                return;
            }
        }
    }

    private boolean standard(DwarfCursor in, int opcode, Rows rows) throws BrokenDwarf {
        switch (opcode) {
            case COPY -> {
                return rows.row(address, file, line, false);
            }
            case ADVANCE_PC -> advance(in.unsignedLeb());
            case ADVANCE_LINE -> line += (int) in.signedLeb();
            case SET_FILE -> file = in.unsignedLeb();
            case CONST_ADD_PC -> advance((LAST_SPECIAL - opcodeBase) / lineRange);
            case FIXED_ADVANCE_PC -> address += in.unsigned16();
            default -> {
                for (int i = 0; i < operands[opcode]; i++) {
                    in.unsignedLeb();
                }
            }
        }
        return true;
    }

    private boolean extended(DwarfCursor in, Rows rows) throws BrokenDwarf {
        long length = in.unsignedLeb();
        if (length == 0) {
            throw new BrokenDwarf("an operation of no bytes");
        }
        DwarfCursor operation = in.slice(length);
        switch (operation.unsigned8()) {
            case END_SEQUENCE -> {
                boolean goOn = rows.row(address, file, line, true);
                reset();
                return goOn;
            }
            case SET_ADDRESS -> address = operation.number((int) Math.min(length - 1, 9));
            default -> {} // files defined here, discriminators and vendors' own: not needed
        }
        return true;
    }

    private void advance(long operations) {
        address += operations * minimumLength;
    }

    private void reset() {
        address = 0;
        file = 1;
        line = 1;
    }
}
