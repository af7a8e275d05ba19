package dev.carafe.core.isa.string;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** String instructions in 64-bit mode, the first 2 MiB mapped one to one, 1 MiB of them RAM. */
class StringOpsTest {
    private static final long A = 0x20000;
    private static final long B = 0x40000;
    private static final long MAPPED_END = 0x200000;

    private final TestMachine machine = TestMachine.longMode();
    private final Cpu cpu = machine.cpu;

    @AfterEach
    void release() {
        machine.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void repMovsCopiesAcrossPagesWhateverTheAlignment(int size) {
        for (int i = 0; i < 0x3000; i++) {
            machine.bus.write(A + i, 1, i * 7 + (i >> 8));
        }
        registers(A + 3, B + 0xFFD, 0x2000 / size);

        runMovs(size);

        for (int i = 0; i < 0x2000; i++) {
            assertEquals(
                    machine.bus.read(A + 3 + i, 1),
                    machine.bus.read(B + 0xFFD + i, 1),
                    "byte " + i);
        }
        assertEquals(0, machine.bus.read(B + 0xFFD + 0x2000, 1));
        assertEquals(A + 3 + 0x2000, cpu.regs[Registers.RSI]);
        assertEquals(B + 0xFFD + 0x2000, cpu.regs[Registers.RDI]);
        assertEquals(0, cpu.regs[Registers.RCX]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 100})
    void anOverlappingForwardCopyRepeatsTheFirstBytes(int distance) {
        for (int i = 0; i < distance; i++) {
            machine.bus.write(A + i, 1, i + 1);
        }
        registers(A, A + distance, 1000);

        runMovs(1);

        for (int i = 0; i < 1000 + distance; i++) {
            assertEquals(i % distance + 1, machine.bus.read(A + i, 1), "byte " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-9, -8, -3, 1, 4, 7, 8, 9, 12, 16, 20, 4093, 4096, 4100})
    void overlappingCopiesOfEightBytesMoveOneElementAfterTheOther(int distance) {
        int length = 0x2000;
        byte[] expected = new byte[0x4000];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (i * 31 + (i >> 8));
        }
        machine.bus.write(A, expected);
        int from = 0x10;
        for (int i = from; i < from + length; i += 8) {
            byte[] element = Arrays.copyOfRange(expected, i, i + 8);
            System.arraycopy(element, 0, expected, i + distance, 8);
        }
        registers(A + from, A + from + distance, length / 8);

        runMovs(8);

        byte[] actual = new byte[expected.length];
        machine.bus.read(A, actual);
        assertArrayEquals(expected, actual);
    }

    @Test
    void withDirectionFlagItGoesDownwards() {
        machine.put64(A, 0x8877665544332211L);
        cpu.systemFlags |= Rflags.DF;
        registers(A + 7, A + 9, 8);

        runMovs(1);

        assertEquals(0x6655443322112211L, machine.get64(A));
        assertEquals(0x8877, machine.get16(A + 8));
        assertEquals(A - 1, cpu.regs[Registers.RSI]);
    }

    @Test
    void aFaultLeavesRegistersBehindTheLastElementDone() {
        registers(A, MAPPED_END - 16, 4);
        cpu.regs[Registers.RAX] = 0x1122334455667788L;

        assertThrows(CpuFault.class, () -> run(StringOps::stos, Width.W64, Instruction.REP, 8));

        assertEquals(2, cpu.regs[Registers.RCX]);
        assertEquals(MAPPED_END, cpu.regs[Registers.RDI]);
    }

    @Test
    void aLongRepetitionStopsNowAndThenWithRipOnItself() {
        registers(A, B, 40_000);

        int parts = runMovs(1);

        assertEquals(3, parts, "16384 elements at a time");
        assertEquals(0, cpu.regs[Registers.RCX]);
    }

    @Test
    void withTrapFlagOneIterationIsExecuted() {
        cpu.systemFlags |= Rflags.TF;
        registers(A, B, 3);
        Instruction insn = instruction(Width.W8, Instruction.REP, 8);
        cpu.nextRip = cpu.rip + 2;

        StringOps.movs(cpu, insn);

        assertEquals(2, cpu.regs[Registers.RCX]);
        assertEquals(cpu.rip, cpu.nextRip);
    }

    @Test
    void repneScasFindsAByteAndRepeCmpsADifference() {
        machine.put64(A, 0x0042424242424242L);
        machine.put64(B, 0x0042424241424242L);
        registers(A, A, 100);
        cpu.regs[Registers.RAX] = 0;

        run(StringOps::scas, Width.W8, Instruction.REPNE, 8);

        assertEquals(92, cpu.regs[Registers.RCX]);
        assertEquals(A + 8, cpu.regs[Registers.RDI], "behind the byte found");

        registers(A, B, 8);
        run(StringOps::cmps, Width.W8, Instruction.REP, 8);

        assertEquals(4, cpu.regs[Registers.RCX]);
        assertEquals(B + 4, cpu.regs[Registers.RDI]);
        assertEquals(false, cpu.flags.zero());
        assertEquals(false, cpu.flags.carry(), "42h is above 41h");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void scasAndCmpsGoAcrossPagesToTheElementThatEndsThem(int size) {
        int elements = 0x1800 / size;
        machine.bus.write(A + 2 + (elements - 1) * size, 1, 1);
        registers(A + 2, A + 2, elements + 100);
        cpu.regs[Registers.RAX] = 0;

        run(StringOps::scas, Width.ofSize(size), Instruction.REP, 8);

        assertEquals(100, cpu.regs[Registers.RCX]);
        assertEquals(A + 2 + elements * size, cpu.regs[Registers.RDI]);
        assertEquals(true, cpu.flags.carry(), "0 is below 1");

        registers(A + 2, B + 5, elements + 100);
        run(StringOps::cmps, Width.ofSize(size), Instruction.REP, 8);

        assertEquals(100, cpu.regs[Registers.RCX]);
        assertEquals(A + 2 + elements * size, cpu.regs[Registers.RSI]);
        assertEquals(B + 5 + elements * size, cpu.regs[Registers.RDI]);
        assertEquals(false, cpu.flags.zero());
    }

    @Test
    void repeCmpsOfEqualStringsEndsWithTheCountAndZf() {
        registers(A + 1, B + 7, 0x1234);

        run(StringOps::cmps, Width.W8, Instruction.REP, 8);

        assertEquals(0, cpu.regs[Registers.RCX]);
        assertEquals(A + 1 + 0x1234, cpu.regs[Registers.RSI]);
        assertEquals(true, cpu.flags.zero());
    }

    @Test
    void scasThatRunsOffTheMapFaultsBehindTheLastElementCompared() {
        registers(0, MAPPED_END - 0x1010, 0x2000);
        cpu.regs[Registers.RAX] = 0x99;

        assertThrows(CpuFault.class, () -> run(StringOps::scas, Width.W8, Instruction.REPNE, 8));

        assertEquals(MAPPED_END, cpu.regs[Registers.RDI]);
        assertEquals(0x2000 - 0x1010, cpu.regs[Registers.RCX]);
    }

    @Test
    void repLodsLeavesTheLastElement() {
        machine.put64(A + 0x1800 - 2, 0x1122);
        registers(A, 0, 0xC00);
        cpu.regs[Registers.RAX] = -1;

        run(StringOps::lods, Width.W16, Instruction.REP, 8);

        assertEquals(0xFFFF_FFFF_FFFF_1122L, cpu.regs[Registers.RAX]);
        assertEquals(A + 0x1800, cpu.regs[Registers.RSI]);
        assertEquals(0, cpu.regs[Registers.RCX]);
    }

    @Test
    void aCountOfZeroDoesNothing() {
        registers(MAPPED_END, MAPPED_END, 0);
        cpu.flags.set(0);

        run(StringOps::cmps, Width.W8, Instruction.REP, 8);

        assertEquals(0, cpu.flags.get());
        assertEquals(MAPPED_END, cpu.regs[Registers.RSI]);
    }

    @Test
    void a32BitAddressSizeUsesAndClearsTheUpperHalves() {
        machine.put64(A, 0x1234);
        registers(A | 1L << 40, B | 1L << 40, 1 | 1L << 40);

        run(StringOps::movs, Width.W64, Instruction.REP, 4);

        assertEquals(0x1234, machine.get64(B));
        assertEquals(A + 8, cpu.regs[Registers.RSI]);
        assertEquals(B + 8, cpu.regs[Registers.RDI]);
        assertEquals(0, cpu.regs[Registers.RCX]);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x55, 0x1234_5678_9ABC_DEF0L, 0x7777_7777_7777_7777L})
    void repStosFillsWithAnyPattern(long value) {
        registers(0, A + 0xFFA, 0x300);
        cpu.regs[Registers.RAX] = value;

        run(StringOps::stos, Width.W64, Instruction.REP, 8);

        for (int i = 0; i < 0x300; i++) {
            assertEquals(value, machine.get64(A + 0xFFA + i * 8), "element " + i);
        }
        assertEquals(0, machine.get64(A + 0xFFA + 0x1800));
    }

    private int runMovs(int size) {
        return run(StringOps::movs, Width.ofSize(size), Instruction.REP, 8);
    }

    /** Executes the instruction until it is over; returns how often it had to be started. */
    private int run(
            java.util.function.BiConsumer<Cpu, Instruction> operation,
            Width width,
            int repeat,
            int addressSize) {
        Instruction insn = instruction(width, repeat, addressSize);
        int parts = 0;
        do {
            cpu.nextRip = cpu.rip + insn.length();
            operation.accept(cpu, insn);
            parts++;
        } while (cpu.nextRip == cpu.rip);
        return parts;
    }

    private void registers(long rsi, long rdi, long rcx) {
        cpu.regs[Registers.RSI] = rsi;
        cpu.regs[Registers.RDI] = rdi;
        cpu.regs[Registers.RCX] = rcx;
    }

    private static Instruction instruction(Width width, int repeat, int addressSize) {
        Encoding encoding = new Encoding(0, Operation.MOVSB, List.of(), false, "string");
        return new Instruction(
                encoding,
                CodeMode.CODE64,
                width,
                addressSize,
                2,
                repeat,
                false,
                Segments.DS,
                false,
                0,
                0,
                Instruction.NO_REGISTER,
                Instruction.NO_REGISTER,
                0,
                0,
                0,
                0);
    }
}
