package dev.carafe.tools.verify;

/**
 * Numbers on which instructions go wrong: boundaries of every size, and what floating point finds
 * special.
 */
final class Values {
    private static final long[] SINGLES = {
        0x0000_0000,
        0x8000_0000L,
        0x3F80_0000,
        0xBF80_0000L,
        0x4000_0000,
        0x3F00_0000, // 0 1 2 1/2
        0x7F80_0000,
        0xFF80_0000L,
        0x7FC0_0000,
        0xFFC0_0000L,
        0x7F80_0001,
        0xFFBF_FFFFL, // ∞ and NaN
        0x0000_0001,
        0x8000_0001L,
        0x007F_FFFF,
        0x807F_FFFFL,
        0x0040_0000, // denormals
        0x0080_0000,
        0x8080_0000L,
        0x7F7F_FFFF,
        0xFF7F_FFFFL,
        0x7F7F_FFFE, // the ends of the range
        0x4F00_0000,
        0xCF00_0000L,
        0x4EFF_FFFF,
        0x5F00_0000,
        0xDF00_0000L,
        0x4F80_0000, // 2^31 2^63
        0x3EFF_FFFF,
        0x3F00_0001,
        0x3F7F_FFFF,
        0x3F80_0001,
        0x3FC0_0000,
        0x4020_0000, // rounding
        0x3400_0000,
        0x3380_0000,
        0x1E3C_E508,
        0x2000_0000,
        0x5F7F_FFFF,
        0x477F_E000,
        0x477F_F000,
        0x3880_0000,
        0x3300_0000,
        0x387F_E000 // half precision's ends
    };
    private static final long[] DOUBLES = {
        0x0000_0000_0000_0000L, 0x8000_0000_0000_0000L, 0x3FF0_0000_0000_0000L,
        0xBFF0_0000_0000_0000L, 0x4000_0000_0000_0000L, 0x3FE0_0000_0000_0000L,
        0x7FF0_0000_0000_0000L, 0xFFF0_0000_0000_0000L, 0x7FF8_0000_0000_0000L,
        0xFFF8_0000_0000_0001L, 0x7FF0_0000_0000_0001L, 0xFFF7_FFFF_FFFF_FFFFL,
        0x0000_0000_0000_0001L, 0x8000_0000_0000_0001L, 0x000F_FFFF_FFFF_FFFFL,
        0x8008_0000_0000_0000L, 0x0010_0000_0000_0000L, 0x8010_0000_0000_0000L,
        0x7FEF_FFFF_FFFF_FFFFL, 0xFFEF_FFFF_FFFF_FFFFL, 0x41DF_FFFF_FFC0_0000L,
        0x41E0_0000_0000_0000L, 0xC1E0_0000_0000_0000L, 0xC1E0_0000_0020_0000L,
        0x41EF_FFFF_FFE0_0000L, 0x43E0_0000_0000_0000L, 0xC3E0_0000_0000_0000L,
        0x43DF_FFFF_FFFF_FFFFL, 0x43F0_0000_0000_0000L, 0x3FDF_FFFF_FFFF_FFFFL,
        0x3FE0_0000_0000_0001L, 0x3FF8_0000_0000_0000L, 0x4004_0000_0000_0000L,
        0x3FF0_0000_0000_0001L, 0x3CA0_0000_0000_0000L, 0x3690_0000_0000_0000L,
        0x3810_0000_0000_0000L, 0x380F_FFFF_E000_0000L, 0x47EF_FFFF_E000_0000L,
        0x47EF_FFFF_F000_0000L, 0x1FF0_0000_0000_0000L, 0x5FE0_0000_0000_0000L
    };
    private static final int[] EXPONENTS = {
        0, 0, 0, 1, 2, 0x3FFF, 0x3FFE, 0x4000, 0x3FBF, 0x3FC0, 0x401E, 0x403E, 0x403D, 0x400E,
        0x7FFE, 0x7FFD, 0x7FFF, 0x7FFF, 0x3F80, 0x3F81, 0x407E, 0x407F, 0x3C00, 0x3C01, 0x43FE,
        0x43FF
    };
    private static final long[] SIGNIFICANDS = {
        0x8000_0000_0000_0000L,
        0x8000_0000_0000_0001L,
        0xFFFF_FFFF_FFFF_FFFFL,
        0xC000_0000_0000_0000L,
        0xC000_0000_0000_0001L,
        0xFFFF_FFFF_FFFF_F800L,
        0xFFFF_FFFF_FFFF_FC00L,
        0xFFFF_FF00_0000_0000L,
        0xFFFF_FF80_0000_0000L,
        0,
        1,
        0x4000_0000_0000_0000L,
        0x7FFF_FFFF_FFFF_FFFFL,
        0xC90F_DAA2_2168_C235L
    };
    private static final int PALETTE = 4;

