package dev.carafe.tools.verify;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.decode.EncodingSampler;
import dev.carafe.core.isa.decode.OpcodeTables;
import java.util.List;

/**
 * Makes the case of a number: machine code for a row of the opcode tables and a state in which it
 * meets interesting operands, most of them in the data area. Everything follows from the seed and
 * the number. Used by one thread.
 */
final class CaseGenerator {
    /** Cases whose code is in the code pages at the same time. */
    static final int BATCH = Layout.CODE_BYTES / CaseGenerator.SLOT;

    private static final String GATHER = "GATHER";
    private static final int SLOT = 128;
    private static final int FIRST = 32; // so that a short jump backward stays in the code pages
    private static final int STATUS_AND_DIRECTION = 0xCD5;
    private static final int FIXED_AND_IF = 0x202;
    private static final int ALIGNMENT_CHECK = 1 << 18;
    private static final int IDENTIFICATION = 1 << 21;
    private static final int PAGE_END = 2 * Layout.PAGE;

    private final EncodingSampler sampler;
    private final CaseRandom random = new CaseRandom();
    private final Values values = new Values(random);
    private final HostDifferences differences;
    private final long seed;

    CaseGenerator(OpcodeTables tables, HostDifferences differences, long seed) {
        sampler = new EncodingSampler(tables);
        this.differences = differences;
        this.seed = seed;
    }

    /** Whether the cases of a batch are 32-bit code: one batch in four. */
    static boolean code32(long seed, long batch) {
        CaseRandom random = new CaseRandom();
        random.start(seed, ~batch);
        return random.oneIn(4);
    }

    /**
     * @param slot its place in the code pages
     */
    void make(TestCase test, long number, Encoding encoding, boolean code32, int slot) {
        random.start(seed, number);
        values.start();
        test.number = number;
        test.encoding = encoding;
        test.code32 = code32;
        test.skipped = null;
        test.patchCount = 0;
        CodeMode mode = code32 ? CodeMode.CODE32 : CodeMode.CODE64;
        EncodingSampler.Sample sample = sampler.sample(encoding, mode, random::below);
        if (sample == null) {
            test.skipped = "another row hides it";
            return;
        }
        test.codeOffset = slot * SLOT + FIRST + (random.oneIn(2) ? 0 : random.below(32));
        test.code = sample.bytes();
        test.instruction = sample.instruction();
        test.skipped = differences.skips(test);
        if (test.skipped != null) {
            return;
        }
        test.step = differences.leaves(encoding.operation()) || random.oneIn(20);
        if (test.step && differences.repeats(encoding.operation())) {
            test.step = test.instruction.repeat() == 0;
        }
        test.step &= !loadsStackSegment(test.instruction);
        state(test);
        gathers(test);
        addresses(test, sample);
        differences.adapt(test);
        test.skipped = HostDifferences.skipsAddress(test);
        patches(test);
    }

    /** The trap behind it comes one instruction late. */
    private static boolean loadsStackSegment(Instruction insn) {
        List<Operand> operands = insn.encoding().operands();
        if (operands.isEmpty() || operands.get(0).kind() != Operand.Kind.SEGMENT_REGISTER) {
            return false;
        }
        int fixed = operands.get(0).register();
        return (fixed < 0 ? insn.reg() : fixed) == Segments.SS;
    }

    private void state(TestCase test) {
        ProcessorState state = test.state;
        for (int i = 0; i < ProcessorState.GENERAL; i++) {
            state.registers[i] = values.often();
        }
        boolean plain = differences.wantsPlainStack(test.encoding.operation());
        state.registers[Registers.RSP] = random.oneIn(16) && !plain ? target(true) : plainStack();
        boolean implied = !test.instruction.memory();
        for (int register :
                new int[] {Registers.RSI, Registers.RDI, Registers.RBX, Registers.RBP}) {
            if (random.oneIn(implied ? 8 : 2)) {
                continue;
            }
            state.registers[register] = target(test.code32);
        }
        if (differences.wantsPlainOperand(test.encoding.operation())) {
            boolean based = test.instruction.segment() > 3;
            state.registers[!based && random.oneIn(2) ? Registers.RSI : Registers.RDI] =
                    Layout.DATA + 0x800 + random.below(0x100);
        }
        if (differences.repeats(test.encoding.operation()) && !random.oneIn(16)) {
            state.registers[Registers.RCX] = random.below(random.oneIn(4) ? 200 : 12);
        }
        state.rflags =
                FIXED_AND_IF
                        | random.next() & STATUS_AND_DIRECTION
                        | (random.oneIn(8) ? IDENTIFICATION : 0)
                        | (random.oneIn(16) ? ALIGNMENT_CHECK : 0);
        state.fsBase = test.code32 ? 0 : random.oneIn(4) ? values.integer() : random.below(0x10000);
        state.gsBase = test.code32 ? 0 : random.below(0x10000) - 0x8000L;
        state.fsBase = canonical(state.fsBase);
        x87(state);
        state.mxcsr = mxcsr();
        for (int i = 0; i < ProcessorState.VECTORS; i++) {
            values.fill(
                    state.vectors, i * ProcessorState.VECTOR_LONGS, ProcessorState.VECTOR_LONGS);
        }
        if (test.code32) {
            for (int i = 0; i < ProcessorState.GENERAL; i++) {
                state.registers[i] = i < 8 ? state.registers[i] & 0xFFFF_FFFFL : 0;
            }
        }
    }

