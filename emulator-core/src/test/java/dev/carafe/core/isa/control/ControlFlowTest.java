package dev.carafe.core.isa.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.ControlFlow;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Control-flow enforcement at privilege level 0 (SDM Vol. 1, "Control-Flow Enforcement Technology
 * (CET)"). The shadow stack of the program ends at {@link #TOP}, that of exceptions at {@link
 * #TOKEN}.
 */
class ControlFlowTest {
    private static final int CONTROL_PROTECTION = 21;
    private static final long PAGE = 0x20000;
    private static final long TOP = PAGE + 0x800;
    private static final long TOKEN = PAGE + 0xFF8;
    private static final long TABLE = 0x21000;
    private static final long DIRTY = 0x40;
    private static final long HANDLER = 0xB000 + CONTROL_PROTECTION * 16;

    private static Vm vm(long enabled) {
        Vm vm = Vm.bare();
        vm.put64(TOKEN, TOKEN).put64(TABLE + 8, TOKEN);
        vm.map(PAGE, PAGE | Vm.PRESENT | DIRTY);
        vm.code(HANDLER, "F3 0F 1E FA F4"); // ENDBR64; HLT
        vm.cpu.memory.flush();
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | ControlBits.CR4_CET);
        vm.cpu.flow.interruptTable = TABLE;
        vm.cpu.flow.ssp = TOP;
        vm.cpu.flow.configure(false, enabled);
        return vm;
    }

    @Test
    void callsAndReturnsUseTheShadowStack() {
        try (Vm vm = vm(ControlFlow.SHADOW_STACK)) {
            vm.execute("E8 01 00 00 00 F4 C3"); // CALL; HLT; RET

            assertEquals(-1, vm.vector());
            assertEquals(TOP, vm.cpu.flow.ssp);
            assertEquals(Vm.CODE + 5, vm.get64(TOP - 8));
        }
    }

    @Test
    void aReturnAddressThatWasChangedIsFoundOut() {
        try (Vm vm = vm(ControlFlow.SHADOW_STACK)) {
            vm.execute("E8 01 00 00 00 F4 48 FF 04 24 C3"); // the function does INC [RSP]

            assertEquals(CONTROL_PROTECTION, vm.vector());
            assertEquals(TOKEN - 24, vm.cpu.flow.ssp, "on the stack of the interrupt table");
            assertEquals(TOKEN | 1, vm.get64(TOKEN), "busy");
            assertEquals(TOP - 8, vm.get64(TOKEN - 24), "the SSP before");
            assertEquals(Vm.CODE + 10, vm.get64(TOKEN - 16), "the RET");
        }
    }

    @Test
    void anInterruptReturnLeavesTheShadowStackFree() {
        try (Vm vm = vm(ControlFlow.SHADOW_STACK)) {
            vm.code(0xB000 + 0x30 * 16, "48 CF"); // IRETQ
            vm.execute("CD 30");

            assertEquals(-1, vm.vector());
            assertEquals(TOP, vm.cpu.flow.ssp);
            assertEquals(TOKEN, vm.get64(TOKEN), "not busy");
        }
    }

    @ParameterizedTest(name = "{0}, tracking {1}: vector {2}")
    @CsvSource({
        "48 8D 05 02 00 00 00 FF E0 90,             4, 21", // LEA RAX; JMP RAX; NOP
        "48 8D 05 02 00 00 00 FF E0 F3 0F 1E FA,    4, -1",
        "48 8D 05 02 00 00 00 FF E0 F3 0F 1E FB,    4, 21", // ENDBR32
        "48 8D 05 02 00 00 00 FF E0 90,             0, -1",
        "48 8D 05 03 00 00 00 3E FF E0 90,       0x14, -1", // NOTRACK
        "48 8D 05 03 00 00 00 3E FF E0 90,          4, 21",
        "48 8D 05 02 00 00 00 FF D0 90,             4, 21", // CALL RAX
        "E8 00 00 00 00 90,                         4, -1",
    })
    void indirectBranchesLeadToEndBranch(String code, String tracking, int vector) {
        try (Vm vm = vm(Long.decode(tracking))) {
            assertEquals(vector, vm.execute(code).vector());
        }
    }

    @Test
    void shadowStacksAreSwitchedByTokens() {
        try (Vm vm = vm(ControlFlow.SHADOW_STACK)) {
            long other = PAGE + 0x400;
            vm.put64(other - 8, other | 1); // a restore token of 64-bit code
            // RSTORSSP [RSI]; SAVEPREVSSP; RDSSPQ RAX
            vm.set(Registers.RSI, other - 8).execute("F3 0F 01 2E F3 0F 01 EA F3 48 0F 1E C8");

            assertEquals(-1, vm.vector());
            assertEquals(other, vm.reg(Registers.RAX));
            assertEquals(TOP | 1, vm.get64(TOP - 8), "a token on the old one");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "0F 38 F6 0E,        6", // WRSS is not enabled
        "F3 0F AE E8,       -1", // INCSSP EAX, with EAX = 1
        "F3 0F 01 2E,       21", // RSTORSSP without a token
        "F3 0F 01 E8,       21", // SETSSBSY without a token
        "89 0E,             14", // an ordinary store to a shadow stack
    })
    void rulesOfTheInstructions(String code, int vector) {
        try (Vm vm = vm(ControlFlow.SHADOW_STACK)) {
            vm.cpu.flow.setStack(0, PAGE + 0x100);
            vm.set(Registers.RSI, PAGE + 0x200).set(Registers.RAX, 1);

            assertEquals(vector, vm.execute(code).vector());
        }
    }

    @ParameterizedTest(name = "without CET {0}: {1}")
    @CsvSource({
        "F3 0F 1E FA,       -1",
        "F3 48 0F 1E C8,    -1",
        "F3 0F AE E8,        6",
        "F3 0F 01 EA,        6",
        "0F 38 F6 0E,        6",
    })
    void withoutItSomeAreNopsAndOthersUndefined(String code, int vector) {
        try (Vm vm = Vm.bare();
                Vm missing = Vm.bare("max,-shstk,-ibt")) {
            vm.set(Registers.RAX, 7).set(Registers.RSI, Vm.DATA);
            assertEquals(vector, vm.execute(code).vector());
            assertEquals(7, vm.reg(Registers.RAX));
            assertEquals(vector, missing.set(Registers.RSI, Vm.DATA).execute(code).vector());
        }
    }

    @Test
    void writeProtectionIsNeeded() {
        try (Vm vm = vm(0)) {
            long unprotected = vm.cpu.control.cr0() & ~ControlBits.CR0_WP;

            Assertions.assertThrows(CpuFault.class, () -> vm.cpu.control.writeCr0(unprotected));
            assertTrue(vm.cpu.control.cr0(ControlBits.CR0_WP));
        }
    }
}
