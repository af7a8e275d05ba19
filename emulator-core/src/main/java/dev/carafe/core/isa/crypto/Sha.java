package dev.carafe.core.isa.crypto;

import static dev.carafe.core.isa.Operation.SHA1MSG1;
import static dev.carafe.core.isa.Operation.SHA1MSG2;
import static dev.carafe.core.isa.Operation.SHA1NEXTE;
import static dev.carafe.core.isa.Operation.SHA1RNDS4;
import static dev.carafe.core.isa.Operation.SHA256MSG1;
import static dev.carafe.core.isa.Operation.SHA256MSG2;
import static dev.carafe.core.isa.Operation.SHA256RNDS2;
import static java.lang.Integer.rotateLeft;
import static java.lang.Integer.rotateRight;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Unaligned;
import dev.carafe.core.isa.WholeRegister;

/**
 * Rounds and message schedules of SHA-1 and SHA-256 (SDM Vol. 1, "Intel SHA Extensions"). The
 * manual puts them into an exception class that wants aligned operands; the processors that were
 * asked take any.
 */
public final class Sha {
    private static final int[] CONSTANTS = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};

    private Sha() {}

    /** Four rounds of SHA-1 on A to D, which stand from the top down; E is in the first word. */
    @Semantics(SHA1RNDS4)
    @WholeRegister
    @Unaligned
    public static void sha1rnds4(long[] xmm, int destination, long low, long high, int immediate) {
        int a = upper(xmm[destination + 1]);
        int b = (int) xmm[destination + 1];
        int c = upper(xmm[destination]);
        int d = (int) xmm[destination];
        int e = 0;
        int[] words = {upper(high), (int) high, upper(low), (int) low};
        int kind = immediate & 3;
        for (int word : words) {
            int next = mixed(kind, b, c, d) + rotateLeft(a, 5) + word + e + CONSTANTS[kind];
            e = d;
            d = c;
            c = rotateLeft(b, 30);
            b = a;
            a = next;
        }
        store(xmm, destination, a, b, c, d);
    }

    private static int mixed(int kind, int b, int c, int d) {
        return switch (kind) {
            case 0 -> b & c ^ ~b & d;
            case 2 -> b & c ^ b & d ^ c & d;
            default -> b ^ c ^ d;
        };
    }

    @Semantics(SHA1NEXTE)
    @WholeRegister
    @Unaligned
    public static void sha1nexte(long[] xmm, int destination, long low, long high, int immediate) {
        int e = rotateLeft(upper(xmm[destination + 1]), 30);
        store(xmm, destination, upper(high) + e, (int) high, upper(low), (int) low);
    }

    @Semantics(SHA1MSG1)
    @WholeRegister
    @Unaligned
    public static void sha1msg1(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        xmm[destination] = a ^ high;
        xmm[destination + 1] ^= a;
    }

    @Semantics(SHA1MSG2)
    @WholeRegister
    @Unaligned
    public static void sha1msg2(long[] xmm, int destination, long low, long high, int immediate) {
        int first = rotateLeft(upper(xmm[destination + 1]) ^ (int) high, 1);
        int second = rotateLeft((int) xmm[destination + 1] ^ upper(low), 1);
        int third = rotateLeft(upper(xmm[destination]) ^ (int) low, 1);
        int fourth = rotateLeft((int) xmm[destination] ^ first, 1);
        store(xmm, destination, first, second, third, fourth);
    }

    /** Two rounds of SHA-256; XMM0 holds the two words with their constants. */
    @Semantics(SHA256RNDS2)
    @WholeRegister
    @Unaligned
    public static void sha256rnds2(
            long[] xmm, int destination, long low, long high, int immediate) {
        long words = xmm[0];
        int a = upper(high);
        int b = (int) high;
        int c = upper(xmm[destination + 1]);
        int d = (int) xmm[destination + 1];
        int e = upper(low);
        int f = (int) low;
        int g = upper(xmm[destination]);
        int h = (int) xmm[destination];
        for (int round = 0; round < 2; round++) {
            int word = (int) (words >>> 32 * round);
            int sum = (e & f ^ ~e & g) + rotations(e, 6, 11, 25) + word + h;
            int next = sum + (a & b ^ a & c ^ b & c) + rotations(a, 2, 13, 22);
            h = g;
            g = f;
            f = e;
            e = sum + d;
            d = c;
            c = b;
            b = a;
            a = next;
        }
        store(xmm, destination, a, b, e, f);
    }

    private static int rotations(int x, int first, int second, int third) {
        return rotateRight(x, first) ^ rotateRight(x, second) ^ rotateRight(x, third);
    }

    @Semantics(SHA256MSG1)
    @WholeRegister
    @Unaligned
    public static void sha256msg1(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        store(
                xmm,
                destination,
                upper(b) + sigma0((int) low),
                (int) b + sigma0(upper(b)),
                upper(a) + sigma0((int) b),
                (int) a + sigma0(upper(a)));
    }

    @Semantics(SHA256MSG2)
    @WholeRegister
    @Unaligned
    public static void sha256msg2(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        int first = (int) a + sigma1((int) high);
        int second = upper(a) + sigma1(upper(high));
        store(xmm, destination, upper(b) + sigma1(second), (int) b + sigma1(first), second, first);
    }

    private static int sigma0(int x) {
        return rotateRight(x, 7) ^ rotateRight(x, 18) ^ x >>> 3;
    }

    private static int sigma1(int x) {
        return rotateRight(x, 17) ^ rotateRight(x, 19) ^ x >>> 10;
    }

    private static int upper(long lane) {
        return (int) (lane >>> 32);
    }

    private static void store(
            long[] xmm, int destination, int first, int second, int third, int fourth) {
        xmm[destination] = (long) third << 32 | Integer.toUnsignedLong(fourth);
        xmm[destination + 1] = (long) first << 32 | Integer.toUnsignedLong(second);
    }
}
