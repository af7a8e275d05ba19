package dev.carafe.core.weave;

import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Which woven handler executes which instruction: made by {@link WeaveMain} together with the
 * handlers, read at start-up.
 *
 * <p>An instruction selects by its encoding, by where its operand lies (see {@link #variant}) and
 * by its width.
 */
public final class HandlerIndex {
    /** Handler numbers are 14 bits of a record. */
    public static final int CAPACITY = 16_384;

    /** Numbers below belong to handlers that no instruction selects. */
    public static final int FIRST = 16;

    static final String PACKAGE = "dev.carafe.core.weave.woven";

    /** What the names of handlers begin with; their numbers follow. */
    static final String HANDLER = PACKAGE + ".H";

    /** Name of the woven {@link HandlerFactory}. */
    static final String FACTORY = PACKAGE + ".Factory";

    static final String RESOURCE = "handlers.index";

    /**
     * Operand in a register, in memory by plain 64-bit addressing, in memory by any other
     * addressing; each also with LOCK.
     */
    static final int VARIANTS = 6;

    static final int WIDTHS = 4;

    private final short[] selection; // by (encoding × VARIANTS + variant) × WIDTHS + width
    private final short[] firstHalves; // by number − firstFused
    private final short[] secondHalves;
    private final int firstFused;
    private final HandlerFactory factory = factory();
    private final short[]
            fusedByFirst; // start of the first half's run in fusedNumbers, by handler number; −1

    // for none

    private HandlerIndex(
            short[] selection, int firstFused, short[] firstHalves, short[] secondHalves) {
        this.selection = selection;
        this.firstFused = firstFused;
        this.firstHalves = firstHalves;
        this.secondHalves = secondHalves;
        fusedByFirst = new short[CAPACITY];
        Arrays.fill(fusedByFirst, (short) -1);
        for (int i = firstHalves.length - 1; i >= 0; i--) {
            fusedByFirst[firstHalves[i]] = (short) i; // runs are contiguous: the lowest wins
        }
    }

    /** Reads the index that lies beside the woven classes. */
    public static HandlerIndex load() {
        try (InputStream resource = HandlerIndex.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new AssertionError("the build did not weave the handlers");
            }
            return read(
                    new DataInputStream(new java.io.ByteArrayInputStream(resource.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HandlerIndex read(DataInputStream in) throws IOException {
        short[] selection = readShorts(in);
        int firstFused = in.readInt();
        short[] firstHalves = readShorts(in);
        return new HandlerIndex(selection, firstFused, firstHalves, readShorts(in));
    }

    static void write(
            DataOutputStream out, short[] selection, int firstFused, short[] first, short[] second)
            throws IOException {
        writeShorts(out, selection);
        out.writeInt(firstFused);
        writeShorts(out, first);
        writeShorts(out, second);
    }

    private static short[] readShorts(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(in.readInt() * 2);
        short[] values = new short[bytes.length / 2];
        java.nio.ByteBuffer.wrap(bytes).asShortBuffer().get(values);
        return values;
    }

    private static void writeShorts(DataOutputStream out, short[] values) throws IOException {
        out.writeInt(values.length);
        for (short value : values) {
            out.writeShort(value);
        }
    }

    /**
     * The number of the handler for an instruction.
     *
     * @throws AssertionError when nothing was woven for it: a hole in the tables
     */
    public int select(Instruction instruction) {
        int key =
                key(
                        instruction.encoding().id(),
                        variant(instruction),
                        widthIndex(instruction.width().size()));
        int number = selection[key];
        if (number == 0) {
            throw new AssertionError(
                    "no handler for " + instruction.encoding().notation() + " as " + instruction);
        }
        return number;
    }

    static int key(int encoding, int variant, int widthIndex) {
        return (encoding * VARIANTS + variant) * WIDTHS + widthIndex;
    }

    static int widthIndex(int size) {
        return Integer.numberOfTrailingZeros(size);
    }

    static int variant(Instruction instruction) {
        int place = 0;
        if (instruction.memory()) {
            boolean plain = instruction.addressSize() == 8;
            place = plain ? 1 : 2;
        }
        return instruction.lock() && place > 0
                ? place + 3
                : place; // INVALID may carry a LOCK that was wrong
    }

    /** The number of the handler for two records in a row, or 0. */
    public int fused(int first, int second) {
        int i = fusedByFirst[first];
        while (i >= 0 && i < firstHalves.length && firstHalves[i] == first) {
            if (secondHalves[i] == second) {
                return firstFused + i;
            }
            i++;
        }
        return 0;
    }

    /**
     * The handler that executes only the first record of a fused one; any other handler stands for
     * itself.
     */
    public int firstHalf(int number) {
        int i = number - firstFused;
        return i >= 0 && i < firstHalves.length ? firstHalves[i] : number;
    }

    private static HandlerFactory factory() {
        try {
            return (HandlerFactory) Class.forName(FACTORY).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the woven factory of handlers", e);
        }
    }

    /** Loads the handler's class. */
    public Handler instantiate(int number) {
        Handler handler = factory.make(number);
        if (handler == null) {
            throw new AssertionError("no handler has the number " + number);
        }
        return handler;
    }
}
