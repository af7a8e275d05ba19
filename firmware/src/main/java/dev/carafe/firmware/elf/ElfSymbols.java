package dev.carafe.firmware.elf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The symbols of a file, by name and by address. Addresses are those of the link; the caller knows
 * the slide.
 */
public final class ElfSymbols {
    /** Without a size, a function is believed to reach no further than this. */
    private static final long LONGEST_UNSIZED = 0x10_0000;

    /** How many labels may stand between a function's start and an address in it. */
    private static final int NEIGHBOURS = 64;

    /** Those of a file without symbols. */
    public static final ElfSymbols NONE = new ElfSymbols(List.of());

    private final List<ElfSymbol> byAddress;

    ElfSymbols(List<ElfSymbol> symbols) {
        byAddress = new ArrayList<>(symbols);
        byAddress.sort(
                new Comparator<>() {
                    @Override
                    public int compare(ElfSymbol a, ElfSymbol b) {
                        int order = Long.compareUnsigned(a.address(), b.address());
                        return order != 0 ? order : Boolean.compare(a.function(), b.function());
                    }
                });
    }

    public List<ElfSymbol> all() {
        return List.copyOf(byAddress);
    }

    /** The symbol of that name, or null. */
    public ElfSymbol byName(String name) {
        for (ElfSymbol symbol : byAddress) {
            if (symbol.name().equals(name)) {
                return symbol;
            }
        }
        return null;
    }

    /**
     * The function that {@code address} lies in, or null: the nearest one at or below whose size
     * covers it, else the nearest symbol without a size, as assembler labels are.
     */
    public ElfSymbol functionAt(long address) {
        return find(address, true);
    }

    /** The function or variable that {@code address} lies in, or null. */
    public ElfSymbol at(long address) {
        return find(address, false);
    }

    private ElfSymbol find(long address, boolean functionsOnly) {
        int low = upTo(address);
        ElfSymbol unsized = null;
        for (int i = low - 1; i >= 0 && i >= low - NEIGHBOURS; i--) {
            ElfSymbol symbol = byAddress.get(i);
            long distance = address - symbol.address();
            if ((symbol.function() || !functionsOnly)
                    && symbol.size() != 0
                    && Long.compareUnsigned(distance, symbol.size()) < 0) {
                return symbol;
            }
            if (unsized == null
                    && symbol.size() == 0
                    && Long.compareUnsigned(distance, LONGEST_UNSIZED) < 0) {
                unsized = symbol;
            }
        }
        return unsized;
    }

    /** How many symbols lie at or below an address. */
    private int upTo(long address) {
        int low = 0;
        int high = byAddress.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(byAddress.get(middle).address(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
