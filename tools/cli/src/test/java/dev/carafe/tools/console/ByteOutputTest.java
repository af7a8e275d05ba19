package dev.carafe.tools.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteOutputTest {
    @TempDir Path folder;

    @Test
    void aByteIsInTheFileWhenAcceptReturns() throws IOException {
        Path file = folder.resolve("serial");
        ByteOutput output = ByteOutput.file(file);
        output.accept('a');
        output.accept(0xFF);

        assertArrayEquals(new byte[] {'a', (byte) 0xFF}, Files.readAllBytes(file));
    }

    @Test
    void anEarlierFileIsEmptied() throws IOException {
        Path file = folder.resolve("serial");
        Files.writeString(file, "old");
        ByteOutput.file(file);

        assertEquals(0, Files.size(file));
    }

    @Test
    void aFileThatCannotBeMadeIsTheHostsError() {
        assertThrows(IOException.class, () -> ByteOutput.file(folder.resolve("no/such/folder")));
    }
}
