package dev.carafe.firmware;

import dev.carafe.firmware.bytes.LittleEndian;

/**
 * The few fields of the BIOS data area at 40:00 that kernels look at: COM1, equipment word,
 * extended data area, memory size, text mode.
 */
final class BiosDataArea {
    private BiosDataArea() {}

    static byte[] bytes() {
        byte[] area = new byte[0x100];
        LittleEndian.put16(area, 0x00, 0x3F8); // first serial port
        LittleEndian.put16(area, 0x0E, GuestLayout.EXTENDED_BIOS_DATA_AREA >> 4);
        LittleEndian.put16(
                area, 0x10, 0x0226); // one serial port, 80x25 colour, pointing device, coprocessor
        LittleEndian.put16(
                area,
                0x13,
                GuestLayout.EXTENDED_BIOS_DATA_AREA >> 10); // KiB of conventional memory
        area[0x49] = 3; // text mode 80x25
        LittleEndian.put16(area, 0x4A, 80);
        LittleEndian.put16(area, 0x4C, 0x1000);
        LittleEndian.put16(area, 0x63, 0x3D4);
        area[0x84] = 24; // rows less one
        LittleEndian.put16(area, 0x85, 16);
        return area;
    }

    /** First byte of the extended area: its size in KiB. */
    static byte[] extendedBytes() {
        return new byte[] {1};
    }
}
