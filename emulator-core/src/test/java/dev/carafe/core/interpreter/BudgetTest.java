package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static dev.carafe.core.interpreter.Vm.CODE;
import static dev.carafe.core.interpreter.Vm.DATA;
import static dev.carafe.core.interpreter.Vm.STACK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code run(n)} executes n instructions, wherever that ends: within a pair, a loop, a fault's
 * delivery, before HLT.
 */
class BudgetTest {
    private static final long SUBROUTINE = CODE + 0x800;
    private static final long ABSENT = 0x31000;
    private static final int PAGE_FAULT_HANDLER = 0xB000 + 14 * 16;

    /** What a run leaves behind. */
    private record State(
            String registers,
            String vectors,
            long rip,
            long flags,
            long executed,
            StopReason reason,
            int data) {}

    private static State state(Vm vm, StopReason reason) {
        byte[] data = new byte[0x1000];
        vm.machine.bus.read(DATA, data);
        return new State(
                Arrays.toString(Arrays.copyOf(vm.cpu.regs, 16)),
                Arrays.toString(vm.cpu.xmm),
                vm.cpu.rip,
                vm.cpu.rflags(),
                vm.executed(),
                reason,
                Arrays.hashCode(data));
    }

    /**
     * Registers: RBX data, RBP an absent page, RCX and R8 counters, RSI and RDI inside the data.
     */
    private static Vm vm(String program) {
        Vm vm = Vm.bare().map(ABSENT, 0);
        vm.code(CODE, program + " F4");
        vm.code(SUBROUTINE, "48 01 D0 48 39 D0 75 03 48 FF C0 50 5A C3");
        // The handler skips the faulting instruction, which has three bytes: ADD QWORD [RSP+8], 3;
        // POP the error code before.
        vm.code(PAGE_FAULT_HANDLER, "48 83 C4 08 48 83 04 24 03 48 CF");
        vm.set(RAX, 7)
                .set(RDX, 9)
                .set(RBX, DATA)
                .set(RBP, ABSENT)
                .set(RSP, STACK)
                .set(RSI, DATA + 0x100);
        vm.set(RDI, DATA + 0x200).set(R8, 3);
        vm.cpu.rip = CODE;
        return vm;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // loop of a pair: DEC; JNE
                "B9 05 00 00 00 48 83 C0 03 48 FF C9 75 F7",
                // comparison and jump in both directions, memory operands between
                "31 C9 48 01 03 48 83 C1 01 83 F9 0A 72 F4 48 39 13 77 02 90 90",
                // calls through memory and registers
                "E8 FB 07 00 00 48 8D 15 F4 07 00 00 FF D2",
                // a fault in the loop, whose handler steps over it
                "B9 04 00 00 00 8B 45 00 FF C9 75 F9",
                // string instructions and LOOP
                "B9 20 00 00 00 F3 A4 B9 03 00 00 00 AC E2 FD 83 C1 05 F3 48 AB",
                // a fault of the second of a pair
                "B9 03 00 00 00 48 83 C0 08 03 45 00 48 FF C9 75 F4"
            })
    void manySingleStepsEqualOneRun(String program) {
        for (int budget : new int[] {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 1_000_000}) {
            Vm whole = vm(program);
            Vm stepped = vm(program);
            StopReason reason = whole.run(budget);
            StopReason single = StopReason.BUDGET;
            for (int i = 0; i < budget && single == StopReason.BUDGET; i++) {
                single = stepped.run(1);
            }
            assertEquals(state(stepped, single), state(whole, reason), program + " for " + budget);
            if (reason == StopReason.BUDGET) {
                assertEquals(budget, whole.executed());
            }
            whole.close();
            stepped.close();
        }
    }

    @Test
    void aLongRunEqualsItsPieces() {
        String program =
                "B9 00 00 03 00 48 01 03 83 F9 07 75 05 48 83 43 08 01 E8 E9 07 00 00 FF C9 75 EB";
        try (Vm whole = vm(program)) {
            StopReason reason = whole.run(100_000_000);
            assertEquals(StopReason.IDLE, reason);
            State expected = state(whole, reason);
            Random random = new Random(5);
            for (int round = 0; round < 5; round++) {
                try (Vm pieces = vm(program)) {
                    StopReason piece;
                    do {
                        int budget = 1 + random.nextInt(1 << 4 + random.nextInt(14));
                        long before = pieces.executed();
                        piece = pieces.run(budget);
                        if (piece == StopReason.BUDGET) {
                            assertEquals(before + budget, pieces.executed());
                        }
                    } while (piece == StopReason.BUDGET);
                    assertEquals(expected, state(pieces, piece));
                }
            }
        }
    }

    @Test
    void randomProgramsRunTheSameInOnePieceAndInMany() {
        long seed = 20261120;
        Random random = new Random(seed);
        String[] blocks = {
            "48 01 C2",
            "48 39 C2 74 03 48 FF C0",
            "85 D2 78 02 31 D2",
            "48 83 C0 07 48 89 03",
            "48 8B 03 48 83 C0 01",
            "8B 45 00",
            "03 45 00",
            "48 C1 E0 05 48 31 D0",
            "83 E2 1F 0F AB 13",
            "F0 48 0F C1 03",
            "48 83 EA 01 75 01 90",
            "E8 03 00 00 00 EB 01 C3",
            "52 58",
            "E8 00 00 00 00 5A",
            "6A 10 9D",
            "F2 48 0F 2A C0 F2 0F 58 C8 F2 0F 59 C9",
            "66 0F 6E C2 66 0F FE C8",
            "0F 92 C1 0F B6 C9",
            "48 0F 44 C2",
            "A8 01 75 03 48 F7 D0",
            "AA 48 FF CF",
            "F7 E2",
            "66 90 0F 1F 00"
        };
        for (int program = 0; program < 100; program++) {
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < 3 + random.nextInt(6); i++) {
                body.append(blocks[random.nextInt(blocks.length)]).append(' ');
            }
            String text = body.toString().trim();
            int length = text.split(" ").length + 3;
            // RCX is clobbered by some blocks, so R8 counts: DEC R8; JNE body
            String code = text + " 49 FF C8 75 %02X".formatted(-(length + 2) & 0xFF);
            int most =
                    random.nextInt(4) == 0 ? 4 + random.nextInt(120) : 8192 + random.nextInt(3000);
            try (Vm whole = vm(code).set(R8, 5000);
                    Vm stepped = vm(code).set(R8, 5000)) {
                StopReason reason = whole.run(most);
                StopReason single = StopReason.BUDGET;
                for (int i = 0; i < most && single == StopReason.BUDGET; i++) {
                    single = stepped.run(1);
                }
                assertEquals(
                        state(stepped, single),
                        state(whole, reason),
                        "seed " + seed + ": " + code + " for " + most);
            }
        }
    }
}
