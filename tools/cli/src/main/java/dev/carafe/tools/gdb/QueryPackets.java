package dev.carafe.tools.gdb;

/** {@code q} and {@code Q} packets: what the stub can do, and what there is. */
final class QueryPackets {
    private static final String UNSUPPORTED = "";
    private static final String OK = "OK";
    private static final int LARGEST_PIECE = 0x1000;

    /** Every linear address may be RAM; what is not answers with an error when it is read. */
    private static final String MEMORY_MAP =
            """
            <?xml version="1.0"?>
            <!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" "http://sourceware.org/gdb/gdb-memory-map.dtd">
            <memory-map>
            <memory type="ram" start="0x0" length="0x8000000000000000"/>
            <memory type="ram" start="0x8000000000000000" length="0x8000000000000000"/>
            </memory-map>
            """;

    private final GdbSession session;

    QueryPackets(GdbSession session) {
        this.session = session;
    }

    String answer(String packet) {
        int end = nameEnd(packet);
        String name = packet.substring(0, end);
        String rest = end < packet.length() ? packet.substring(end + 1) : "";
        return switch (name) {
            case "qSupported" -> supported(rest);
            case "qXfer" -> transfer(rest);
            case "qC" -> "QC" + session.threads().of(session.generalVcpu());
            case "qfThreadInfo" -> "m" + threadList();
            case "qsThreadInfo" -> "l";
            case "qThreadExtraInfo" -> Hex.ofText(target().describe(vcpu(rest)));
            case "qAttached" -> "1";
            case "qOffsets" -> offsets();
            case "qSymbol" -> OK;
            case "qSearch" -> search(rest);
            case "qMemoryRegionInfo" -> session.memory().region(rest);
            case "qCRC" -> session.memory().sum(rest);
            case "qqemu.sstepbits" -> "ENABLE=1,NOIRQ=2,NOTIMER=4";
            case "qqemu.sstep" -> "0x%x".formatted(session.stepBits());
            case "Qqemu.sstep" -> setStepBits(rest);
            case "qqemu.PhyMemMode" -> session.physicalMemory() ? "1" : "0";
            case "Qqemu.PhyMemMode" -> setPhysicalMemory(rest);
            case "QStartNoAckMode" -> {
                session.stopAcknowledging();
                yield OK;
            }
            default -> UNSUPPORTED;
        };
    }

    private GdbTarget target() {
        return session.target();
    }

    private static int nameEnd(String packet) {
        for (int i = 0; i < packet.length(); i++) {
            char each = packet.charAt(i);
            if (each == ':' || each == ',' || each == ';' || each == '=') {
                return i;
            }
        }
        return packet.length();
    }

    private int vcpu(String thread) {
        int vcpu = ThreadIds.parse(thread, target().count());
        return vcpu < 0 ? session.generalVcpu() : vcpu;
    }

    private String supported(String features) {
        for (String feature : features.split(";")) {
            switch (feature) {
                case "multiprocess+" -> session.threads().useProcesses();
                case "swbreak+" -> session.replies().nameSoftwareBreakpoints();
                case "hwbreak+" -> session.replies().nameHardwareBreakpoints();
                default -> {} // nothing that changes an answer
            }
        }
        return "PacketSize=%x".formatted(PacketReader.MOST)
                + ";qXfer:features:read+;qXfer:threads:read+;qXfer:memory-map:read+"
                + ";vContSupported+;multiprocess+;QStartNoAckMode+;swbreak+;hwbreak+";
    }

    /** {@code object:read:annex:offset,length}. */
    private String transfer(String request) {
        String[] parts = request.split(":", -1);
        if (parts.length != 4 || !parts[1].equals("read")) {
            return UNSUPPORTED;
        }
        String whole =
                switch (parts[0]) {
                    case "features" -> {
                        if (!parts[2].equals("target.xml")) {
                            throw new PacketError(0);
                        }
                        yield session.description();
                    }
                    case "threads" -> threadXml();
                    case "memory-map" -> MEMORY_MAP;
                    default -> null;
                };
        return whole == null ? UNSUPPORTED : piece(whole, parts[3]);
    }

    private static String piece(String whole, String bounds) {
        int comma = bounds.indexOf(',');
        if (comma < 0) {
            throw new PacketError();
        }
        long offset = Hex.number(bounds.substring(0, comma));
        long length = Hex.number(bounds.substring(comma + 1));
        if (offset < 0 || length < 0 || offset > whole.length()) {
            throw new PacketError(0);
        }
        int from = (int) offset;
        long wanted = Math.min(length, LARGEST_PIECE);
        int to = (int) Math.min(whole.length(), from + wanted);
        return (to == whole.length() ? "l" : "m") + whole.substring(from, to);
    }

    private String threadList() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < target().count(); i++) {
            list.append(i == 0 ? "" : ",").append(session.threads().of(i));
        }
        return list.toString();
    }

    private String threadXml() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
        for (int i = 0; i < target().count(); i++) {
            xml.append(
                    "<thread id=\"%s\" core=\"%d\" name=\"CPU %d\">%s</thread>\n"
                            .formatted(session.threads().of(i), i, i, target().describe(i)));
        }
        return xml.append("</threads>\n").toString();
    }

    /** Only where the kernel does not lie where its file says. */
    private String offsets() {
        return target().textSegment().isPresent()
                ? "TextSeg=%x".formatted(target().textSegment().getAsLong())
                : UNSUPPORTED;
    }

    private String search(String rest) {
        String prefix = "memory:";
        return rest.startsWith(prefix)
                ? session.memory().search(rest.substring(prefix.length()))
                : UNSUPPORTED;
    }

    private String setStepBits(String value) {
        long bits = Hex.number(value);
        if ((bits & ~Resumption.STEP_ALL) != 0) {
            throw new PacketError();
        }
        session.setStepBits((int) bits);
        return OK;
    }

    private String setPhysicalMemory(String value) {
        session.setPhysicalMemory(Hex.number(value) != 0);
        return OK;
    }
}
