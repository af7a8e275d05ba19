package dev.carafe.core.isa.sse;

import static dev.carafe.core.cpu.Registers.RAX;
import static dev.carafe.core.cpu.Registers.RCX;
import static dev.carafe.core.cpu.Registers.RDX;
import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Unaligned;
import dev.carafe.core.isa.VectorRegisters;
import dev.carafe.core.isa.WholeRegister;

/**
 * Packed comparison of strings (SDM Vol. 1, "String and Text Processing Instructions"; SDM Vol. 2,
 * "Imm8 Control Byte Operation for PCMPESTRI / PCMPESTRM / PCMPISTRI / PCMPISTRM").
 */
public final class StringComparison {
    private StringComparison() {}

    private static final int WORDS = 1;
    private static final int SIGNED = 2;
    private static final int NEGATIVE_POLARITY = 0x10;
    private static final int MASKED_POLARITY = 0x20;
    private static final int MOST_SIGNIFICANT = 0x40;
    private static final int EXPANDED_MASK = 0x40;

    /** The elements of one operand: how many are valid, and what they are. */
    private record Characters(long low, long high, int control, int length) {
        int count() {
            return (control & WORDS) != 0 ? 8 : 16;
        }

        boolean valid(int index) {
            return index < length;
        }

        long at(int index) {
            int bits = (control & WORDS) != 0 ? 16 : 8;
            int place = index * bits;
            long element = (place < 64 ? low : high) >>> (place & 63) & Elements.mask(bits);
            return (control & SIGNED) != 0 ? Elements.signedAt(bits, element, 0) : element;
        }
    }

    @Semantics(PCMPESTRI)
    @WholeRegister(readsOnly = true)
    @Unaligned
    public static void pcmpestri(
            Cpu cpu, Width width, long[] xmm, int destination, long low, long high, int control) {
        Characters a =
                explicit(xmm[destination], xmm[destination + 1], control, cpu.regs[RAX], width);
        index(cpu, a, explicit(low, high, control, cpu.regs[RDX], width), control);
    }

    @Semantics(PCMPESTRM)
    @WholeRegister(readsOnly = true)
    @Unaligned
    public static void pcmpestrm(
            Cpu cpu, Width width, long[] xmm, int destination, long low, long high, int control) {
        Characters a =
                explicit(xmm[destination], xmm[destination + 1], control, cpu.regs[RAX], width);
        mask(cpu, a, explicit(low, high, control, cpu.regs[RDX], width), control);
    }

    /** The mask's register is cleared above it. */
    @Semantics(VPCMPESTRM)
    @WholeRegister(readsOnly = true)
    public static void vpcmpestrm(
            Cpu cpu, Width width, long[] xmm, int destination, long low, long high, int control) {
        pcmpestrm(cpu, width, xmm, destination, low, high, control);
        VectorRegisters.clearAbove16(cpu.xmm, 0);
    }

    @Semantics(VPCMPISTRM)
    @WholeRegister(readsOnly = true)
    public static void vpcmpistrm(
            Cpu cpu, long[] xmm, int destination, long low, long high, int control) {
        pcmpistrm(cpu, xmm, destination, low, high, control);
        VectorRegisters.clearAbove16(cpu.xmm, 0);
    }

    @Semantics(PCMPISTRI)
    @WholeRegister(readsOnly = true)
    @Unaligned
    public static void pcmpistri(
            Cpu cpu, long[] xmm, int destination, long low, long high, int control) {
        Characters a = implicit(xmm[destination], xmm[destination + 1], control);
        index(cpu, a, implicit(low, high, control), control);
    }

    @Semantics(PCMPISTRM)
    @WholeRegister(readsOnly = true)
    @Unaligned
    public static void pcmpistrm(
            Cpu cpu, long[] xmm, int destination, long low, long high, int control) {
        Characters a = implicit(xmm[destination], xmm[destination + 1], control);
        mask(cpu, a, implicit(low, high, control), control);
    }

    /** The length is the register's absolute value; more than there are elements means all. */
    private static Characters explicit(
            long low, long high, int control, long register, Width width) {
        int count = (control & WORDS) != 0 ? 8 : 16;
        long length = width.bits() == 64 ? register : (int) register;
        boolean all = length >= count || length <= -count;
        return new Characters(low, high, control, all ? count : (int) Math.abs(length));
    }

    /** Up to the first zero. */
    private static Characters implicit(long low, long high, int control) {
        int count = (control & WORDS) != 0 ? 8 : 16;
        Characters all = new Characters(low, high, control, count);
        int length = 0;
        while (length < count && all.at(length) != 0) {
            length++;
        }
        return new Characters(low, high, control, length);
    }

    private static void index(Cpu cpu, Characters a, Characters b, int control) {
        int result = compare(cpu.flags, a, b, control);
        int index = b.count();
        if (result != 0) {
            index =
                    (control & MOST_SIGNIFICANT) != 0
                            ? 31 - Integer.numberOfLeadingZeros(result)
                            : Integer.numberOfTrailingZeros(result);
        }
        cpu.regs[RCX] = index;
    }

    private static void mask(Cpu cpu, Characters a, Characters b, int control) {
        int result = compare(cpu.flags, a, b, control);
        cpu.xmm[0] = result;
        cpu.xmm[1] = 0;
        if ((control & EXPANDED_MASK) != 0) {
            int bits = 128 / b.count();
            cpu.xmm[0] = expanded(result, bits);
            cpu.xmm[1] = expanded(result >> 64 / bits, bits);
        }
    }

    private static long expanded(int mask, int bits) {
        long result = 0;
        for (int i = 0; i * bits < 64; i++) {
            result |= (mask >> i & 1) == 0 ? 0 : Elements.mask(bits) << i * bits;
        }
        return result;
    }

    /** "IntRes2", and the flags. */
    private static int compare(Flags flags, Characters a, Characters b, int control) {
        int result = 0;
        for (int i = 0; i < b.count(); i++) {
            boolean matches = aggregate(a, b, i, control);
            boolean negates =
                    (control & NEGATIVE_POLARITY) != 0
                            && ((control & MASKED_POLARITY) == 0 || b.valid(i));
            result |= matches != negates ? 1 << i : 0;
        }
        int status = result != 0 ? Flags.CF : 0;
        status |= b.length() < b.count() ? Flags.ZF : 0;
        status |= a.length() < a.count() ? Flags.SF : 0;
        status |= (result & 1) != 0 ? Flags.OF : 0;
        flags.set(status);
        return result;
    }

    private static boolean aggregate(Characters a, Characters b, int index, int control) {
        return switch (control >> 2 & 3) {
            case 0 -> equalAny(a, b, index);
            case 1 -> inRange(a, b, index);
            case 2 ->
                    a.valid(index) == b.valid(index)
                            && (!a.valid(index) || a.at(index) == b.at(index));
            default -> equalOrdered(a, b, index);
        };
    }

    private static boolean equalAny(Characters a, Characters b, int index) {
        for (int i = 0; i < a.length() && b.valid(index); i++) {
            if (a.at(i) == b.at(index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inRange(Characters a, Characters b, int index) {
        for (int i = 0; i + 1 < a.length() && b.valid(index); i += 2) {
            if (a.at(i) <= b.at(index) && b.at(index) <= a.at(i + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of a stands in b from a place on, as far as the register shows. */
    private static boolean equalOrdered(Characters a, Characters b, int index) {
        for (int i = 0; i < a.length() && index + i < b.count(); i++) {
            if (!b.valid(index + i) || a.at(i) != b.at(index + i)) {
                return false;
            }
        }
        return true;
    }
}
