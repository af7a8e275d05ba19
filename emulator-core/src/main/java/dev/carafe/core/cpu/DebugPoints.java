package dev.carafe.core.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** All debug points of a machine: what every processor compares with. Immutable. */
public final class DebugPoints {
    /** Nobody debugs. */
    public static final DebugPoints NONE = new DebugPoints(List.of());

    private static final long PAGE_SIZE = CodePage.SIZE;

    private final List<DebugPoint> all; // one may stand here several times, for several debuggers
    private final long[] code; // sorted
    private final DebugPoint[] data;

    private DebugPoints(List<DebugPoint> all) {
        this.all = all;
        code = all.stream().filter(DebugPoint::isCode).mapToLong(DebugPoint::address).toArray();
        Arrays.sort(code);
        data = all.stream().filter(point -> !point.isCode()).toArray(DebugPoint[]::new);
    }

    public DebugPoints with(DebugPoint point) {
        List<DebugPoint> more = new ArrayList<>(all);
        more.add(point);
        return new DebugPoints(List.copyOf(more));
    }

    /** Without one of them; without change when it is not among them. */
    public DebugPoints without(DebugPoint point) {
        List<DebugPoint> fewer = new ArrayList<>(all);
        fewer.remove(point);
        return new DebugPoints(List.copyOf(fewer));
    }

    public List<DebugPoint> all() {
        return all;
    }

    /** The offsets in their pages of all code points. */
    public BitSet codeOffsets() {
        BitSet offsets = new BitSet();
        for (long address : code) {
            offsets.set((int) address & CodePage.SIZE - 1);
        }
        return offsets;
    }

    boolean hasCode() {
        return code.length > 0;
    }

    boolean hasData() {
        return data.length > 0;
    }

    boolean codeAt(long linear) {
        return Arrays.binarySearch(code, linear) >= 0;
    }

    boolean codeInPage(long linear) {
        long page = linear & -PAGE_SIZE;
        int at = Arrays.binarySearch(code, page);
        int first = at >= 0 ? at : -at - 1;
        return first < code.length && (code[first] & -PAGE_SIZE) == page;
    }

    boolean dataInPage(long linearPage) {
        for (DebugPoint point : data) {
            if (point.inPage(linearPage, PAGE_SIZE)) {
                return true;
            }
        }
        return false;
    }

    /** The first that an access hits, or null. */
    DebugPoint hitBy(long linear, int size, boolean read, boolean write) {
        for (DebugPoint point : data) {
            if (point.hitBy(linear, size, read, write)) {
                return point;
            }
        }
        return null;
    }
}
