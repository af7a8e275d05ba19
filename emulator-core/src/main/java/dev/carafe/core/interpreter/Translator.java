package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.ModeKey;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.decode.CodeBytes;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.memory.PhysicalBus;
import java.lang.invoke.VarHandle;
import java.util.BitSet;

/**
 * Decodes code into records, a stretch at a time: from one place to the next jump that always goes
 * elsewhere, to code that is decoded already, or to the end of the page.
 *
 * <p>One of these belongs to each vCPU; what it writes into a {@link CodePage} it writes under that
 * page's monitor.
 */
final class Translator {
    /** Longest stretch, in instructions: what lies behind it may be data. */
    private static final int STRETCH = 64;

    private static final int LONGEST_INSTRUCTION = 15;

    /** An instruction becomes at most two records, and one more ends the stretch. */
    private static final int MOST_RECORDS = 2 * STRETCH + 1;

    private final Decoder decoder;
    private final HandlerTable table;
    private final PageBytes bytes;
    private final int[] stretchEntries =
            new int[STRETCH + 1]; // page offsets, published together at the end
    private final int[] stretchIndices = new int[STRETCH + 1];

    Translator(Decoder decoder, HandlerTable table, PhysicalBus bus) {
        this.decoder = decoder;
        this.table = table;
        bytes = new PageBytes(bus);
    }

    /**
     * Makes sure that the instruction at an offset is decoded.
     *
     * @return its record's index, or 0 when the page was dropped meanwhile
     */
    int translate(CodePage page, int offset) {
        synchronized (page) {
            int entry = page.entries[offset];
            if (entry != 0 || page.dropped) {
                return entry;
            }
            long[] outgrown = page.reserve(MOST_RECORDS);
            if (outgrown != null) {
                CodeCache.makeStale(outgrown, page.end);
            }
            decodeStretch(page, offset);
            return page.entries[offset];
        }
    }

    private void decodeStretch(CodePage page, int start) {
        CodeMode mode = ModeKey.codeMode(page.modeKey);
        int offset = start;
        int count = 0;
        int previous = 0;
        while (true) {
            if (offset == CodePage.SIZE || count == STRETCH) {
                pseudo(page, offset, PseudoHandlers.END, 0);
                break;
            }
            if (page.entries[offset] != 0) {
                pseudo(page, offset, PseudoHandlers.GOTO, page.entries[offset]);
                break;
            }
            page.cover(offset, LONGEST_INSTRUCTION);
            stretchEntries[count] = offset;
            stretchIndices[count++] = page.end;
            Instruction insn = decode(page, mode, offset);
            if (insn == null) {
                break;
            }
            previous = append(page, insn, offset, previous);
            offset += insn.length();
            if (Flow.endsStretch(insn.operation())) {
                pseudo(page, offset, PseudoHandlers.END, 0);
                break;
            }
        }
        publish(page, count);
    }

    private void publish(CodePage page, int count) {
        VarHandle.releaseFence(); // records before the indices by which others find them
        for (int i = count - 1; i >= 0; i--) {
            page.entries[stretchEntries[i]] = (char) stretchIndices[i];
        }
    }

    /**
     * Decodes one instruction, or appends the pseudo record that stands for it and returns null.
     */
    private Instruction decode(CodePage page, CodeMode mode, int offset) {
        if (page.stops.get(offset)) {
            pseudo(page, offset, PseudoHandlers.ASK_DEBUGGER, 0);
            return null;
        }
        bytes.start(page.ramOffset, offset);
        try {
            return decoder.decode(mode, bytes);
        } catch (CpuFault fault) {
            pseudo(
                    page,
                    offset,
                    fault == PageBytes.PAGE_END ? PseudoHandlers.CROSSING : PseudoHandlers.TOO_LONG,
                    0);
            return null;
        }
    }

    /**
     * Appends an instruction's record, joined with the one before where there is a handler for
     * both; returns its index.
     */
    private int append(CodePage page, Instruction insn, int offset, int previous) {
        boolean farOperand = insn.memory() && !RecordWriter.fits(insn, offset);
        if (farOperand) {
            put(page, offset, insn, PseudoHandlers.FAR_OPERAND, 0);
        }
        int handler = table.select(insn, page.modeKey);
        int index =
                put(
                        page,
                        offset,
                        insn,
                        RecordWriter.word0(insn, handler, farOperand),
                        RecordWriter.word1(insn, offset, farOperand));
        if (previous != 0 && !farOperand) {
            int fused = table.fuse(Record.handler(page.records[previous]), handler);
            if (fused != 0) {
                page.records[previous] = Record.withHandler(page.records[previous], fused);
                return 0; // a record is part of one pair only
            }
        }
        return index;
    }

    private static void pseudo(CodePage page, int offset, int handler, int link) {
        put(page, offset, null, handler, link);
    }

    private static int put(CodePage page, int offset, Instruction insn, long word0, long word1) {
        int index = page.end;
        long[] records = page.records;
        records[index] = word0;
        records[index + 1] = word1;
        page.offsets[index >> 1] = (char) offset;
        page.instructions[index >> 1] = insn;
        page.end = index + Record.LONGS;
        return index;
    }

    /**
     * Decodes a single instruction from loose bytes into a page of its own, for one that crosses
     * pages or lies outside RAM.
     *
     * @param offset where it begins in its page
     * @throws CpuFault when fetching its bytes faults
     */
    CodePage single(int modeKey, int offset, CodeBytes source) {
        CodePage page = new CodePage(-1, modeKey, new BitSet());
        synchronized (page) {
            Instruction insn = decoder.decode(ModeKey.codeMode(modeKey), source);
            append(page, insn, offset, 0);
            pseudo(page, offset + insn.length(), PseudoHandlers.END, 0);
        }
        return page;
    }

    /**
     * Makes the jump at {@code from} go straight to {@code to} from now on, if that is where it
     * leads: what is executed next may also be the handler of an interrupt or a trap that came
     * behind the jump. Both lie in this page.
     */
    static void link(CodePage page, int from, int to) {
        synchronized (page) {
            long[] records = page.records;
            if (page.dropped || from >= page.end) {
                return;
            }
            char target = page.offsets[to >> 1];
            if (Record.handler(records[from]) == PseudoHandlers.END) {
                if (page.offsets[from >> 1] != target) {
                    return;
                }
                records[from + 1] = Record.withLink(records[from + 1], to);
                VarHandle.releaseFence();
                records[from] = Record.withHandler(records[from], PseudoHandlers.GOTO);
            } else if (page.instructions[from >> 1] instanceof Instruction insn
                    && insn.encoding().has(Operand.Kind.RELATIVE)
                    && Record.target(records[from + 1]) == target) {
                VarHandle.releaseFence();
                records[from + 1] = Record.withLink(records[from + 1], to);
            }
        }
    }

    /** The handler that executes only the record itself, never also the one behind it. */
    Handler alone(long word0) {
        return table.handlers[table.firstHalf(Record.handler(word0))];
    }
}
