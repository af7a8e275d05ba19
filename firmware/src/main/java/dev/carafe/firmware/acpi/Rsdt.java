package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;
import java.util.List;

/** Root System Description Table: 32-bit addresses of the other tables. */
final class Rsdt {
    private Rsdt() {}

    static byte[] bytes(List<Long> tables) {
        ByteWriter out = TableWriter.begin("RSDT", 1, 36 + 4 * tables.size());
        for (long table : tables) {
            out.u32((int) table);
        }
        return TableWriter.finish(out);
    }
}
