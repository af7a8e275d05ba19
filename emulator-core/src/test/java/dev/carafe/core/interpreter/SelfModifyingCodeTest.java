package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static dev.carafe.core.interpreter.Vm.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.fault.ExceptionVector;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores into code are seen by the next instruction (SDM Vol. 3A, "Handling Self- and
 * Cross-Modifying Code").
 */
class SelfModifyingCodeTest {
    private static final long PAGE = 0x40000;
    private static final long ALIAS = 0x60000;
    private static final long OTHER = 0x70000;

    private final Vm vm = Vm.bare();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C6 05 01 00 00 00 02 B0 01", // MOV [RIP], 2 into the immediate of the next
                // instruction
                "C6 05 02 00 00 00 02 90 B0 01",
                "FE 05 01 00 00 00 B0 01", // read, modify, write
                "B3 02 86 1D 01 00 00 00 B0 01", // XCHG
                "48 8D 3D 05 00 00 00 B0 02 AA 90 B0 01"
            }) // STOSB
    void aStoreIntoTheNextInstructionIsSeen(String code) {
        for (int i = 0; i < 3; i++) {
            vm.execute(code);
            assertEquals(2, vm.reg(RAX) & 0xFF);
        }
    }

    @Test
    void aLoopBodyMayChangeItself() {
        // MOV ECX, 5; L: ADD EAX, 1; INC BYTE [the 1]; DEC ECX; JNE L
        vm.set(RAX, 0).execute("B9 05 00 00 00 83 C0 01 FE 05 F9 FF FF FF FF C9 75 F3");

        assertEquals(1 + 2 + 3 + 4 + 5, vm.reg(RAX));
    }

    @Test
    void aStoreIntoALinkedLoopIsSeen() {
        // L: INC EAX; CMP EAX, 100; JNE M; MOV BYTE [the INC's ModRM], that of DEC; M: DEC ECX; JNE
        // L
        vm.set(RAX, 0).set(RCX, 150);
        vm.code(CODE, "FF C0 83 F8 64 75 07 C6 05 F3 FF FF FF C8 FF C9 75 EE F4");
        vm.cpu.rip = CODE;
        assertEquals(StopReason.IDLE, vm.run(10_000));

        assertEquals(50, vm.reg(RAX), "100 rounds up, 50 rounds down");
    }

    @Test
    void anInstructionAcrossAPageEndIsReadFromBothPages() {
        long start = PAGE + 0x1000 - 2;
        vm.code(start, "B8 11 22 33 44 F4");
        vm.from(start);
        assertEquals(0x44332211, vm.reg(RAX));

        vm.code(PAGE + 0x1000, "AA");
        vm.from(start);
        assertEquals(0x4433AA11, vm.reg(RAX));

        vm.code(start + 1, "BB");
        vm.from(start);
        assertEquals(0x4433AABB, vm.reg(RAX));

        vm.map(PAGE + 0x1000, OTHER | 3).code(OTHER, "01 02 03 F4");
        vm.cpu.memory.invalidatePage(PAGE + 0x1000);
        vm.from(start);
        assertEquals(0x030201BB, vm.reg(RAX));
    }

    @Test
    void aRemappedPageExecutesItsNewCode() {
        vm.code(PAGE, "B0 01 F4").code(OTHER, "B0 02 F4");
        vm.from(PAGE);
        vm.map(PAGE, OTHER | 3);
        // INVLPG [RBX]; JMP RBX
        vm.set(RBX, PAGE).execute("0F 01 3B FF E3");
        assertEquals(2, vm.reg(RAX) & 0xFF);

        vm.map(PAGE, PAGE | 3);
        vm.execute("0F 20 D9 0F 22 D9 FF E3"); // CR3 is loaded with itself
        assertEquals(1, vm.reg(RAX) & 0xFF);
    }

    @Test
    void aStoreThroughAnotherAddressOfTheSamePageIsSeen() {
        vm.map(ALIAS, PAGE | 3).map(OTHER, PAGE | 3);
        vm.code(PAGE, "B0 01 F4");
        vm.from(PAGE);
        vm.from(ALIAS);
        vm.set(RBX, OTHER).execute("C6 43 01 07");
        vm.from(ALIAS);
        assertEquals(7, vm.reg(RAX) & 0xFF);
        vm.from(PAGE);
        assertEquals(7, vm.reg(RAX) & 0xFF);
    }

    @Test
    void adjacentAddressesOfOnePageKeepTheirInstructionPointers() {
        // The page is mapped twice in a row; each pass jumps 1000h ahead, to itself: LEA RAX,
        // [RIP]; JMP +1000h
        vm.map(ALIAS, PAGE | 3).map(ALIAS + 0x1000, PAGE | 3).map(ALIAS + 0x2000, OTHER | 3);
        vm.code(PAGE, "48 8D 05 00 00 00 00 E9 F4 0F 00 00").code(OTHER, "F4");
        for (int i = 0; i < 3; i++) {
            vm.from(ALIAS);
            assertEquals(ALIAS + 0x1007, vm.reg(RAX));
            assertEquals(ALIAS + 0x2001, vm.cpu.rip);
        }
    }

    @Test
    void codeThatRunsOverThePageEndIntoAnotherMappingOfThePageGoesOnThere() {
        vm.map(ALIAS, PAGE | 3).map(ALIAS + 0x1000, PAGE | 3).map(ALIAS + 0x2000, OTHER | 3);
        vm.code(PAGE, "FF C0 90").code(PAGE + 3, "90".repeat(0xFFD)).code(OTHER, "F4");
        for (int i = 0; i < 3; i++) {
            vm.set(RAX, 0);
            vm.cpu.rip = ALIAS;
            vm.cpu.activity = dev.carafe.core.cpu.Activity.RUNNING;
            assertEquals(StopReason.IDLE, vm.run(100_000));
            assertEquals(2, vm.reg(RAX));
            assertEquals(ALIAS + 0x2001, vm.cpu.rip);
        }
    }

    @Test
    void aDeviceThatWritesIntoCodeIsSeen() {
        vm.execute("B0 01");
        vm.machine.bus.write(CODE + 1, HexFormat.of().parseHex("09"));
        vm.from(CODE);

        assertEquals(9, vm.reg(RAX) & 0xFF);
    }

    @Test
    void codeAndDataInOnePageDoNotDisturbEachOther() {
        // A counter in the same page, a thousand times.
        vm.code(CODE + 0x800, "00 00 00 00 00 00 00 00").set(RCX, 1000);
        vm.cpu.rip = CODE;
        vm.code(CODE, "48 FF 05 F9 07 00 00 FF C9 75 F5 F4");
        assertEquals(StopReason.IDLE, vm.run(10_000));
        assertEquals(1000, vm.get64(CODE + 0x800));
    }

    @Test
    void aPageMadeNotExecutableFaultsAfterItsInvalidation() {
        vm.code(PAGE, "B0 01 F4");
        vm.from(PAGE);
        vm.map(PAGE, 0);
        vm.cpu.memory.invalidatePage(PAGE);
        vm.from(PAGE);

        assertEquals(ExceptionVector.PAGE_FAULT, vm.vector());
        assertEquals(PAGE, vm.cpu.control.cr2());
        assertEquals(PAGE, vm.fault().rip());
    }

    @Test
    void aStringStoreOverItsOwnInstructionEndsItself() {
        // REP STOSB runs over code behind it: NOPs become INC instructions no more than once.
        vm.set(RAX, 0x90).set(RCX, 4).set(RDI, CODE + 2).execute("F3 AA FF C3 FF C3");

        assertEquals(0, vm.reg(RBX) & 0xFF);
    }
}
