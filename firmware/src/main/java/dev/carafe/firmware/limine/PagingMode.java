package dev.carafe.firmware.limine;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.MachineDescription;

/** Chooses between four and five levels (PROTOCOL, "Paging Mode Feature"): 0 is four, 1 is five. */
final class PagingMode {
    private static final long FOUR_LEVELS = 0;
    private static final long FIVE_LEVELS = 1;
    private static final int MODE = LimineRequests.EXTRAS;
    private static final int MAX_MODE = MODE + 8;
    private static final int MIN_MODE = MODE + 16;

    private PagingMode() {}

    static boolean fiveLevels(
            LimineKernel kernel, LimineRequests requests, MachineDescription machine)
            throws BootException {
        int request = requests.find(LimineId.PAGING_MODE, 8);
        if (request < 0) {
            return false;
        }
        long asked = requests.field(request, MODE);
        long highest = asked;
        long lowest = FOUR_LEVELS;
        if (requests.hasRevision1(request, 24)) {
            highest = requests.field(request, MAX_MODE);
            lowest = requests.field(request, MIN_MODE);
        }
        if (Long.compareUnsigned(highest, lowest) < 0) {
            throw kernel.elf()
                    .broken(
                            "asks for a paging mode of at most "
                                    + hex(highest)
                                    + " and at least "
                                    + hex(lowest));
        }
        long possible = machine.hasFiveLevelPaging() ? FIVE_LEVELS : FOUR_LEVELS;
        if (Long.compareUnsigned(lowest, possible) > 0) {
            throw kernel.elf()
                    .broken(
                            "needs at least paging mode "
                                    + hex(lowest)
                                    + ", but the processor supports "
                                    + possible
                                    + " at most");
        }
        long mode = Long.compareUnsigned(asked, possible) > 0 ? possible : asked;
        mode = Long.compareUnsigned(mode, highest) > 0 ? highest : mode;
        mode = Long.compareUnsigned(mode, lowest) < 0 ? lowest : mode;
        return mode == FIVE_LEVELS;
    }
}
