package dev.carafe.core.isa.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * MUL, IMUL, DIV and IDIV with one operand. Every row was executed on an Intel processor; the
 * digits give the width.
 */
class MultiplyDivideTest {
    /** An operation on rDX:rAX. */
    private interface Rule {
        void apply(Cpu cpu, Width width, long source);
    }

    private static final Map<String, Rule> RULES =
            Map.of(
                    "MUL",
                    MultiplyDivide::mul,
                    "IMUL",
                    MultiplyDivide::imul,
                    "DIV",
                    MultiplyDivide::div,
                    "IDIV",
                    MultiplyDivide::idiv);

    private final TestMachine machine = TestMachine.reset();
    private final Cpu cpu = machine.cpu;

    @AfterEach
    void release() {
        machine.close();
    }

    @ParameterizedTest(name = "{0} {1}:{2}, {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | rdx | rax | source | rdx after | rax after | flags after
            MUL   | 0000 | C396 | 0000 | 0000 | 0000 | PF
            MUL   | 00000000 | C3A5C396 | 00000000 | 00000000 | 00000000 | PF
            MUL   | 0000000000000000 | C3A5C3A5C3A5C396 | 0000000000000000 | 0000000000000000 | 0000000000000000 | PF
            MUL   | 0000 | 0F0F | C396 | 0B81 | 3FCA | OF PF CF
            MUL   | 00000000 | 0F0F0F0F | C3A5C396 | 0B8238AE | 6CF63FCA | OF PF CF
            MUL   | 0000000000000000 | 0F0F0F0F0F0F0F0F | C3A5C3A5C3A5C396 | 0B8238AF65DC9308 | C7509A236CF63FCA | OF SF PF CF
            MUL   | 0000 | C396 | FFFF | C395 | 3C6A | OF PF CF
            MUL   | 00000000 | C3A5C396 | FFFFFFFF | C3A5C395 | 3C5A3C6A | OF PF CF
            MUL   | 0000000000000000 | C3A5C3A5C3A5C396 | FFFFFFFFFFFFFFFF | C3A5C3A5C3A5C395 | 3C5A3C5A3C5A3C6A | OF PF CF
            IMUL  | 0000 | C396 | 0000 | 0000 | 0000 | PF
            IMUL  | 00000000 | C3A5C396 | 00000000 | 00000000 | 00000000 | PF
            IMUL  | 0000000000000000 | C3A5C3A5C3A5C396 | 0000000000000000 | 0000000000000000 | 0000000000000000 | PF
            IMUL  | 0000 | 0F0F | C396 | FC72 | 3FCA | OF PF CF
            IMUL  | 00000000 | 0F0F0F0F | C3A5C396 | FC73299F | 6CF63FCA | OF PF CF
            IMUL  | 0000000000000000 | 0F0F0F0F0F0F0F0F | C3A5C3A5C3A5C396 | FC7329A056CD83F9 | C7509A236CF63FCA | OF SF PF CF
            IMUL  | 0000 | C396 | FFFF | 0000 | 3C6A | PF
            IMUL  | 00000000 | C3A5C396 | FFFFFFFF | 00000000 | 3C5A3C6A | PF
            IMUL  | 0000000000000000 | C3A5C3A5C3A5C396 | FFFFFFFFFFFFFFFF | 0000000000000000 | 3C5A3C5A3C5A3C6A | PF
            DIV   | 0000 | C396 | 0007 | 0006 | 1BF0 | ''
            DIV   | 00000000 | C3A5C396 | 00000007 | 00000006 | 1BF31BF0 | ''
            DIV   | 0000000000000000 | C3A5C3A5C3A5C396 | 0000000000000007 | 0000000000000006 | 1BF31BF31BF31BF0 | ''
            DIV   | 0003 | 0F0F | 7FFF | 0F15 | 0006 | ''
            DIV   | 00000003 | 0F0F0F0F | 7FFFFFFF | 0F0F0F15 | 00000006 | ''
            DIV   | 0000000000000003 | 0F0F0F0F0F0F0F0F | 7FFFFFFFFFFFFFFF | 0F0F0F0F0F0F0F15 | 0000000000000006 | ''
            DIV   | 0001 | 0005 | FFF9 | 000C | 0001 | ''
            DIV   | 00000001 | 00000005 | FFFFFFF9 | 0000000C | 00000001 | ''
            DIV   | 0000000000000001 | 0000000000000005 | FFFFFFFFFFFFFFF9 | 000000000000000C | 0000000000000001 | ''
            IDIV  | 0001 | C396 | 0007 | 0001 | 4083 | ''
            IDIV  | 00000001 | C3A5C396 | 00000007 | 00000003 | 40856515 | ''
            IDIV  | 0000000000000001 | C3A5C3A5C3A5C396 | 0000000000000007 | 0000000000000001 | 40856517AE3C4083 | ''
            IDIV  | 0003 | 0F0F | 7FFF | 0F15 | 0006 | ''
            IDIV  | 00000003 | 0F0F0F0F | 7FFFFFFF | 0F0F0F15 | 00000006 | ''
            IDIV  | 0000000000000003 | 0F0F0F0F0F0F0F0F | 7FFFFFFFFFFFFFFF | 0F0F0F0F0F0F0F15 | 0000000000000006 | ''
            IDIV  | FFFF | C396 | FFF9 | FFFD | 08A1 | ''
            IDIV  | FFFFFFFF | C3A5C396 | FFFFFFF9 | FFFFFFFB | 089F2D33 | ''
            IDIV  | FFFFFFFFFFFFFFFF | C3A5C3A5C3A5C396 | FFFFFFFFFFFFFFF9 | FFFFFFFFFFFFFFFD | 089F2D31765608A1 | ''
            """)
    void productOrQuotientAndFlagsAreThoseOfAProcessor(
            String name,
            String rdx,
            String rax,
            String source,
            String rdxAfter,
            String raxAfter,
            String flags) {
        Width width = FlagNames.width(rax);
        load(rdx, rax);
        cpu.flags.set(0);

        RULES.get(name).apply(cpu, width, Long.parseUnsignedLong(source, 16));

        assertEquals(rdxAfter, FlagNames.hex(width, cpu.regs[Registers.RDX]));
        assertEquals(raxAfter, FlagNames.hex(width, cpu.regs[Registers.RAX]));
        assertEquals(flags, FlagNames.of(cpu.flags));
    }

    @ParameterizedTest(name = "{0} {1}:{2} / {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            DIV  | 0000 | 0001 | 0000
            DIV  | 0007 | 0000 | 0007
            DIV  | 0000000000000007 | 0000000000000000 | 0000000000000007
            IDIV | 0000 | 8000 | 0001
            IDIV | FFFFFFFF | 80000000 | FFFFFFFF
            IDIV | FFFFFFFFFFFFFFFF | 8000000000000000 | FFFFFFFFFFFFFFFF
            IDIV | 8000000000000000 | 0000000000000000 | 8000000000000000
            """)
    void aQuotientThatDoesNotFitIsADivideErrorAndChangesNothing(
            String name, String rdx, String rax, String source) {
        load(rdx, rax);

        CpuFault fault =
                assertThrows(
                        CpuFault.class,
                        () ->
                                RULES.get(name)
                                        .apply(
                                                cpu,
                                                FlagNames.width(rax),
                                                Long.parseUnsignedLong(source, 16)));

        assertEquals(ExceptionVector.DIVIDE_ERROR, fault.vector());
        assertEquals(rax, FlagNames.hex(FlagNames.width(rax), cpu.regs[Registers.RAX]));
        assertEquals(rdx, FlagNames.hex(FlagNames.width(rdx), cpu.regs[Registers.RDX]));
    }

    private void load(String rdx, String rax) {
        cpu.regs[Registers.RDX] = Long.parseUnsignedLong(rdx, 16);
        cpu.regs[Registers.RAX] = Long.parseUnsignedLong(rax, 16);
    }
}
