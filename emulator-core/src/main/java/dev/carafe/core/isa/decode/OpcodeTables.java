package dev.carafe.core.isa.decode;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
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
            return compact == null
                    ? loadText()
                    : read(new DataInputStream(new ByteArrayInputStream(compact.readAllBytes())));
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
            out.writeByte(row.encoding.operands().size());
            for (Operand operand : row.encoding.operands()) {
                out.writeByte(operands.indexOf(operand));
            }
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

    private static String readText(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads what {@link #write} stored. */
    public static OpcodeTables read(DataInput in) throws IOException {
        Operand.Kind[] kinds = Operand.Kind.values();
        Operand[] operands = new Operand[in.readUnsignedByte()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] =
                    new Operand(
                            kinds[in.readUnsignedByte()], in.readUnsignedShort(), in.readByte());
        }
        String[] features = new String[in.readUnsignedByte()];
        for (int i = 0; i < features.length; i++) {
            features[i] = readText(in);
        }
        String notations = readText(in);
        int notationAt = 0;
        Operation[] operations = Operation.values();
        int count = in.readUnsignedShort();
        List<OpcodeRow> rows = new ArrayList<>(count);
        for (int id = 1; id <= count; id++) {
            Operation operation = operations[in.readUnsignedShort()];
            Operand[] own = new Operand[in.readUnsignedByte()];
            for (int i = 0; i < own.length; i++) {
                own[i] = operands[in.readUnsignedByte()];
            }
            boolean lockable = in.readBoolean();
            int notationEnd = notationAt + in.readUnsignedByte();
            String notation = notations.substring(notationAt, notationEnd);
            notationAt = notationEnd;
            Encoding encoding = new Encoding(id, operation, List.of(own), lockable, notation);
            rows.add(new OpcodeRow(encoding, readSelection(in, features)));
        }
        return new OpcodeTables(rows);
    }

    private static OpcodeRow.Selection readSelection(DataInput in, String[] features)
            throws IOException {
        return new OpcodeRow.Selection(
                in.readUnsignedByte(),
                in.readUnsignedByte(),
                in.readInt(),
                in.readShort(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                SizeRule.of(in.readUnsignedByte()),
                ImmediateForm.of(in.readUnsignedByte()),
                features[in.readUnsignedByte()]);
    }
}
