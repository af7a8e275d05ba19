package dev.carafe.tools.system;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes an archive in the "newc" format, as the kernel unpacks it into its first file system. */
final class CpioArchive {
    private static final int DIRECTORY = 0x41ED; // rwxr-xr-x
    private static final int PROGRAM = 0x81ED;
    private static final int ALIGNMENT = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode = 1;

    CpioArchive directory(String name) {
        return entry(name, DIRECTORY, new byte[0]);
    }

    CpioArchive program(String name, byte[] content) {
        return entry(name, PROGRAM, content);
    }

    CpioArchive program(String name, String script) {
        return program(name, script.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] end() {
        return entry("TRAILER!!!", 0, new byte[0]).out.toByteArray();
    }

    private CpioArchive entry(String name, int mode, byte[] content) {
        int[] fields = {
            inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, 0
        };
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append("%08X".formatted(field));
        }
        out.writeBytes((header + name + "\0").getBytes(StandardCharsets.US_ASCII));
        align();
        out.writeBytes(content);
        align();
        return this;
    }

    private void align() {
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
    }
}
