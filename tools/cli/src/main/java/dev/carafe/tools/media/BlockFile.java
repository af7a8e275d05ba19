package dev.carafe.tools.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An image file, read piece by piece. */
final class BlockFile implements AutoCloseable {
    private static final long MOST = 1 << 30; // no kernel or module is larger

    private final FileChannel channel;

    BlockFile(Path path) throws IOException {
        channel = FileChannel.open(path);
    }

    /**
     * Bytes at an offset, in little-endian order.
     *
     * @throws IOException when the file is shorter
     */
    ByteBuffer read(long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || length > MOST || offset + length > channel.size()) {
            throw new EOFException("the image ends before byte " + (offset + length));
        }
        ByteBuffer block = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        while (block.hasRemaining()) {
            if (channel.read(block, offset + block.position()) < 0) {
                throw new EOFException("the image ends before byte " + (offset + length));
            }
        }
        return block.flip();
    }

    long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
