package dev.carafe.tools.console;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A line to a character device or to named pipes of the host: {@code NAME.in} and {@code NAME.out},
 * or one pipe for both directions.
 */
public final class DeviceLine implements HostLine {
    private static final int BLOCK = 256;

    private final RandomAccessFile input;
    private final RandomAccessFile output; // may be the same as input
    private final Delivery delivery = new Delivery();
    private volatile boolean broken; // set once, by any thread that writes

    private DeviceLine(RandomAccessFile input, RandomAccessFile output) {
        this.input = input;
        this.output = output;
        Thread.ofPlatform().daemon().name("line").start(this::read);
    }

    /** Opens a device. */
    public static DeviceLine device(Path path) throws IOException {
        RandomAccessFile file = open(path);
        return new DeviceLine(file, file);
    }

    /** Opens pipes that exist already. */
    public static DeviceLine pipe(Path path) throws IOException {
        Path in = path.resolveSibling(path.getFileName() + ".in");
        Path out = path.resolveSibling(path.getFileName() + ".out");
        if (Files.exists(in) && Files.exists(out)) {
            return new DeviceLine(open(in), open(out));
        }
        return device(path);
    }

    private static RandomAccessFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new FileNotFoundException(path + " (No such file or directory)");
        }
        return new RandomAccessFile(path.toFile(), "rw"); // both ways: opening waits for nobody
    }

    private void read() {
        byte[] block = new byte[BLOCK];
        try {
            for (int length = input.read(block); length > 0; length = input.read(block)) {
                for (int i = 0; i < length; i++) {
                    delivery.deliver(block[i] & 0xFF);
                }
            }
        } catch (IOException e) {
            // Closed, or gone: nothing arrives any more.
        }
    }

    @Override
    public void accept(int value) {
        if (broken) {
            return;
        }
        try {
            output.write(value);
        } catch (IOException e) {
            broken = true;
        }
    }

    @Override
    public void connect(Receiver device) {
        delivery.connect(device);
    }

    @Override
    public void roomAvailable() {
        delivery.roomAvailable();
    }

    @Override
    public void close() {
        try {
            output.close();
            input.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
