package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;
import java.util.List;

/** Extended System Description Table: 64-bit addresses of the other tables. */
final class Xsdt {
    private Xsdt() {}

    static byte[] bytes(List<Long> tables) {
        ByteWriter out = TableWriter.begin("XSDT", 1, 36 + 8 * tables.size());
        for (long table : tables) {
            out.u64(table);
        }
        return TableWriter.finish(out);
    }
}
