package dev.carafe.firmware.limine;

import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.elf.ElfImage;
import java.util.Arrays;

/**
 * Grows with the responses while nobody knows yet where it will lie. Pointers into it are
 * remembered as they are written and resolved at the end; a pointer of a request to its response is
 * one of them.
 */
final class ResponseArena {
    private final ByteWriter out = new ByteWriter(8192);
    private final ElfImage image;
    private int[] inArena = new int[256]; // pairs: where the pointer stands, what it points to
    private int inArenaCount;
    private int[] inImage = new int[128];
    private int inImageCount;

    ResponseArena(ElfImage image) {
        this.image = image;
    }

    ByteWriter out() {
        return out;
    }

    int size() {
        return out.size();
    }

    /** Begins an object at the next 16-byte boundary. */
    int begin() {
        return out.align(16).size();
    }

    /** Begins a response of {@code revision}; the request at that image offset will point to it. */
    int beginResponse(int request, int revision) {
        int at = begin();
        answer(request, at);
        out.u64(revision);
        return at;
    }

    void answer(int request, int target) {
        if (inImageCount + 2 > inImage.length) {
            inImage = Arrays.copyOf(inImage, inImage.length * 2);
        }
        inImage[inImageCount++] = request + LimineRequests.RESPONSE;
        inImage[inImageCount++] = target;
    }

    /** Writes a pointer to what stands at {@code target}. */
    void pointer(int target) {
        if (inArenaCount + 2 > inArena.length) {
            inArena = Arrays.copyOf(inArena, inArena.length * 2);
        }
        inArena[inArenaCount++] = out.size();
        inArena[inArenaCount++] = target;
        out.u64(0);
    }

    int string(String text) {
        int at = begin();
        out.string(text);
        return at;
    }

    /**
     * Writes all pointers for an arena whose first byte has that virtual address, and gives the
     * bytes.
     */
    byte[] resolve(long virtualBase) {
        for (int i = 0; i < inArenaCount; i += 2) {
            out.patch64(inArena[i], virtualBase + inArena[i + 1]);
        }
        for (int i = 0; i < inImageCount; i += 2) {
            image.put64(inImage[i], virtualBase + inImage[i + 1]);
        }
        return out.toByteArray();
    }
}
