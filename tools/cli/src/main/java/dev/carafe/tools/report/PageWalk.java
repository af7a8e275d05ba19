package dev.carafe.tools.report;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.memory.PageEntry;
import java.util.ArrayList;
import java.util.List;

/** Why an access to a linear address is or is not allowed, told by the entries of its page walk. */
final class PageWalk {
    private static final long NO_EXECUTE = 1L << 63;
    private static final long PAGE_SIZE_BIT = 1 << 7;

    private final Scene scene;
    private final Cpu cpu;
    private final long linear;
    private final List<PageEntry> entries;

    PageWalk(Scene scene, Cpu cpu, long linear) {
        this.scene = scene;
        this.cpu = cpu;
        this.linear = linear;
        entries = cpu.memory.trace(linear);
    }

    /** One line for each entry, from the root. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("page walk of " + Text.hex(linear) + " from CR3 " + Text.hex(cpu.control.cr3()));
        for (PageEntry entry : entries) {
            lines.add(
                    "  %-5s [%d] at %s = %s %s"
                            .formatted(
                                    entry.name(),
                                    index(entry),
                                    Text.hex(entry.address()),
                                    Text.hex(entry.value(), 16),
                                    flags(entry)));
        }
        if (!cpu.control.canonical(linear)) {
            lines.add("  the address is not canonical: there is no walk");
        }
        return lines;
    }

    private long index(PageEntry entry) {
        int size = cpu.control.longMode() || cpu.control.cr4(ControlBits.CR4_PAE) ? 8 : 4;
        return entry.address() % 4096 / size;
    }

    private static String flags(PageEntry entry) {
        if (!entry.present()) {
            return "not present";
        }
        return (entry.writable() ? "writable" : "read-only")
                + (entry.user() ? " user" : " supervisor")
                + (entry.noExecute() ? " NX" : "")
                + (entry.leaf() && entry.level() > 0 ? " large page" : "")
                + (entry.reserved() != 0 ? " RESERVED " + Text.hex(entry.reserved()) : "");
    }

    /**
     * What stands in the way of an access; empty text of code {@code page-mapped} when nothing
     * does.
     */
    Finding why(boolean write, boolean fetch, boolean user) {
        if (!cpu.control.canonical(linear)) {
            return Finding.of(
                    "non-canonical", "address " + Text.hex(linear) + " is not canonical", "");
        }
        for (PageEntry entry : entries) {
            if (!entry.present()) {
                return Finding.of("page-not-present", shown(entry) + " is not present", "");
            }
            if (entry.reserved() != 0) {
                return reserved(entry);
            }
        }
        for (PageEntry entry : entries) {
            if (fetch && entry.noExecute()) {
                return Finding.of("page-no-execute", shown(entry) + " forbids execution (NX)", "");
            }
            boolean protectedWrite = user || cpu.control.cr0(ControlBits.CR0_WP);
            if (write && !entry.writable() && protectedWrite) {
                return Finding.of("page-read-only", shown(entry) + " is read-only", "");
            }
            if (user && !entry.user()) {
                return Finding.of("page-supervisor", shown(entry) + " is for supervisors only", "");
            }
        }
        return supervisor(fetch, user);
    }

    private Finding supervisor(boolean fetch, boolean user) {
        boolean userPage = !entries.isEmpty() && entries.stream().allMatch(PageEntry::user);
        if (!user && userPage && fetch && cpu.control.cr4(ControlBits.CR4_SMEP)) {
            return Finding.of("smep", "supervisor code may not execute a user page (SMEP)", "");
        }
        if (!user && userPage && cpu.control.cr4(ControlBits.CR4_SMAP)) {
            return Finding.of(
                    "smap",
                    "supervisor code may not touch a user page (SMAP)",
                    "Bracket accesses to user memory with STAC and CLAC.");
        }
        return Finding.of("page-mapped", "", "");
    }

    private Finding reserved(PageEntry entry) {
        boolean nx = (entry.reserved() & NO_EXECUTE) != 0;
        boolean nxOff = (cpu.control.efer() & ControlBits.EFER_NXE) == 0;
        if (nx && nxOff) {
            StringBuilder text = new StringBuilder(shown(entry));
            text.append(" sets NX but EFER.NXE=0 on this CPU");
            Cpu boot = scene.cpus().getFirst();
            if (cpu != boot && (boot.control.efer() & ControlBits.EFER_NXE) != 0) {
                text.append(" (it is 1 on CPU 0)");
            }
            return Finding.of(
                    "nx-without-nxe",
                    text.toString(),
                    "Set EFER.NXE on every CPU before it loads a CR3 whose tables use NX.");
        }
        String what =
                entry.reserved() == PAGE_SIZE_BIT
                        ? " has PS set, which this level may not"
                        : " has reserved bits set: " + Text.hex(entry.reserved());
        return Finding.of("reserved-bit", shown(entry) + what, "");
    }

    private String shown(PageEntry entry) {
        return entry.name() + "[" + index(entry) + "]=" + Text.hex(entry.value());
    }
}
