package dev.carafe.tools.monitor;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.DebugMemory;

/** {@code info tlb} and {@code info mem}: what the paging structures map. */
final class PagingText {
    private static final int MOST_LINES = 1 << 16;

    private static final String TOO_MANY = "(there are more, which are not shown)\n";

    private PagingText() {}

    /** One line for each page, with its entry's flags. */
    static String pages(Cpu cpu, DebugMemory memory) {
        PageTables tables = new PageTables(cpu, memory);
        if (!tables.paging()) {
            return "PG disabled\n";
        }
        StringBuilder out = new StringBuilder();
        int[] lines = {0};
        boolean all =
                tables.visit(
                        (linear, length, entry, frame, rights) -> {
                            out.append(hex(tables.canonical(linear), 16))
                                    .append(": ")
                                    .append(hex(frame, 16))
                                    .append(' ')
                                    .append(flags(entry, length > 4096))
                                    .append('\n');
                            return ++lines[0] < MOST_LINES;
                        });
        return out.append(all ? "" : TOO_MANY).toString();
    }

    private static String flags(long entry, boolean large) {
        char[] letters = "XGPDACTUW".toCharArray();
        int[] bits = {63, 8, 7, 6, 5, 4, 3, 2, 1};
        for (int i = 0; i < letters.length; i++) {
            boolean set = (entry >>> bits[i] & 1) != 0;
            if (!set || letters[i] == 'P' && !large) {
                letters[i] = '-';
            }
        }
        return new String(letters);
    }

    /** Ranges of equal rights. */
    static String ranges(Cpu cpu, DebugMemory memory) {
        PageTables tables = new PageTables(cpu, memory);
        if (!tables.paging()) {
            return "PG disabled\n";
        }
        Ranges ranges = new Ranges(tables);
        boolean all = tables.visit(ranges);
        ranges.close();
        return ranges.out.append(all ? "" : TOO_MANY).toString();
    }

    private static final class Ranges implements PageTables.Visitor {
        private final PageTables tables;
        private final StringBuilder out = new StringBuilder();
        private long start;
        private long end;
        private long rights;

        Ranges(PageTables tables) {
            this.tables = tables;
        }

        @Override
        public boolean page(long linear, long length, long entry, long frame, long pageRights) {
            if (rights != pageRights || end != linear) {
                close();
                start = linear;
                rights = pageRights;
            }
            end = linear + length;
            return true;
        }

        void close() {
            if (rights != 0) {
                out.append(hex(tables.canonical(start), 16))
                        .append('-')
                        .append(hex(last(), 16))
                        .append(' ')
                        .append(hex(end - start, 16))
                        .append(' ')
                        .append((rights & PageTables.USER) != 0 ? 'u' : '-')
                        .append('r')
                        .append((rights & PageTables.WRITABLE) != 0 ? 'w' : '-')
                        .append('\n');
            }
        }

        /** The address behind a range that ends with the address space is not canonical. */
        private long last() {
            return end == tables.end() ? end : tables.canonical(end);
        }
    }

    static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
