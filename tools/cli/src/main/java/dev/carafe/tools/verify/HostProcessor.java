package dev.carafe.tools.verify;

import dev.carafe.core.cpu.Feature;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * This computer's processor, reached through the native program that the build makes of {@code
 * tools/oracle}: one process for each object. Used by one thread.
 */
final class HostProcessor implements AutoCloseable {
    private static final String PROGRAM = "/dev/carafe/oracle/oracle";
    private static final int BUFFER = 1 << 16;

    private final Process process;
    private final DataInputStream answers;
    private final OutputStream questions;
    private final Set<Feature> features = EnumSet.noneOf(Feature.class);
    private final byte[] wayOut = new byte[HostProtocol.WAY_OUT_BYTES];
    private final ByteBuffer resultBytes = littleEndian(HostProtocol.RESULT_BYTES);
    private final ByteBuffer blockBytes = littleEndian(HostProtocol.BLOCK_BYTES);
    private ByteBuffer batch = littleEndian(0);

    /** Why instructions cannot be compared with this computer's processor. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(String why) {
            super(why);
        }
    }

    private HostProcessor(Process process) {
        this.process = process;
        answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER));
        questions = process.getOutputStream();
    }

    /** Copies the native program out of the class path; the caller deletes the file. */
    static Path unpack() throws Unavailable {
        try (InputStream in = HostProcessor.class.getResourceAsStream(PROGRAM)) {
            if (in == null) {
                throw new Unavailable(
                        "the build has made no program for this host; it needs x86-64 Linux");
            }
            Path file =
                    Files.createTempFile(
                            "carafe-oracle",
                            "",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
            Files.write(file, in.readAllBytes());
            return file;
        } catch (IOException e) {
            throw new Unavailable("the native program cannot be unpacked: " + e.getMessage());
        }
    }

    static HostProcessor start(Path program) throws Unavailable {
        try {
            Process process =
                    new ProcessBuilder(program.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            HostProcessor host = new HostProcessor(process);
            host.greet();
            return host;
        } catch (IOException e) {
            throw new Unavailable("the native program does not work: " + e.getMessage());
        }
    }

    private void greet() throws IOException, Unavailable {
        ByteBuffer hello = littleEndian(HostProtocol.HELLO_BYTES);
        answers.readFully(hello.array());
        if (hello.getInt(0) != HostProtocol.MAGIC
                || hello.getInt(4) != HostProtocol.CASE_BYTES
                || hello.getInt(8) != HostProtocol.RESULT_BYTES) {
            throw new Unavailable("the native program is of another version");
        }
        if (hello.getInt(12) == 0) {
            throw new Unavailable("the host's kernel does not let programs set FS.base");
        }
        answers.readFully(wayOut);
        Feature[] all = Feature.values();
        ByteBuffer asked = littleEndian((all.length + 1) * 8);
        for (Feature feature : all) {
            asked.putInt(feature.leaf()).putInt(feature.subleaf());
        }
        asked.putLong(-1);
        questions.write(asked.array());
        questions.flush();
        ByteBuffer told = littleEndian(all.length * 16);
        answers.readFully(told.array());
        for (int i = 0; i < all.length; i++) {
            int word = told.getInt(i * 16 + 4 * all[i].register().ordinal());
            if ((word >>> all[i].bit() & 1) != 0) {
                features.add(all[i]);
            }
        }
    }

    /** The code at {@link Layout#EXIT}, which an instruction may read as data. */
    byte[] wayOut() {
        return wayOut;
    }

    /** What CPUID advertises here. */
    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Sends cases; their results follow in order. */
    void send(List<TestCase> cases) throws IOException {
        if (cases.isEmpty()) {
            return; // an empty batch would end the program
        }
        int size = Integer.BYTES + cases.size() * HostProtocol.CASE_BYTES;
        if (batch.capacity() < size) {
            batch = littleEndian(size);
        }
        batch.putInt(0, cases.size());
        int at = Integer.BYTES;
        for (TestCase test : cases) {
            HostProtocol.write(test, batch, at);
            at += HostProtocol.CASE_BYTES;
        }
        try {
            questions.write(batch.array(), 0, at);
            questions.flush();
        } catch (IOException e) {
            throw new IOException("the native program ended by itself: " + process, e);
        }
    }

    /** Reads the next result. */
    void receive(Result result) throws IOException {
        try {
            answers.readFully(resultBytes.array());
        } catch (EOFException e) {
            throw new IOException("the native program ended by itself: " + process, e);
        }
        result.blockCount = HostProtocol.read(resultBytes, result);
        for (int i = 0; i < result.blockCount; i++) {
            answers.readFully(blockBytes.array());
            result.blockOffsets[i] = Layout.dataOffset(blockBytes.getLong(0));
            blockBytes.get(8, result.blocks, i * Layout.BLOCK, Layout.BLOCK);
        }
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
