package dev.carafe.core.isa.decode;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The instruction set as rows. They are written as text, one file for each family; the build may
 * store them in a compact form beside it ({@link #write}), which {@link #load} prefers because it
 * is read faster. Immutable.
 */
public final class OpcodeTables {
    /** Where the build puts the compact form: a resource beside the text files. */
    public static final String COMPACT = "/dev/carafe/core/isa/opcodes.bin";

    /** What bytes decode to that no row describes; executing it is #UD. Its id is 0. */
    public static final Encoding INVALID =
            new Encoding(0, Operation.INVALID, List.of(), false, "(invalid opcode)");

    private static final List<String> FILES =
            List.of(
                    "integer", "bits", "control", "string", "system", "x87", "sse", "sse4",
                    "crypto", "mmx", "avx");

    private final List<OpcodeRow> rows;
    private final List<Encoding> encodings;

    private OpcodeTables(List<OpcodeRow> rows) {
        this.rows = List.copyOf(rows);
        List<Encoding> all = new ArrayList<>(rows.size() + 1);
        all.add(INVALID);
        for (OpcodeRow row : rows) {
            all.add(row.encoding);
        }
        this.encodings = List.copyOf(all);
    }

    /** The compact form if the build has made it, otherwise the text. */
    public static OpcodeTables load() {
        try (InputStream compact = OpcodeTables.class.getResourceAsStream(COMPACT)) {
            return compact == null ? loadText() : read(compact.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the text files. */
    public static OpcodeTables loadText() {
        OpcodeTableReader reader = new OpcodeTableReader(INVALID.id() + 1);
        for (String file : FILES) {
            reader.read(text("/dev/carafe/core/isa/" + file + ".opcodes"));
        }
        return new OpcodeTables(reader.rows());
    }

    private static String text(String resource) {
        try (InputStream in = OpcodeTables.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("opcode table " + resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every encoding, {@link #INVALID} first; an encoding's id is its place. */
    public List<Encoding> rows() {
        return encodings;
    }

    /** The feature an encoding needs, as the table's note names it, or an empty string. */
    public String feature(Encoding encoding) {
        return encoding == INVALID ? "" : rows.get(encoding.id() - 1).feature;
    }

    /** What a decoder looks opcodes up in; without rows of features the processor does not have. */
    public OpcodeIndex index(Predicate<String> hasFeature) {
        return new OpcodeIndex(rows, hasFeature);
    }

    List<OpcodeRow> opcodeRows() {
        return rows;
    }

    /** Stores the rows in compact form. */
    public void write(DataOutput out) throws IOException {
        List<Operand> operands =
                rows.stream().flatMap(r -> r.encoding.operands().stream()).distinct().toList();
        out.writeByte(operands.size());
        for (Operand operand : operands) {
            out.writeByte(operand.kind().ordinal());
            out.writeShort(operand.size());
            out.writeByte(operand.register());
        }
        List<List<Operand>> lists =
                rows.stream().map(r -> r.encoding.operands()).distinct().toList();
        out.writeShort(lists.size());
        for (List<Operand> list : lists) {
            out.writeByte(list.size());
            for (Operand operand : list) {
                out.writeByte(operands.indexOf(operand));
            }
        }
        List<String> features = rows.stream().map(r -> r.feature).distinct().toList();
        out.writeByte(features.size());
        for (String feature : features) {
            writeText(out, feature);
        }
        StringBuilder notations = new StringBuilder();
        rows.forEach(r -> notations.append(r.encoding.notation()));
        writeText(out, notations.toString());
        out.writeShort(rows.size());
        for (OpcodeRow row : rows) {
            OpcodeRow.Selection selection = row.selection();
            out.writeShort(row.encoding.operation().ordinal());
            out.writeShort(lists.indexOf(row.encoding.operands()));
            out.writeBoolean(row.encoding.lockable());
            out.writeByte(row.encoding.notation().length());
            out.writeByte(selection.map());
            out.writeByte(selection.opcode());
            out.writeInt(selection.accepts());
            out.writeShort(selection.modRmByte());
            out.writeBoolean(selection.modRm());
            out.writeBoolean(selection.ignoresMod());
            out.writeBoolean(selection.opcodeRegister());
            out.writeByte(selection.sizeRule().ordinal());
            out.writeByte(selection.immediate().ordinal());
            out.writeByte(features.indexOf(selection.feature()));
        }
    }

    private static void writeText(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Reads what {@link #write} stored. */
    public static OpcodeTables read(byte[] stored) {
        CompactBytes in = new CompactBytes(stored);
        List<Operand>[] lists = readOperands(in);
        long[] kinds = new long[lists.length];
        for (int i = 0; i < lists.length; i++) {
            kinds[i] = Encoding.kinds(lists[i]);
        }
        String[] features = new String[in.u8()];
        for (int i = 0; i < features.length; i++) {
            features[i] = in.text();
        }
        String notations = in.text();
        int notationAt = 0;
        Operation[] operations = Operation.values();
        int count = in.u16();
        List<OpcodeRow> rows = new ArrayList<>(count);
        for (int id = 1; id <= count; id++) {
            Operation operation = operations[in.u16()];
            int list = in.u16();
            boolean lockable = in.flag();
            int notationEnd = notationAt + in.u8();
            String notation = notations.substring(notationAt, notationEnd);
            notationAt = notationEnd;
            Encoding encoding =
                    new Encoding(id, operation, lists[list], kinds[list], lockable, notation);
            rows.add(new OpcodeRow(encoding, readSelection(in, features)));
        }
        return new OpcodeTables(rows);
    }

    /** The operands of rows: many rows have the same. */
    private static List<Operand>[] readOperands(CompactBytes in) {
        Operand.Kind[] kinds = Operand.Kind.values();
        Operand[] operands = new Operand[in.u8()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = new Operand(kinds[in.u8()], in.u16(), in.s8());
        }
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        List<Operand>[] lists = new List[in.u16()];
        for (int i = 0; i < lists.length; i++) {
            Operand[] own = new Operand[in.u8()];
            for (int k = 0; k < own.length; k++) {
                own[k] = operands[in.u8()];
            }
            lists[i] = List.of(own);
        }
        return lists;
    }

    private static OpcodeRow.Selection readSelection(CompactBytes in, String[] features) {
        return new OpcodeRow.Selection(
                in.u8(),
                in.u8(),
                in.s32(),
                in.s16(),
                in.flag(),
                in.flag(),
                in.flag(),
                SizeRule.of(in.u8()),
                ImmediateForm.of(in.u8()),
                features[in.u8()]);
    }
}
