package dev.carafe.firmware.limine;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.bytes.LittleEndian;
import dev.carafe.firmware.elf.ElfImage;
import dev.carafe.firmware.elf.ElfSection;

/**
 * The base revision and the requests found in a loaded kernel. Only what stands between the last
 * start marker and the first end marker counts; zeros that the file does not hold are not searched.
 */
final class LimineRequests {
    static final int SUPPORTED_BASE_REVISION = 6;

    /** Offset of the pointer that the loader fills in. */
    static final int RESPONSE = 40;

    /** Offset of the first field that only some requests have. */
    static final int EXTRAS = 48;

    private static final int REVISION = 32;
    private static final int MAX_REQUESTS = 128;
    private static final String POINTER_SECTION = ".limine_reqs";

    private final LimineKernel kernel;
    private final ElfImage image;
    private final byte[] bytes;
    private final int limit;
    private final int[] offsets = new int[MAX_REQUESTS];
    private int count;
    private int baseRevision;
    private long askedBaseRevision;
    private int tag = -1;

    private LimineRequests(LimineKernel kernel) {
        this.kernel = kernel;
        image = kernel.image();
        bytes = image.bytes();
        limit = image.scanLimit() & -8;
    }

    static LimineRequests find(LimineKernel kernel) throws BootException {
        LimineRequests requests = new LimineRequests(kernel);
        requests.scan();
        requests.readBaseRevision();
        if (requests.baseRevision == 0) {
            ElfSection section = kernel.elf().section(POINTER_SECTION);
            if (section != null) {
                requests.readPointers(section);
                return requests;
            }
        }
        requests.refuseDuplicates();
        return requests;
    }

    /**
     * One pass over the image for tag, markers and requests: the rules for the two kinds do not
     * touch each other.
     */
    private void scan() throws BootException {
        byte[] data = bytes;
        int last = limit - 16;
        for (int at = 0; at <= last; at += 8) {
            // A cheap look at the lowest byte first: almost every word ends here
            switch (data[at]) {
                case (byte) LimineId.COMMON_0 -> considerRequest(at);
                case (byte) LimineId.BASE_REVISION_0 -> considerTag(at);
                case (byte) LimineId.START_MARKER_0 -> considerStart(at);
                case (byte) LimineId.END_MARKER_0 -> {
                    if (isPair(at, LimineId.END_MARKER_0, LimineId.END_MARKER_1)) {
                        return;
                    }
                }
                default -> {}
            }
        }
    }

    private boolean isPair(int at, long first, long second) {
        return LittleEndian.get64(bytes, at) == first
                && LittleEndian.get64(bytes, at + 8) == second;
    }

    private void considerRequest(int at) throws BootException {
        if (isPair(at, LimineId.COMMON_0, LimineId.COMMON_1) && at + EXTRAS <= limit) {
            add(at);
        }
    }

    private void considerTag(int at) throws BootException {
        if (isPair(at, LimineId.BASE_REVISION_0, LimineId.BASE_REVISION_1) && at + 24 <= limit) {
            if (tag >= 0) {
                throw kernel.elf()
                        .broken(
                                "has two Limine base revision tags, at "
                                        + hex(kernel.virtualBase() + tag)
                                        + " and at "
                                        + hex(kernel.virtualBase() + at));
            }
            tag = at;
        }
    }

    private void considerStart(int at) {
        if (at + 32 <= limit
                && isPair(at, LimineId.START_MARKER_0, LimineId.START_MARKER_1)
                && isPair(at + 16, LimineId.START_MARKER_2, LimineId.START_MARKER_3)) {
            tag = -1;
            count = 0;
        }
    }

    private void add(int at) throws BootException {
        if (count == MAX_REQUESTS) {
            throw kernel.elf()
                    .broken(
                            "has more than "
                                    + MAX_REQUESTS
                                    + " Limine requests, the last at "
                                    + hex(kernel.virtualBase() + at));
        }
        offsets[count++] = at;
    }

