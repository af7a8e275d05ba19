package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operand.Kind.MMX;
import static dev.carafe.core.isa.Operand.Kind.MMX_OR_MEMORY;
import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.isa.Semantics;

/**
 * What instructions that move data between the elements mean on the 64 bits of an MMX register (SDM
 * Vol. 1, "MMX Conversion Instructions", "MMX Unpack Instructions", "MMX Shift Instructions").
 */
public final class MmxForms {
    private MmxForms() {}

    @Semantics(PSHUFW)
    public static long pshufw(long source, long selectors) {
        return Shuffles.shuffledWords(source, (int) selectors);
    }

    @Semantics(
            value = PMOVMSKB,
            with = {MMX, MMX_OR_MEMORY})
    public static long pmovmskb(long source) {
        return ElementTransfers.byteSigns(source);
    }

    @Semantics(
            value = PEXTRW,
            with = {MMX, MMX_OR_MEMORY})
    public static long pextrw(long source, long element) {
        return source >>> 16 * (element & 3) & 0xFFFF;
    }

    @Semantics(
            value = PINSRW,
            with = {MMX, MMX_OR_MEMORY})
    public static long pinsrw(long a, long word, long element) {
        int at = (int) (16 * (element & 3));
        return a & ~(0xFFFFL << at) | (word & 0xFFFF) << at;
    }

    @Semantics(
            value = PUNPCKLBW,
            with = {MMX, MMX_OR_MEMORY})
    public static long punpcklbw(long a, long b) {
        return Shuffles.interleaved(8, a, b);
    }

    @Semantics(
            value = PUNPCKHBW,
            with = {MMX, MMX_OR_MEMORY})
    public static long punpckhbw(long a, long b) {
        return Shuffles.interleaved(8, a >>> 32, b >>> 32);
    }

    @Semantics(
            value = PUNPCKLWD,
            with = {MMX, MMX_OR_MEMORY})
    public static long punpcklwd(long a, long b) {
        return Shuffles.interleaved(16, a, b);
    }

    @Semantics(
            value = PUNPCKHWD,
            with = {MMX, MMX_OR_MEMORY})
    public static long punpckhwd(long a, long b) {
        return Shuffles.interleaved(16, a >>> 32, b >>> 32);
    }

    @Semantics(
            value = PUNPCKLDQ,
            with = {MMX, MMX_OR_MEMORY})
    public static long punpckldq(long a, long b) {
        return Shuffles.interleaved(32, a, b);
    }

    @Semantics(
            value = PUNPCKHDQ,
            with = {MMX, MMX_OR_MEMORY})
    public static long punpckhdq(long a, long b) {
        return Shuffles.interleaved(32, a >>> 32, b >>> 32);
    }

    @Semantics(
            value = PACKSSWB,
            with = {MMX, MMX_OR_MEMORY})
    public static long packsswb(long a, long b) {
        return Shuffles.packed(16, a, b, (x, unused) -> Elements.clampSigned(8, x));
    }

    @Semantics(
            value = PACKUSWB,
            with = {MMX, MMX_OR_MEMORY})
    public static long packuswb(long a, long b) {
        return Shuffles.packed(16, a, b, (x, unused) -> Elements.clampUnsigned(8, x));
    }

    @Semantics(
            value = PACKSSDW,
            with = {MMX, MMX_OR_MEMORY})
    public static long packssdw(long a, long b) {
        return Shuffles.packed(32, a, b, (x, unused) -> Elements.clampSigned(16, x));
    }

    @Semantics(
            value = PSLLW,
            with = {MMX, MMX_OR_MEMORY})
    public static long psllw(long a, long count) {
        return PackedShifts.left(16, a, count);
    }

    @Semantics(
            value = PSLLD,
            with = {MMX, MMX_OR_MEMORY})
    public static long pslld(long a, long count) {
        return PackedShifts.left(32, a, count);
    }

    @Semantics(
            value = PSLLQ,
            with = {MMX, MMX_OR_MEMORY})
    public static long psllq(long a, long count) {
        return PackedShifts.left(64, a, count);
    }

    @Semantics(
            value = PSRLW,
            with = {MMX, MMX_OR_MEMORY})
    public static long psrlw(long a, long count) {
        return PackedShifts.right(16, a, count);
    }

    @Semantics(
            value = PSRLD,
            with = {MMX, MMX_OR_MEMORY})
    public static long psrld(long a, long count) {
        return PackedShifts.right(32, a, count);
    }

    @Semantics(
            value = PSRLQ,
            with = {MMX, MMX_OR_MEMORY})
    public static long psrlq(long a, long count) {
        return PackedShifts.right(64, a, count);
    }

    @Semantics(
            value = PSRAW,
            with = {MMX, MMX_OR_MEMORY})
    public static long psraw(long a, long count) {
        return PackedShifts.arithmeticRight(16, a, count);
    }

    @Semantics(
            value = PSRAD,
            with = {MMX, MMX_OR_MEMORY})
    public static long psrad(long a, long count) {
        return PackedShifts.arithmeticRight(32, a, count);
    }

    @Semantics(
            value = PHADDW,
            with = {MMX, MMX_OR_MEMORY})
    public static long phaddw(long a, long b) {
        return PackedHorizontal.phaddw(a, b);
    }

    @Semantics(
            value = PHADDD,
            with = {MMX, MMX_OR_MEMORY})
    public static long phaddd(long a, long b) {
        return PackedHorizontal.phaddd(a, b);
    }

    @Semantics(
            value = PHADDSW,
            with = {MMX, MMX_OR_MEMORY})
    public static long phaddsw(long a, long b) {
        return PackedHorizontal.phaddsw(a, b);
    }

    @Semantics(
            value = PHSUBW,
            with = {MMX, MMX_OR_MEMORY})
    public static long phsubw(long a, long b) {
        return PackedHorizontal.phsubw(a, b);
    }

    @Semantics(
            value = PHSUBD,
            with = {MMX, MMX_OR_MEMORY})
    public static long phsubd(long a, long b) {
        return PackedHorizontal.phsubd(a, b);
    }

    @Semantics(
            value = PHSUBSW,
            with = {MMX, MMX_OR_MEMORY})
    public static long phsubsw(long a, long b) {
        return PackedHorizontal.phsubsw(a, b);
    }

    @Semantics(
            value = PSHUFB,
            with = {MMX, MMX_OR_MEMORY})
    public static long pshufb(long a, long selectors) {
        return ByteShuffles.chosenBytes(a, a, selectors);
    }

    @Semantics(
            value = PALIGNR,
            with = {MMX, MMX_OR_MEMORY})
    public static long palignr(long a, long b, long immediate) {
        return ByteShuffles.quadwordAt(new long[] {b, a}, (int) immediate);
    }
}
