package dev.carafe.firmware.linux;

import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MemoryRegion;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.List;

/** struct boot_params, the "zero page" ("Zero Page" in the kernel's documentation). */
final class BootParameters {
    private static final int SIZE = 0x1000;
    private static final int EXT_MEM_K = 0x002;
    private static final int ACPI_RSDP_ADDR = 0x070;
    private static final int ALT_MEM_K = 0x1E0;
    private static final int E820_ENTRIES = 0x1E8;
    private static final int E820_TABLE = 0x2D0;
    private static final int VID_MODE = 0x1FA;
    private static final int TYPE_OF_LOADER = 0x210;
    private static final int CODE32_START = 0x214;
    private static final int RAMDISK_IMAGE = 0x218;
    private static final int RAMDISK_SIZE = 0x21C;
    private static final int SETUP_DATA = 0x250;

    private static final int UNKNOWN_LOADER = 0xFF;
    private static final int NORMAL_VIDEO_MODE = 0xFFFF;
    private static final int E820_ENTRY = 20;
    private static final int MOST_EXT_MEM_K = 0xFFFF;
    private static final int KIB_SHIFT = 10;

    // screen_info, for a linear framebuffer that a VESA BIOS has set up
    private static final int ORIG_VIDEO_IS_VGA = 0x0F;
    private static final int LFB_WIDTH = 0x12;
    private static final int LFB_HEIGHT = 0x14;
    private static final int LFB_DEPTH = 0x16;
    private static final int LFB_BASE = 0x18;
    private static final int LFB_SIZE = 0x1C; // in units of 64 KiB
    private static final int LFB_LINE_LENGTH = 0x24;
    private static final int RED = 0x26; // size and position of each, byte by byte
    private static final int GREEN = 0x28;
    private static final int BLUE = 0x2A;
    private static final int RESERVED = 0x2C;
    private static final int VIDEO_TYPE_VLFB = 0x23;
    private static final int LFB_SIZE_SHIFT = 16;

    private final ByteWriter page = new ByteWriter(SIZE).zeros(SIZE);

    BootParameters() {}

    /** Takes the setup header over, and puts the loader's own answers into it. */
    void header(BzImage kernel, long loadAddress, int commandLine) {
        byte[] header = kernel.header();
        for (int i = 0; i < header.length; i++) {
            page.patch8(BzImage.HEADER + i, header[i]);
        }
        page.patch8(TYPE_OF_LOADER, UNKNOWN_LOADER);
        page.patch16(VID_MODE, NORMAL_VIDEO_MODE);
        page.patch32(CODE32_START, (int) loadAddress);
        page.patch32(BzImage.CMD_LINE_PTR, commandLine);
    }

    void ramDisk(long address, int size) {
        page.patch32(RAMDISK_IMAGE, (int) address);
        page.patch32(RAMDISK_SIZE, size);
    }

    void setupData(long address) {
        page.patch64(SETUP_DATA, address);
    }

    /** RSDP, the size of memory and its map. */
    void firmware(List<MemoryRegion> map, long lowEnd) {
        page.patch64(ACPI_RSDP_ADDR, GuestLayout.RSDP);
        long aboveOneMiB = lowEnd - GuestLayout.ONE_MIB >> KIB_SHIFT;
        page.patch16(EXT_MEM_K, (int) Math.min(aboveOneMiB, MOST_EXT_MEM_K));
        page.patch32(ALT_MEM_K, (int) aboveOneMiB);
        page.patch8(E820_ENTRIES, map.size());
        int at = E820_TABLE;
        for (MemoryRegion region : map) {
            page.patch64(at, region.base())
                    .patch64(at + 8, region.length())
                    .patch32(at + 16, region.type().e820());
            at += E820_ENTRY;
        }
    }

    void screen(FramebufferDescription screen) {
        page.patch8(ORIG_VIDEO_IS_VGA, VIDEO_TYPE_VLFB)
                .patch16(LFB_WIDTH, screen.width())
                .patch16(LFB_HEIGHT, screen.height())
                .patch16(LFB_DEPTH, FramebufferDescription.BITS_PER_PIXEL)
                .patch32(LFB_BASE, (int) screen.address())
                .patch32(LFB_SIZE, (int) (screen.sizeInBytes() + 0xFFFF >> LFB_SIZE_SHIFT))
                .patch16(LFB_LINE_LENGTH, screen.pitch());
        colour(RED, 16);
        colour(GREEN, 8);
        colour(BLUE, 0);
        colour(RESERVED, 24);
    }

    private void colour(int at, int position) {
        page.patch8(at, 8).patch8(at + 1, position);
    }

    byte[] bytes() {
        return page.toByteArray();
    }
}
