package dev.carafe.tools.gdb;

import java.util.List;

/**
 * The XML that tells a debugger which registers there are ("Target Descriptions" in GDB's manual).
 */
final class TargetDescription {
    /**
     * A register of bits with names.
     *
     * @param id of the type
     * @param bytes its size
     * @param fields {@code NAME} for one bit, {@code NAME:LOW-HIGH} for several; from bit 0
     *     upwards, {@code -} for a bit without a name
     */
    private record Flags(String id, int bytes, String fields) {}

    private static final Flags EFLAGS =
            new Flags(
                    "x64_eflags",
                    4,
                    "CF - PF - AF - ZF SF TF IF DF OF IOPL:12-13 NT - RF VM AC VIF VIP ID");
    private static final Flags MXCSR =
            new Flags("i386_mxcsr", 4, "IE DE ZE OE UE PE DAZ IM DM ZM OM UM PM RC:13-14 FZ");
    private static final List<Flags> SYSTEM =
            List.of(
                    new Flags(
                            "x64_cr0",
                            8,
                            "PE MP EM TS ET NE - - - - - - - - - - WP - AM - - - - - - - - - - NW CD PG"),
                    new Flags("x64_cr3", 8, "PCID:0-11 PDBR:12-63"),
                    new Flags(
                            "x64_cr4",
                            8,
                            "VME PVI TSD DE PSE PAE MCE PGE PCE OSFXSR OSXMMEXCPT UMIP LA57 VMXE SMXE -"
                                    + " FSGSBASE PCIDE OSXSAVE - SMEP SMAP PKE CET PKS"),
                    new Flags(
                            "x64_efer", 8, "SCE - - - - - - - LME - LMA NXE SVME LMSLE FFXSR TCE"));

    /** A debugger with symbols of the other kind takes the description all the same. */
    private static final String WIDE =
            "<architecture>i386:x86-64</architecture>\n<compatible>i386</compatible>\n";

    private static final String NARROW =
            "<architecture>i386</architecture>\n<compatible>i386:x86-64</compatible>\n";

    private static final String VECTORS =
            """
            <vector id="v4f" type="ieee_single" count="4"/>
            <vector id="v2d" type="ieee_double" count="2"/>
            <vector id="v16i8" type="int8" count="16"/>
            <vector id="v8i16" type="int16" count="8"/>
            <vector id="v4i32" type="int32" count="4"/>
            <vector id="v2i64" type="int64" count="2"/>
            <union id="vec128">
            <field name="v4_float" type="v4f"/>
            <field name="v2_double" type="v2d"/>
            <field name="v16_int8" type="v16i8"/>
            <field name="v8_int16" type="v8i16"/>
            <field name="v4_int32" type="v4i32"/>
            <field name="v2_int64" type="v2i64"/>
            <field name="uint128" type="uint128"/>
            </union>
            """;

    private TargetDescription() {}

    static String of(RegisterSet set) {
        StringBuilder xml =
                new StringBuilder(
                        """
                        <?xml version="1.0"?>
                        <!DOCTYPE target SYSTEM "gdb-target.dtd">
                        <target version="1.0">
                        """);
        xml.append(set.narrow() ? NARROW : WIDE);
        int number = 0;
        for (RegisterSet.Feature feature : set.features()) {
            xml.append("<feature name=\"").append(feature.name()).append("\">\n");
            types(xml, feature.name());
            for (Register register : feature.registers()) {
                register(xml, register, number++);
            }
            xml.append("</feature>\n");
        }
        return xml.append("</target>\n").toString();
    }

    private static void types(StringBuilder xml, String feature) {
        switch (feature) {
            case RegisterSet.CORE -> flags(xml, EFLAGS);
            case RegisterSet.SSE -> {
                xml.append(VECTORS);
                flags(xml, MXCSR);
            }
            case RegisterSet.SYSTEM -> SYSTEM.forEach(each -> flags(xml, each));
            default -> {}
        }
    }

    private static void flags(StringBuilder xml, Flags flags) {
        xml.append("<flags id=\"%s\" size=\"%d\">\n".formatted(flags.id(), flags.bytes()));
        int bit = 0;
        for (String field : flags.fields().split(" ")) {
            int colon = field.indexOf(':');
            String name = colon < 0 ? field : field.substring(0, colon);
            int last = bit;
            if (colon >= 0) {
                String[] range = field.substring(colon + 1).split("-");
                bit = Integer.parseInt(range[0]);
                last = Integer.parseInt(range[1]);
            }
            if (!name.equals("-")) {
                xml.append(
                        "<field name=\"%s\" start=\"%d\" end=\"%d\"/>\n"
                                .formatted(name, bit, last));
            }
            bit = last + 1;
        }
        xml.append("</flags>\n");
    }

    private static void register(StringBuilder xml, Register register, int number) {
        xml.append(
                "<reg name=\"%s\" bitsize=\"%d\" type=\"%s\" regnum=\"%d\""
                        .formatted(register.name(), register.bits(), register.type(), number));
        if (!register.group().isEmpty()) {
            xml.append(" group=\"").append(register.group()).append('"');
        }
        xml.append("/>\n");
    }
}
