package dev.carafe.firmware;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything a loader did: what stands in memory, and how each processor begins.
 *
 * @param protocol name of the boot protocol
 * @param facts what {@code info} shows: one "name: value" each, in order
 * @param segments to be written in order; none overlap
 * @param bsp registers of the boot processor
 * @param applicationProcessors one for each further processor of the machine
 * @param memoryMap what the kernel was told, ascending
 * @param pic the 8259s
 * @param kernelSlide what was added to the kernel's link-time addresses, for symbols
 */
public record BootImage(
        String protocol,
        Facts facts,
        List<ImageSegment> segments,
        InitialState bsp,
        List<ProcessorStart> applicationProcessors,
        List<MemoryRegion> memoryMap,
        PicState pic,
        long kernelSlide) {
    /**
     * Numbers worth showing. Text is made only when somebody asks: booting does not wait for it.
     */
    public static final class Facts {
        private final List<String> names = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        public Facts() {}

        public Facts add(String name, String value) {
            names.add(name);
            values.add(value);
            return this;
        }

        /** Shown in hexadecimal. */
        public Facts add(String name, long value) {
            names.add(name);
            values.add(value);
            return this;
        }

        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                Object value = values.get(i);
                lines.add(
                        names.get(i)
                                + ": "
                                + (value instanceof Long number
                                        ? BootException.hex(number)
                                        : value));
            }
            return lines;
        }
    }
}
