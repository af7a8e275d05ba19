package dev.carafe.core.cpu;

import java.util.List;

/**
 * The state components that XSAVE knows (SDM Vol. 1, "XSAVE-Supported Features and State-Component
 * Bitmaps"). The legacy region holds the first two; where the others lie in the standard format is
 * the processor's choice.
 */
public enum StateComponent {
    X87(0, 0, 160, false, Feature.XSAVE),
    SSE(1, 160, 256, false, Feature.XSAVE),
    /** The upper halves of the YMM registers. */
    AVX(2, 576, 256, false, Feature.AVX),
    PKRU(9, 2688, 8, false, Feature.PKU),
    /** IA32_U_CET and IA32_PL3_SSP. */
    CET_U(11, 0, 16, true, Feature.CET_SS, Feature.CET_IBT),
    /** IA32_PL0_SSP to IA32_PL2_SSP. */
    CET_S(12, 0, 24, true, Feature.CET_SS, Feature.CET_IBT);

    /** Bytes of the legacy region and the header, which every area has. */
    public static final int FIXED_SIZE = 576;

    private static final List<StateComponent> ALL = List.of(values());

    private final int number;
    private final int offset;
    private final int size;
    private final boolean supervisor;
    private final List<Feature> features; // any of them brings it

    StateComponent(int number, int offset, int size, boolean supervisor, Feature... features) {
        this.number = number;
        this.offset = offset;
        this.size = size;
        this.supervisor = supervisor;
        this.features = List.of(features);
    }

    public static List<StateComponent> all() {
        return ALL;
    }

    public int number() {
        return number;
    }

    /** Its bit in XCR0, IA32_XSS and the bitmaps of the header. */
    public long bit() {
        return 1L << number;
    }

    /** Where it is in the standard format, which has no supervisor components. */
    public int offset() {
        return offset;
    }

    public int size() {
        return size;
    }

    /** Enabled by IA32_XSS and not XCR0. */
    public boolean supervisor() {
        return supervisor;
    }

    /** Whether it follows the header rather than lie in the legacy region. */
    public boolean extended() {
        return supervisor || offset >= FIXED_SIZE;
    }

    /** The components that a processor can enable in XCR0, or in IA32_XSS. */
    public static long supported(CpuModel model, boolean supervisor) {
        long bits = 0;
        for (StateComponent component : ALL) {
            boolean has = component.features.stream().anyMatch(model::has);
            if (component.supervisor == supervisor && has) {
                bits |= component.bit();
            }
        }
        return bits;
    }

    /** Bytes of an area in the standard format that holds these components. */
    public static int standardSize(long components) {
        int size = FIXED_SIZE;
        for (StateComponent component : ALL) {
            if ((components & component.bit()) != 0 && component.extended()) {
                size = Math.max(size, component.offset + component.size);
            }
        }
        return size;
    }

    /** Where the component begins in the compacted format of an area with these components. */
    public int compactedOffset(long components) {
        if (!extended()) {
            return offset;
        }
        int at = FIXED_SIZE;
        for (StateComponent component : ALL) {
            if (component == this) {
                break;
            }
            if ((components & component.bit()) != 0 && component.extended()) {
                at += component.size;
            }
        }
        return at;
    }

    /** Bytes of an area in the compacted format. */
    public static int compactedSize(long components) {
        int size = FIXED_SIZE;
        for (StateComponent component : ALL) {
            if ((components & component.bit()) != 0 && component.extended()) {
                size += component.size;
            }
        }
        return size;
    }
}