    /**
     * Indices of a gather: most of them near; traps between its elements differ between vendors.
     */
    private void gathers(TestCase test) {
        String name = test.encoding.operation().name();
        int kind = name.indexOf(GATHER) + GATHER.length();
        if (kind < GATHER.length() || test.instruction.index() < 0) {
            return;
        }
        test.step = false;
        long[] vectors = test.state.vectors;
        int first = test.instruction.index() * ProcessorState.VECTOR_LONGS;
        for (int i = first; i < first + ProcessorState.VECTOR_LONGS && !random.oneIn(16); i++) {
            long upper = name.charAt(kind) == 'D' ? (long) random.below(64) << 32 : 0;
            vectors[i] = random.below(64) | upper;
        }
    }

    static long canonical(long address) {
        return address << 16 >> 16;
    }

    private long plainStack() {
        return Layout.DATA + 0x200 + (random.below(0x180) << 3);
    }

    private int mxcsr() {
        int value = 0x1F80;
        if (random.oneIn(2)) {
            value = (int) random.next() & 0xE07F | 0x1F80;
        } else if (random.oneIn(3)) {
            value = (int) random.next() & 0xFFFF;
        }
        return value;
    }

    private void x87(ProcessorState state) {
        state.controlWord = 0x37F;
        if (random.oneIn(2)) {
            state.controlWord = (int) random.next() & 0x1F00 | 0x7F;
        } else if (random.oneIn(3)) {
            state.controlWord = (int) random.next() & 0x1F3F | 0x40;
        }
        state.statusWord = (int) random.next() & 0x7F7F;
        int unmasked = state.statusWord & ~state.controlWord & 0x3F;
        if (unmasked != 0 && !random.oneIn(8)) {
            state.statusWord &= ~unmasked;
            unmasked = 0;
        }
        if (unmasked != 0) {
            state.statusWord |= 0x8080;
        } else {
            state.statusWord &= ~0x80;
        }
        state.tags = random.oneIn(3) ? (int) random.next() & 0xFF : 0xFF;
        boolean pending = unmasked != 0; // without it, processors may drop the pointers
        state.opcode = pending ? (int) random.next() & 0x7FF : 0;
        state.instructionPointer = pending ? random.next() & 0x7FFF_FFFF_FFFFL : 0;
        state.dataPointer = pending ? random.next() & 0x7FFF_FFFF_FFFFL : 0;
        for (int i = 0; i < ProcessorState.X87; i++) {
            state.signExponents[i] = values.exponent();
            state.significands[i] = values.significand(state.signExponents[i]);
        }
    }

    /** An address: most in the data area, some at its ends. */
    private long target(boolean code32) {
        long address =
                switch (random.below(24)) {
                    case 0, 1, 2 -> Layout.DATA + PAGE_END - random.below(72); // into the hole
                    case 3, 4 -> Layout.DATA + Layout.PAGE - random.below(40);
                    case 5, 6 -> Layout.READ_ONLY + random.below(256);
                    case 7 -> Layout.READ_ONLY - random.below(32);
                    case 8 -> Layout.DATA - random.below(16);
                    case 9 -> Layout.TOP + Layout.PAGE - random.below(72);
                    case 10 -> Layout.DATA + random.below(PAGE_END);
                    case 11 -> elsewhere(code32);
                    default ->
                            Layout.DATA
                                    + 0x100
                                    + (random.below(0x600) << 2 & -(1 << random.below(7)));
                };
        return code32 ? address & 0xFFFF_FFFFL : address;
    }

    private long elsewhere(boolean code32) {
        return switch (random.below(code32 ? 2 : 5)) {
            case 0 -> random.below(0x1000);
            case 1 -> Layout.CODE + random.below(Layout.CODE_BYTES);
            case 2 -> (1L << 47) - random.below(40);
            case 3 -> (1L << 47) + random.below(40);
            default -> random.next();
        };
    }

