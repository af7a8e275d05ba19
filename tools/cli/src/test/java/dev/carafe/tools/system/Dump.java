package dev.carafe.tools.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the dump guest prints, as named fields: {@code BSP rflags}, {@code AP LAPIC [0x80]}, {@code
 * CMOS 0x14}, {@code mp_info[1] goto}. The memory map is kept as entries, and of those that lie in
 * RAM only the range they fill together is a field, since loaders may share it out as they like.
 */
final class Dump {
    static final String ABSENT = "absent";

    private static final Pattern KEY_VALUE = Pattern.compile("(\\S+)=(.*?)(?= \\S+=| *$)");
    private static final Pattern ENTRY =
            Pattern.compile("0x(\\p{XDigit}+) - 0x(\\p{XDigit}+) type 0x(\\p{XDigit}+)");
    private static final long HOLE_END = 0x10_0000; // from here RAM goes on to its end
    private static final List<String> REGISTERS = List.of("eax", "ebx", "ecx", "edx");

    /** An entry of the memory map. */
    record Entry(long start, long end, int type) {
        boolean covers(long address) {
            return start <= address && address < end;
        }
    }

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<Entry> memoryMap = new ArrayList<>();
    private String cpu = "";

    private Dump() {}

    static Dump of(String text) {
        Dump dump = new Dump();
        text.lines().map(String::strip).forEach(dump::line);
        dump.nameMemory();
        return dump;
    }

    /** All fields in their order, with their values as printed. */
    Map<String, String> fields() {
        return fields;
    }

    List<Entry> memoryMap() {
        return memoryMap;
    }

    String text(String field) {
        return fields.getOrDefault(field, ABSENT);
    }

    /** A field's number; one that is missing fails the test. */
    long number(String field) {
        return Long.parseUnsignedLong(text(field).replaceFirst("^0x", ""), 16);
    }

    private void line(String line) {
        String first = line.split(" ", 2)[0];
        switch (first) {
            case "==" -> cpu = line.substring(3) + " ";
            case "GDT:" -> list(cpu + "GDT", line);
            case "PIC", "IOAPIC" -> list(first, line);
            case "LAPIC" -> pairs(cpu + "LAPIC ", line, '=');
            case "CMOS", "PML4" -> pairs(first + " ", line, ':');
            case "ports", "HPET" -> pairs(first + " ", line, '=');
            case "END", "" -> {}
            default -> other(line);
        }
    }

    private void other(String line) {
        if (ENTRY.matcher(line).matches()) {
            MatchResult entry = ENTRY.matcher(line).results().findFirst().orElseThrow();
            memoryMap.add(
                    new Entry(hex(entry.group(1)), hex(entry.group(2)), (int) hex(entry.group(3))));
        } else if (line.startsWith("cpuid=")) {
            String[] words = line.substring("cpuid=".length()).split(" ");
            for (int i = 0; i < REGISTERS.size(); i++) {
                fields.put("cpuid " + words[0] + " " + REGISTERS.get(i), words[i + 1]);
            }
        } else if (line.startsWith("pid=")) {
            String prefix = "mp_info[" + line.substring("pid=0x".length()).split(" ")[0] + "] ";
            keysAndValues(prefix, line);
        } else if (line.startsWith("more ")) {
            keysAndValues("more ", line.substring("more ".length()));
        } else if (line.startsWith("rax=")
                || line.startsWith("cr0=")
                || line.startsWith("idt.l=")) {
            keysAndValues(cpu, line);
        } else {
            keysAndValues("", line);
        }
    }

    private void list(String name, String line) {
        String[] words = line.split(" ");
        for (int i = 1; i < words.length; i++) {
            fields.put(name + "[" + (i - 1) + "]", words[i]);
        }
    }

    private void pairs(String prefix, String line, char between) {
        for (String word : line.split(" ")) {
            int at = word.lastIndexOf(between);
            if (at > 0) {
                fields.put(prefix + word.substring(0, at), word.substring(at + 1));
            }
        }
    }

    private void keysAndValues(String prefix, String line) {
        for (MatchResult pair : KEY_VALUE.matcher(line).results().toList()) {
            String name = prefix + pair.group(1);
            for (int i = 1; fields.containsKey(name); i++) {
                name = prefix + pair.group(1) + "[" + i + "]"; // the variable MTRRs share a name
            }
            fields.put(name, pair.group(2).strip());
        }
        int loader = text("module").indexOf(' ');
        if (loader > 0) { // the last line but for the loader's own name, which has no key
            fields.put("loader", text("module").substring(loader + 1));
            fields.put("module", text("module").substring(0, loader));
        }
    }

    private void nameMemory() {
        long lowEnd = filled(0x1000);
        long end = filled(HOLE_END);
        fields.put("memmap low RAM ends at", hexText(lowEnd));
        fields.put("memmap RAM ends at", hexText(end));
        for (Entry entry : memoryMap) {
            boolean inRam = entry.start < lowEnd || entry.start >= HOLE_END && entry.start < end;
            if (!inRam) {
                String name = "memmap " + hexText(entry.start) + ".." + hexText(entry.end);
                fields.put(name, "type " + entry.type);
            }
        }
    }

    /** Where entries that touch each other, beginning at an address, come to an end. */
    private long filled(long start) {
        long end = start;
        for (Entry entry : memoryMap) {
            end = entry.start == end ? entry.end : end;
        }
        return end;
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    private static String hexText(long value) {
        return "0x" + Long.toHexString(value);
    }
}
