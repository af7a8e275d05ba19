package dev.carafe.firmware.linux;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.bytes.LittleEndian;

/**
 * A bzImage and what its setup header says ("The Linux/x86 Boot Protocol", "The Real-Mode Kernel
 * Header").
 *
 * <p>Not supported: zImage and protocols before 2.02, as kernels before 2.4 have them.
 */
final class BzImage {
    static final int HEADER = 0x1F1;
    static final int CMD_LINE_PTR = 0x228;

    private static final int SETUP_SECTS = 0x1F1;
    private static final int SYSSIZE = 0x1F4;
    private static final int JUMP_LENGTH = 0x201;
    private static final int MAGIC_AT = 0x202;
    private static final int VERSION = 0x206;
    private static final int LOADFLAGS = 0x211;
    private static final int CODE32_START = 0x214;
    private static final int INITRD_ADDR_MAX = 0x22C;
    private static final int KERNEL_ALIGNMENT = 0x230;
    private static final int RELOCATABLE_KERNEL = 0x234;
    private static final int XLOADFLAGS = 0x236;
    private static final int CMDLINE_SIZE = 0x238;
    private static final int PREF_ADDRESS = 0x258;
    private static final int INIT_SIZE = 0x260;
    private static final int WHOLE_HEADER = 0x264;
    private static final int HEADER_LIMIT = 0x290; // other fields of boot_params begin here

    private static final int MAGIC = 0x5372_6448; // "HdrS"
    private static final int LOADED_HIGH = 1;
    private static final int XLF_KERNEL_64 = 1;
    private static final int SECTOR = 512;
    private static final int PARAGRAPH = 16;
    private static final int SETUP_SECTS_OF_OLD = 4;
    private static final long INITRD_ADDR_MAX_OF_OLD = 0x37FF_FFFF;
    private static final int CMDLINE_SIZE_OF_OLD = 255;

    private final byte[] file;
    private final int version;
    private final int codeOffset;

    private BzImage(byte[] file) {
        this.file = file;
        version = LittleEndian.get16(file, VERSION);
        int sectors = file[SETUP_SECTS] & 0xFF;
        codeOffset = ((sectors == 0 ? SETUP_SECTS_OF_OLD : sectors) + 1) * SECTOR;
    }

    static boolean isBzImage(byte[] file) {
        return file.length >= MAGIC_AT + Integer.BYTES
                && LittleEndian.get32(file, MAGIC_AT) == MAGIC;
    }

    static BzImage parse(byte[] file, String name) throws BootException {
        if (file.length < WHOLE_HEADER) {
            throw truncated(name, WHOLE_HEADER, file.length);
        }
        BzImage image = new BzImage(file);
        if (image.version < 0x202) {
            throw new BootException(
                    "'"
                            + name
                            + "' is a Linux kernel of boot protocol "
                            + image.protocol()
                            + ", 2.02 or later is needed");
        }
        if ((file[LOADFLAGS] & LOADED_HIGH) == 0) {
            throw new BootException(
                    "'" + name + "' is a zImage, which must be loaded low: a bzImage is needed");
        }
        // The size is in paragraphs, rounded up
        long need = image.codeOffset + image.sizeInParagraphs() * PARAGRAPH - (PARAGRAPH - 1);
        if (file.length < need || file.length <= image.codeOffset) {
            throw truncated(name, need, file.length);
        }
        image.check(name);
        return image;
    }

    private void check(String name) throws BootException {
        long alignment = alignment();
        if (isRelocatable() && (alignment < 1 || Long.bitCount(alignment) != 1)) {
            throw new BootException(
                    "'"
                            + name
                            + "' wants to be loaded at a multiple of "
                            + hex(alignment)
                            + ", which is not a power of two");
        }
    }

    private static BootException truncated(String name, long need, int length) {
        return new BootException(
                "'"
                        + name
                        + "' is truncated: its setup header promises "
                        + hex(need)
                        + " bytes, the file has "
                        + hex(length));
    }

    private long sizeInParagraphs() {
        return u32(SYSSIZE);
    }

    private long u32(int at) {
        return LittleEndian.get32(file, at) & 0xFFFF_FFFFL;
    }

    private boolean since(int first) {
        return version >= first;
    }

    String protocol() {
        return (version >> 8) + "." + (version & 0xFF) / 10 + (version & 0xFF) % 10;
    }

    /** Where the protected-mode kernel begins in the file. */
    int codeOffset() {
        return codeOffset;
    }

    int codeLength() {
        return file.length - codeOffset;
    }

    /** The setup header as it goes into boot_params, from {@link #HEADER} on. */
    byte[] header() {
        int end = Math.min(MAGIC_AT + (file[JUMP_LENGTH] & 0xFF), HEADER_LIMIT);
        byte[] header = new byte[Math.max(end, CMD_LINE_PTR + Integer.BYTES) - HEADER];
        System.arraycopy(file, HEADER, header, 0, header.length);
        return header;
    }

    boolean isRelocatable() {
        return since(0x205) && file[RELOCATABLE_KERNEL] != 0;
    }

    long alignment() {
        return since(0x205) ? u32(KERNEL_ALIGNMENT) : GuestLayout.PAGE;
    }

    /** Where the kernel would like to be loaded. */
    long preferredAddress() {
        if (!isRelocatable()) {
            long start = u32(CODE32_START);
            return start == 0 ? GuestLayout.ONE_MIB : start;
        }
        long preferred = since(0x20A) ? LittleEndian.get64(file, PREF_ADDRESS) : 0;
        return preferred == 0 ? GuestLayout.ONE_MIB : preferred;
    }

    /** How much memory the kernel needs from its first byte on until it reads the memory map. */
    long memoryNeeded() {
        return Math.max(since(0x20A) ? u32(INIT_SIZE) : 0, codeLength());
    }

    boolean has64BitEntry() {
        return since(0x20C) && (file[XLOADFLAGS] & XLF_KERNEL_64) != 0;
    }

    /** The highest address that the last byte of the initrd may have. */
    long highestInitrdAddress() {
        return since(0x203) ? u32(INITRD_ADDR_MAX) : INITRD_ADDR_MAX_OF_OLD;
    }

    /** How long a command line the kernel takes, without the final zero. */
    long commandLineSize() {
        return since(0x206) ? u32(CMDLINE_SIZE) : CMDLINE_SIZE_OF_OLD;
    }
}
