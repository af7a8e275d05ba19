package dev.carafe.core.isa.crypto;

/** GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1, that of AES and of GFNI. */
final class ByteField {
    private static final int POLYNOMIAL = 0x11B;
    private static final byte[] INVERSES = inverses();

    private ByteField() {}

    static int multiply(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int i = 0; i < 8; i++) {
            product ^= (b >> i & 1) != 0 ? shifted : 0;
            shifted = doubled(shifted);
        }
        return product;
    }

    static int doubled(int a) {
        return a << 1 ^ (a >> 7) * POLYNOMIAL;
    }

    /** The multiplicative inverse; that of 0 is 0. */
    static int inverse(int a) {
        return INVERSES[a] & 0xFF;
    }

    /** 3 generates the field: the inverse of 3^n is 3^(255 − n). */
    private static byte[] inverses() {
        int[] powers = new int[256];
        powers[0] = 1;
        for (int n = 1; n < 256; n++) {
            powers[n] = powers[n - 1] ^ doubled(powers[n - 1]);
        }
        byte[] inverses = new byte[256];
        for (int n = 0; n < 255; n++) {
            inverses[powers[n]] = (byte) powers[255 - n];
        }
        return inverses;
    }
}