    private final CaseRandom random;
    private final long[] palette = new long[PALETTE];

    Values(CaseRandom random) {
        this.random = random;
    }

    /** Draws the few numbers that will come up more than once in this case. */
    void start() {
        for (int i = 0; i < PALETTE; i++) {
            palette[i] = integer();
        }
    }

    /** Any number, often one of this case's few. */
    long often() {
        return random.oneIn(2) ? palette[random.below(PALETTE)] : integer();
    }

    long integer() {
        return switch (random.below(10)) {
            case 0 -> random.below(256) - 128;
            case 1 -> random.below(70);
            case 2 -> 1L << random.below(64);
            case 3 -> (1L << random.below(64)) - 1;
            case 4 -> -(1L << random.below(64));
            case 5 -> random.next() >> random.below(64);
            case 6 -> random.next() >>> random.below(64);
            case 7 -> repeated();
            default -> random.next();
        };
    }

    /** The same byte, word or doubleword all over. */
    private long repeated() {
        long value = random.next();
        return switch (random.below(3)) {
            case 0 -> (value & 0xFF) * 0x0101_0101_0101_0101L;
            case 1 -> (value & 0xFFFF) * 0x0001_0001_0001_0001L;
            default -> (value & 0xFFFF_FFFFL) * 0x1_0000_0001L;
        };
    }

    long single() {
        return switch (random.below(8)) {
            case 0, 1, 2 -> SINGLES[random.below(SINGLES.length)];
            case 3 -> // of ordinary size
                    random.next() & 0x807F_FFFFL | (long) (120 + random.below(16)) << 23;
            case 4 ->
                    Integer.toUnsignedLong(
                            Float.floatToRawIntBits((float) random.below(200) - 100));
            case 5 -> random.next() & 0x807F_FFFFL; // denormal
            default -> random.next() & 0xFFFF_FFFFL;
        };
    }

    /** A double-precision number. */
    long twice() {
        return switch (random.below(8)) {
            case 0, 1, 2 -> DOUBLES[random.below(DOUBLES.length)];
            case 3 ->
                    random.next() & 0x800F_FFFF_FFFF_FFFFL | (long) (1015 + random.below(16)) << 52;
            case 4 -> Double.doubleToRawLongBits(random.below(200) - 100);
            case 5 -> random.next() & 0x800F_FFFF_FFFF_FFFFL;
            case 6 -> // near the ends of single precision
                    random.next() & 0x800F_FFFF_FFFF_FFFFL
                            | (long)
                                            (random.oneIn(2)
                                                    ? 1023 + 126 + random.below(4)
                                                    : 1023 - 150 + random.below(26))
                                    << 52;
            default -> random.next();
        };
    }

    /** Sign and exponent of an extended-precision number. */
    int exponent() {
        int sign = random.below(2) << 15;
        return sign
                | switch (random.below(4)) {
                    case 0 -> EXPONENTS[random.below(EXPONENTS.length)];
                    case 1 -> random.below(0x8000);
                    default -> 0x3FFF - 20 + random.below(90);
                };
    }

    long significand(int exponent) {
        long value =
                random.oneIn(3) ? SIGNIFICANDS[random.below(SIGNIFICANDS.length)] : random.next();
        if ((exponent & 0x7FFF) == 0 && random.oneIn(2)) {
            return random.oneIn(2) ? 0 : value & Long.MAX_VALUE;
        }
        return random.oneIn(16) ? value : value | Long.MIN_VALUE; // rarely an unsupported one
    }

    /** Fills longs with elements of one kind, chosen for all of them. */
    void fill(long[] into, int from, int count) {
        int kind = random.below(6);
        for (int i = from; i < from + count; i++) {
            into[i] = element(kind);
        }
    }

    private long element(int kind) {
        return switch (kind) {
            case 0, 1 -> single() | single() << 32;
            case 2, 3 -> twice();
            case 4 -> often();
            default -> random.next();
        };
    }
}
