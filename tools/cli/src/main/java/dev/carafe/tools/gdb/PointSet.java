package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.DebugPoint;
import dev.carafe.core.machine.RunControl;
import java.util.HashSet;
import java.util.Set;

/** The breakpoints and watchpoints of one client: {@code Z0} to {@code Z4}. */
final class PointSet {
    private static final int SOFTWARE = 0;
    private static final int MOST = 1 << 17;

    /** One of the client's; inserting it again changes nothing. */
    private record Inserted(int type, DebugPoint point) {}

    private final Set<Inserted> inserted = new HashSet<>();

    /** Obeys {@code Z} and {@code z}, without their first letter: {@code type,address,kind}. */
    void obey(RunControl control, boolean insert, String text) {
        Inserted one = parse(text);
        if (insert) {
            if (inserted.size() >= MOST) {
                throw new PacketError();
            }
            if (inserted.add(one)) {
                control.insert(one.point());
            }
        } else if (inserted.remove(one)) {
            control.remove(one.point());
        }
    }

    private static Inserted parse(String text) {
        String[] parts = text.split(";", 2)[0].split(",", -1);
        if (parts.length != 3) {
            throw new PacketError();
        }
        long address = Hex.number(parts[1]);
        long length = Hex.number(parts[2]);
        return switch (parts[0]) {
            case "0", "1" -> new Inserted(parts[0].charAt(0) - '0', DebugPoint.code(address));
            case "2" -> data(DebugPoint.Kind.WRITE, address, length);
            case "3" -> data(DebugPoint.Kind.READ, address, length);
            case "4" -> data(DebugPoint.Kind.ACCESS, address, length);
            default -> throw new PacketError();
        };
    }

    private static Inserted data(DebugPoint.Kind kind, long address, long length) {
        if (length <= 0) {
            throw new PacketError();
        }
        return new Inserted(kind.ordinal(), new DebugPoint(kind, address, length));
    }

    /** Whether a software breakpoint stands there. */
    boolean isSoftware(DebugPoint point) {
        return inserted.contains(new Inserted(SOFTWARE, point));
    }

    void removeAll(RunControl control) {
        inserted.forEach(one -> control.remove(one.point()));
        inserted.clear();
    }

    /** A new machine takes the place of the one before. */
    void insertAll(RunControl control) {
        inserted.forEach(one -> control.insert(one.point()));
    }
}
