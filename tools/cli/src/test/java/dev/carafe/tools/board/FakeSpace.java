package dev.carafe.tools.board;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import java.util.ArrayList;
import java.util.List;

/** An address space with devices and nothing else. */
final class FakeSpace implements Bus {
    private record Place(AddressRange range, BusDevice device) {}

    private final List<Place> places = new ArrayList<>();

    @Override
    public void attach(AddressRange range, BusDevice device) {
        for (Place place : places) {
            if (place.range().overlaps(range)) {
                throw new IllegalArgumentException(range + " overlaps " + place.range());
            }
        }
        places.add(new Place(range, device));
    }

    boolean answers(long address) {
        return find(address) != null;
    }

    @Override
    public long read(long address, int size) {
        Place place = find(address);
        return place == null
                ? -1L >>> Long.SIZE - 8 * size
                : place.device().read((int) (address - place.range().start()), size);
    }

    @Override
    public void write(long address, int size, long value) {
        Place place = find(address);
        if (place != null) {
            place.device().write((int) (address - place.range().start()), size, value);
        }
    }

    private Place find(long address) {
        return places.stream()
                .filter(place -> place.range().contains(address))
                .findFirst()
                .orElse(null);
    }
}
