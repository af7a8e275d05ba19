package dev.carafe.tools.symbols;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.dwarf.LineTable;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import dev.carafe.firmware.elf.ElfSymbol;
import dev.carafe.firmware.elf.ElfSymbols;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Names for addresses of a running kernel, and addresses for names. Nothing is read before somebody
 * asks, and a file without symbols, or one that cannot be read, has no names: it never fails.
 *
 * <p>Thread-safe. Not modelled: modules that a kernel loads itself, user programs.
 */
public final class Symbolizer {
    private final byte[] kernel;
    private final long slide;
    private Loaded loaded; // guarded by this; null until asked

    /** What a kernel's file says. */
    private record Loaded(List<ElfSegment> segments, ElfSymbols symbols, LineTable lines) {}

    /**
     * @param kernel content of the kernel's file, of whatever kind
     * @param slide what the loader added to link-time addresses
     */
    public Symbolizer(byte[] kernel, long slide) {
        this.kernel = kernel;
        this.slide = slide;
    }

    /** Knows no name at all. */
    public static Symbolizer none() {
        return new Symbolizer(new byte[0], 0);
    }

    /** What the loader added to link-time addresses. */
    public long slide() {
        return slide;
    }

    /** Whether the kernel's file has any symbols. */
    public boolean hasSymbols() {
        Loaded file = load();
        return file != null && !file.symbols().all().isEmpty();
    }

    /** The function at a linear address of the running kernel, with its source line. */
    public Optional<Place> code(long address) {
        Loaded file = load();
        if (file == null) {
            return Optional.empty();
        }
        long linked = address - slide;
        ElfSymbol symbol = file.symbols().functionAt(linked);
        if (symbol == null || !contains(file, linked)) {
            return Optional.empty();
        }
        return Optional.of(
                new Place(
                        Demangled.name(symbol.name()),
                        linked - symbol.address(),
                        Optional.ofNullable(file.lines().at(linked))));
    }

    /** The variable, or function, that an address lies in; without a source line. */
    public Optional<Place> data(long address) {
        Loaded file = load();
        if (file == null || !contains(file, address - slide)) {
            return Optional.empty();
        }
        long linked = address - slide;
        ElfSymbol symbol = file.symbols().at(linked);
        return symbol == null
                ? Optional.empty()
                : Optional.of(
                        new Place(
                                Demangled.name(symbol.name()),
                                linked - symbol.address(),
                                Optional.empty()));
    }

    /** {@code name+0x1c (src/file.c:12)}, or the number when no function is there. */
    public String describe(long address) {
        return code(address).map(Place::toString).orElse("0x" + Long.toHexString(address));
    }

    /** {@code name+0x1c}, or the number when no function is there. */
    public String describeShort(long address) {
        return code(address).map(Place::inSymbol).orElse("0x" + Long.toHexString(address));
    }

    /** Whether an address lies in code of the kernel's file. */
    public boolean isCode(long address) {
        Loaded file = load();
        return file != null
                && file.segments().stream()
                        .anyMatch(
                                segment ->
                                        segment.type() == ElfSegment.PT_LOAD
                                                && (segment.flags() & ElfSegment.PF_X) != 0
                                                && segment.contains(address - slide));
    }

    /** Where the symbol of that name lies in the running kernel. */
    public OptionalLong address(String name) {
        Loaded file = load();
        ElfSymbol symbol = file == null ? null : file.symbols().byName(name);
        return symbol == null ? OptionalLong.empty() : OptionalLong.of(symbol.address() + slide);
    }

    /**
     * A part of the kernel's file.
     *
     * @param address where it lies in the running kernel
     */
    public record Bytes(long address, byte[] content) {}

    /**
     * Finds code or data that begins with certain bytes, up to the next symbol whose name speaks of
     * an end.
     *
     * @param most bytes to give
     */
    public Optional<Bytes> find(byte[] beginning, int most) {
        Loaded file = load();
        if (file == null) {
            return Optional.empty();
        }
        for (ElfSegment segment : file.segments()) {
            long last = segment.offset() + segment.fileSize() - beginning.length;
            for (long at = segment.offset();
                    segment.type() == ElfSegment.PT_LOAD && at <= last;
                    at++) {
                int from = (int) at;
                if (Arrays.equals(
                        kernel, from, from + beginning.length, beginning, 0, beginning.length)) {
                    long linked = segment.virtualAddress() + at - segment.offset();
                    long end = Math.min(at + end(file, linked, most), last + beginning.length);
                    return Optional.of(
                            new Bytes(linked + slide, Arrays.copyOfRange(kernel, from, (int) end)));
                }
            }
        }
        return Optional.empty();
    }

    private static long end(Loaded file, long linked, int most) {
        for (ElfSymbol symbol : file.symbols().all()) {
            long distance = symbol.address() - linked;
            if (distance > 0 && distance < most && symbol.name().contains("end")) {
                return distance;
            }
        }
        return most;
    }

    /** All symbols of the file, at their link-time addresses, ascending. */
    public List<ElfSymbol> symbols() {
        Loaded file = load();
        return file == null ? List.of() : file.symbols().all();
    }

    private static boolean contains(Loaded file, long linked) {
        return file.segments().isEmpty()
                || file.segments().stream()
                        .anyMatch(
                                segment ->
                                        segment.type() == ElfSegment.PT_LOAD
                                                && segment.contains(linked));
    }

    private synchronized Loaded load() {
        if (loaded == null && ElfFile.isElf(kernel)) {
            try {
                ElfFile elf = ElfFile.parse(kernel, "kernel");
                loaded = new Loaded(elf.segments(), elf.symbols(), LineTable.of(elf));
            } catch (BootException e) {
                loaded = new Loaded(List.of(), ElfSymbols.NONE, LineTable.NONE);
            }
        }
        return loaded;
    }
}