    private void readBaseRevision() {
        if (tag >= 0) {
            long asked = LittleEndian.get64(bytes, tag + 16);
            askedBaseRevision = asked;
            baseRevision =
                    Long.compareUnsigned(asked, SUPPORTED_BASE_REVISION) > 0
                            ? SUPPORTED_BASE_REVISION
                            : (int) asked;
        }
    }

    /**
     * Tells the kernel which revision it got; the last word becomes zero only if that is the one it
     * asked for.
     */
    void answerBaseRevision() {
        if (tag >= 0) {
            boolean granted = LittleEndian.get64(bytes, tag + 16) == baseRevision;
            image.put64(tag + 8, baseRevision);
            if (granted) {
                image.put64(tag + 16, 0);
            }
        }
    }

    /**
     * Base revision 0: the section, if there is one, lists the requests and ends with a null
     * pointer.
     */
    private void readPointers(ElfSection section) throws BootException {
        count = 0;
        long table = section.address() + kernel.slide() - kernel.virtualBase();
        for (long at = table; at < table + section.size(); at += 8) {
            if (!image.contains(at, 8)) {
                throw kernel.elf()
                        .broken(
                                "has a section "
                                        + POINTER_SECTION
                                        + " at "
                                        + hex(section.address())
                                        + " outside of its segments");
            }
            long pointer = image.get64(at);
            if (pointer == 0) {
                break;
            }
            long offset = kernel.offsetOf(pointer, EXTRAS);
            if (offset < 0 || offset + EXTRAS > limit || (offset & 7) != 0) {
                throw kernel.elf()
                        .broken(
                                "lists a Limine request at "
                                        + hex(pointer)
                                        + ", which is misaligned or not in the image");
            }
            add((int) offset);
        }
        refuseDuplicates();
    }

    private void refuseDuplicates() throws BootException {
        for (int i = 0; i < count; i++) {
            long third = LittleEndian.get64(bytes, offsets[i] + 16);
            long fourth = LittleEndian.get64(bytes, offsets[i] + 24);
            for (int j = 0; j < i; j++) {
                if (LittleEndian.get64(bytes, offsets[j] + 16) == third
                        && LittleEndian.get64(bytes, offsets[j] + 24) == fourth) {
                    throw kernel.elf()
                            .broken(
                                    "has the Limine request "
                                            + hex(third)
                                            + " "
                                            + hex(fourth)
                                            + " twice, at "
                                            + hex(kernel.virtualBase() + offsets[j])
                                            + " and at "
                                            + hex(kernel.virtualBase() + offsets[i]));
                }
            }
        }
    }

    int baseRevision() {
        return baseRevision;
    }

    boolean hasTag() {
        return tag >= 0;
    }

    int count() {
        return count;
    }

    long askedBaseRevision() {
        return askedBaseRevision;
    }

    /** The third and fourth words of a request's id. */
    long[] id(int number) {
        int at = offsets[number];
        return new long[] {LittleEndian.get64(bytes, at + 16), LittleEndian.get64(bytes, at + 24)};
    }

    /**
     * Image offset of a request.
     *
     * @param extraBytes length of its fields behind the header that revision 0 has
     * @return -1 if the kernel does not ask, or its request is cut off
     */
    int find(long third, int extraBytes) {
        long fourth = LimineId.fourthWord(third);
        for (int i = 0; i < count; i++) {
            int at = offsets[i];
            if (LittleEndian.get64(bytes, at + 16) == third
                    && LittleEndian.get64(bytes, at + 24) == fourth) {
                return at + EXTRAS + extraBytes <= limit ? at : -1;
            }
        }
        return -1;
    }

    boolean has(long third, int extraBytes) {
        return find(third, extraBytes) >= 0;
    }

    /** A field behind the header. Call only for a request that was found. */
    long field(int request, int offset) {
        return image.get64(request + (long) offset);
    }

    /**
     * Whether the request is of revision 1 or later and its fields up to {@code extraBytes} are in
     * the image.
     */
    boolean hasRevision1(int request, int extraBytes) {
        return LittleEndian.get64(bytes, request + REVISION) != 0
                && request + EXTRAS + extraBytes <= limit;
    }
}