    /**
     * Lets the memory operand be where the case wants it: by a register, or by the displacement.
     */
    private void addresses(TestCase test, EncodingSampler.Sample sample) {
        Instruction insn = test.instruction;
        boolean onStack = insn.base() == Registers.RSP || insn.index() == Registers.RSP;
        if (!insn.memory()
                || random.oneIn(40)
                || onStack && differences.wantsPlainStack(test.encoding.operation())) {
            return;
        }
        long[] registers = test.state.registers;
        long mask = insn.addressSize() == 8 ? -1L : insn.addressSize() == 4 ? 0xFFFF_FFFFL : 0xFFFF;
        long wanted = target(test.code32 || insn.addressSize() == 4) - segmentBase(test);
        int base = insn.base();
        int index = insn.index();
        if (base == Instruction.RIP || base < 0 && index < 0) {
            displace(test, sample, wanted);
        } else if (base < 0) {
            registers[index] = (wanted - insn.displacement() & mask) >> insn.scale();
        } else if (index == base) {
            registers[base] = (wanted - insn.displacement() & mask) / ((1 << insn.scale()) + 1);
        } else {
            if (index >= 0 && random.oneIn(2)) {
                registers[index] = random.below(64);
            }
            long scaled = index < 0 ? 0 : registers[index] << insn.scale();
            registers[base] = wanted - insn.displacement() - scaled & mask;
            if (test.code32 || insn.addressSize() == 8 || base == Registers.RSP) {
                return;
            }
            registers[base] |= random.next() & ~mask; // must not matter
        }
    }

    private static long segmentBase(TestCase test) {
        return switch (test.instruction.segment()) {
            case 4 -> test.state.fsBase;
            case 5 -> test.state.gsBase;
            default -> 0;
        };
    }

    private void displace(TestCase test, EncodingSampler.Sample sample, long wanted) {
        Instruction insn = test.instruction;
        int size =
                insn.encoding().has(Operand.Kind.OFFSET)
                        ? insn.addressSize()
                        : Math.min(insn.addressSize(), 4);
        long value =
                insn.base() == Instruction.RIP ? wanted - (test.rip() + insn.length()) : wanted;
        for (int i = 0; i < size; i++) {
            test.code[sample.displacementAt() + i] = (byte) (value >>> 8 * i);
        }
        test.instruction =
                sampler.decode(test.code, test.code32 ? CodeMode.CODE32 : CodeMode.CODE64);
    }

    /** Interesting bytes where operands are likely to be. */
    private void patches(TestCase test) {
        Instruction insn = test.instruction;
        if (insn.memory()) {
            long before = random.below(2) * 8L;
            patch(test, Addresses.effective(test) - before);
        } else {
            patch(test, test.state.registers[Registers.RSI]);
            patch(test, test.state.registers[Registers.RDI]);
        }
        patch(test, test.state.registers[Registers.RSP]);
        int control = HostDifferences.mxcsrIn(insn);
        if (insn.memory() && control >= 0) {
            fixMxcsr(test, Addresses.effective(test) + control, !random.oneIn(4));
        }
    }

    /** Bit 17 of MXCSR is one of AMD's own; and most values should be good ones. */
    private static void fixMxcsr(TestCase test, long address, boolean good) {
        for (int i = 0; i < test.patchCount; i++) {
            byte[] bytes = test.patches[i];
            int kept = good ? 0 : ~2;
            for (int at = 2; at < (good ? Integer.BYTES : 3); at++) {
                long inPatch = address + at - test.patchAddresses[i];
                if (inPatch >= 0 && inPatch < bytes.length) {
                    bytes[(int) inPatch] &= (byte) kept;
                }
            }
        }
    }

    private void patch(TestCase test, long address) {
        byte[] bytes = test.patches[test.patchCount];
        test.patchAddresses[test.patchCount++] = address;
        if (random.oneIn(6)) {
            for (int i = 0; i + 10 <= bytes.length; i += 10) { // extended-precision numbers
                int exponent = values.exponent();
                store(bytes, i, values.significand(exponent));
                bytes[i + 8] = (byte) exponent;
                bytes[i + 9] = (byte) (exponent >>> 8);
            }
            return;
        }
        long[] words = new long[bytes.length / Long.BYTES];
        values.fill(words, 0, words.length);
        for (int i = 0; i < words.length; i++) {
            store(bytes, i * Long.BYTES, random.oneIn(3) ? values.often() : words[i]);
        }
    }

    private static void store(byte[] bytes, int at, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> 8 * i);
        }
    }
}
