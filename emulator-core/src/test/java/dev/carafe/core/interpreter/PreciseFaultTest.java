package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.INVALID_OPCODE;
import static dev.carafe.core.fault.ExceptionVector.PAGE_FAULT;
import static dev.carafe.core.fault.ExceptionVector.STACK_FAULT;
import static dev.carafe.core.interpreter.Vm.CODE;
import static dev.carafe.core.interpreter.Vm.DATA;
import static dev.carafe.core.interpreter.Vm.STACK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Flags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A faulting instruction has changed nothing, and its handler is told exactly where (SDM Vol. 3A,
 * "Exception Classifications").
 */
class PreciseFaultTest {
    private static final long READ_ONLY = 0x30000;
    private static final long ABSENT = 0x31000;
    private static final long NON_CANONICAL = 0x8000_0000_0000L;
    private static final long WRITE = 2;
    private static final long PRESENT = 1;

    private final Vm vm = Vm.bare().map(READ_ONLY, READ_ONLY | Vm.PRESENT).map(ABSENT, 0);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "48 01 03",
                "48 83 13 01",
                "48 FF 03",
                "48 F7 1B",
                "48 D1 23",
                "48 D3 23",
                "48 0F AB 03",
                "F0 48 01 03",
                "48 87 03",
                "48 0F C1 03",
                "F0 48 0F C1 03",
                "48 0F B1 03",
                "F0 48 0F B1 03",
                "48 0F C7 0B",
                "F0 0F C7 0B",
                "00 23",
                "66 81 03 34 12",
                "0F 94 03",
                "48 89 03",
                "C6 03 01",
                "48 0F A4 03 05",
                "0F 29 03",
                "F2 0F 11 03",
                "66 0F D6 03",
                "0F 17 03",
                "0F C3 03",
                "AA",
                "8F 03",
                "0F 38 F1 03",
                "48 0F 38 F1 03",
                "0F AE 03",
                "0F AE 1B",
                "F7 13"
            })
    void aWriteToAReadOnlyPageLeavesRegistersAndFlags(String code) {
        for (int i = 0; i < 16; i++) {
            vm.set(i, 0x1111_1111_1111_1111L * (i & 7) + 3);
        }
        vm.set(RBX, READ_ONLY).set(RDI, READ_ONLY).set(RSP, STACK).set(RCX, 5);
        long[] before = vm.cpu.regs.clone();
        vm.flags(Flags.STATUS);

        vm.execute(code);

        assertEquals(PAGE_FAULT, vm.vector());
        assertEquals(WRITE | PRESENT, vm.fault().errorCode());
        assertEquals(READ_ONLY, vm.cpu.control.cr2());
        assertEquals(CODE, vm.fault().rip());
        assertEquals(Flags.STATUS | 0x10002, vm.fault().flags(), "flags, and RF");
        before[RSP] = vm.fault().rsp();
        assertEquals(STACK, vm.fault().rsp());
        before[RSP] = vm.reg(RSP);
        for (int i = 0; i < 16; i++) {
            assertEquals(before[i], vm.reg(i), "register " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "50",
                "66 50",
                "6A 01",
                "68 01 00 00 00",
                "9C",
                "E8 00 00 00 00",
                "FF D0",
                "FF 33",
                "C8 10 00 00",
                "0F A0"
            })
    void aPushThatFaultsLeavesTheStackPointer(String code) {
        vm.set(RSP, ABSENT + 8 - (code.startsWith("66") ? 6 : 0))
                .set(RBX, DATA)
                .set(RBP, 77)
                .set(RAX, CODE);
        long rsp = READ_ONLY + 0x1000;
        vm.set(RSP, rsp);

        vm.execute(code);

        assertEquals(PAGE_FAULT, vm.vector());
        assertEquals(rsp, vm.fault().rsp());
        assertEquals(CODE, vm.fault().rip());
        assertEquals(77, vm.reg(RBP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"58", "5C", "9D", "C3", "C2 10 00", "C9", "8F 03", "CB", "48 CF", "0F A1"})
    void aPopThatFaultsLeavesTheStackPointer(String code) {
        vm.set(RSP, ABSENT).set(RBP, ABSENT).set(RBX, DATA);

        vm.execute(code);

        assertEquals(PAGE_FAULT, vm.vector());
        assertEquals(ABSENT, vm.fault().rsp());
        assertEquals(ABSENT, vm.reg(RBP));
        assertEquals(ABSENT, vm.cpu.control.cr2());
        assertEquals(CODE, vm.fault().rip());
    }

    @Test
    void aPopToMemoryThatFaultsAtItsStoreHasNotPopped() {
        vm.set(RBX, ABSENT).execute("8F 43 10");

        assertEquals(STACK, vm.fault().rsp());
        assertEquals(ABSENT + 0x10, vm.cpu.control.cr2());
    }

    @ParameterizedTest
    @CsvSource({
        "48 39 03 74 00, 0",
        "48 83 3B 00 75 00, 0",
        "48 85 03 74 00, 0", // the comparison of a comparison and jump
        "48 8B 03 48 83 C0 01, 0", // a load that compilers let addition follow
        "48 83 C0 01 48 89 03, 4",
        "48 31 C0 48 0F AF 03, 3",
        "48 83 C0 08 48 39 03, 4", // the second of a pair
        "90 90 48 8B 03, 2",
        "31 C9 31 D2 F0 48 01 03, 4"
    })
    void faultsNameTheirOwnInstructionAlsoWithinPairs(String code, int offset) {
        for (int times = 0; times < 3; times++) {
            vm.set(RBX, ABSENT).set(RSP, STACK);
            long executed = vm.executed();

            vm.execute(code);

            assertEquals(CODE + offset, vm.fault().rip(), code);
            int before = offset == 0 ? 0 : code.startsWith("90") || code.startsWith("31") ? 2 : 1;
            assertEquals(
                    before + 2,
                    vm.executed() - executed,
                    "those before it, itself, and the HLT of the handler");
        }
    }

    @Test
    void aHandlerThatFaultsAtItsFirstInstructionUsesUpTheBudget() {
        vm.set(RBX, ABSENT).code(0xB000 + 14 * 16, "48 8B 03").code(CODE, "48 8B 03");
        vm.cpu.rip = CODE;

        assertEquals(StopReason.BUDGET, vm.run(10));
        assertEquals(StopReason.BUDGET, vm.run(100_000));
        assertEquals(100_010, vm.executed());
        assertEquals(0xB000 + 14 * 16, vm.cpu.rip);
    }

    @Test
    void aRepeatedMoveStopsWhereItFaultsAndGoesOnFromThere() {
        vm.set(RCX, 100).set(RSI, DATA).set(RDI, READ_ONLY - 37);

        vm.execute("F3 A4");

        assertEquals(PAGE_FAULT, vm.vector());
        assertEquals(CODE, vm.fault().rip());
        assertEquals(63, vm.reg(RCX));
        assertEquals(DATA + 37, vm.reg(RSI));
        assertEquals(READ_ONLY, vm.reg(RDI));
        assertEquals(READ_ONLY, vm.cpu.control.cr2());
    }

    @ParameterizedTest
    @CsvSource({"F3 AA, 1", "F3 AB, 4", "F3 48 AB, 8", "F3 48 A5, 8"})
    void repeatedStoresThatCrossIntoAnAbsentPageAreCountedExactly(String code, int size) {
        vm.set(RCX, 50).set(RSI, DATA).set(RDI, ABSENT - 10L * size).map(READ_ONLY, READ_ONLY | 3);

        vm.execute(code);

        assertEquals(40, vm.reg(RCX));
        assertEquals(ABSENT, vm.reg(RDI));
        assertEquals(ABSENT, vm.cpu.control.cr2());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "48 8B 04 24",
                "48 89 45 00",
                "48 01 04 24",
                "50",
                "58",
                "C3",
                "FF 34 24",
                "0F 28 04 24",
                "48 87 04 24",
                "F0 48 01 04 24",
                "36 48 8B 03",
                "48 FF 45 08",
                "8F 04 24",
                "C9",
                "9C",
                "E8 00 00 00 00"
            })
    void anAddressOnTheStackThatIsNotCanonicalIsAStackFault(String code) {
        long far = NON_CANONICAL + 0x100;
        vm.set(RSP, far).set(RBP, far).set(RBX, far);

        vm.execute(code);

        // An SS override means nothing in 64-bit code.
        assertEquals(code.startsWith("36") ? GENERAL_PROTECTION : STACK_FAULT, vm.vector());
        assertEquals(0, vm.fault().errorCode());
        assertEquals(CODE, vm.fault().rip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "48 8B 03",
                "48 89 03",
                "48 01 03",
                "F3 0F 7E 03",
                "64 48 8B 03",
                "48 87 03",
                "0F B6 03"
            })
    void anyOtherAddressThatIsNotCanonicalIsAGeneralProtectionFault(String code) {
        vm.set(RBX, NON_CANONICAL).execute(code);

        assertEquals(GENERAL_PROTECTION, vm.vector());
        assertEquals(0, vm.fault().errorCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF E3", "FF D3", "53 C3", "FF 21", "FF 11"})
    void aJumpThatLeavesTheCanonicalAddressesFaultsAtTheJump(String code) {
        vm.set(RBX, NON_CANONICAL).set(RCX, DATA).put64(DATA, NON_CANONICAL);

        vm.execute(code);

        assertEquals(GENERAL_PROTECTION, vm.vector());
        assertEquals(CODE + (code.startsWith("53") ? 1 : 0), vm.fault().rip());
        assertEquals(STACK - (code.startsWith("53") ? 8 : 0), vm.fault().rsp());
    }

    @Test
    void sixteenBytesAreTooManyForAnInstruction() {
        vm.execute("66 66 66 66 66 66 66 66 66 66 66 66 66 66 90");
        assertEquals(-1, vm.vector(), "fifteen bytes");

        vm.execute("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90");
        assertEquals(GENERAL_PROTECTION, vm.vector());
        assertEquals(CODE, vm.fault().rip());
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "7, 0", "4, 0", "1, 1"})
    void anInstructionThatReachesIntoAnAbsentPageFaultsThere(int inFirstPage, int before) {
        long start = ABSENT - inFirstPage - before;
        vm.map(READ_ONLY, READ_ONLY | 3);
        vm.code(READ_ONLY, "90".repeat(0x1000))
                .code(
                        ABSENT - inFirstPage,
                        "48 C7 C0 01 00 00 00".substring(0, inFirstPage * 3 - 1));

        vm.from(start);

        assertEquals(PAGE_FAULT, vm.vector());
        assertEquals(inFirstPage == 7 ? ABSENT : ABSENT - inFirstPage, vm.fault().rip());
        assertEquals(ABSENT, vm.cpu.control.cr2());
        assertEquals(0, vm.fault().errorCode() & ~16, "a read of a page that is not present");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000})
    void anInstructionAcrossAPageEndThatFaultsIsNamedExactly(long budget) {
        long start = DATA - 3;
        vm.code(start, "48 8B 85 00 00 00 00").set(RBP, ABSENT);
        vm.cpu.rip = start;
        long executed = vm.executed();
        vm.run(budget); // delivers the exception
        vm.run(1);

        assertEquals(start, vm.fault().rip());
        assertEquals(ABSENT, vm.cpu.control.cr2());
        assertEquals(2, vm.executed() - executed, "itself, and the HLT of the handler");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F 28 43 01",
                "0F 29 43 08",
                "66 0F 6F 43 04",
                "66 0F FE 43 01",
                "0F 58 43 01",
                "66 0F E7 43 01",
                "0F 54 43 02"
            })
    void vectorOperandsMustBeAligned(String code) {
        vm.set(RBX, DATA).execute(code);

        assertEquals(GENERAL_PROTECTION, vm.vector());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F 10 43 01",
                "66 0F 7F 03",
                "F3 0F 6F 43 03",
                "F3 0F 58 43 01",
                "F2 0F 10 43 03",
                "0F 16 43 01",
                "66 0F 6E 43 01"
            })
    void vectorMovesThatSayTheyAreUnalignedNeedNotBe(String code) {
        vm.set(RBX, DATA).execute(code);

        assertEquals(-1, vm.vector());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F 28 C1",
                "66 0F EF C0",
                "F2 0F 58 C1",
                "66 48 0F 6E C0",
                "F3 0F 2A C0",
                "0F 10 03",
                "66 0F D7 C0"
            })
    void vectorInstructionsNeedTheOperatingSystemsConsent(String code) {
        vm.set(RBX, DATA);
        vm.cpu.control.writeCr0(vm.cpu.control.cr0() | ControlBits.CR0_TS);
        assertEquals(7, vm.execute(code).vector(), "#NM");

        vm.cpu.control.clearTaskSwitched();
        vm.set(RSP, STACK);
        assertEquals(-1, vm.execute(code).vector());

        vm.cpu.control.writeCr4(vm.cpu.control.cr4() & ~ControlBits.CR4_OSFXSR);
        assertEquals(INVALID_OPCODE, vm.execute(code).vector());
    }
}
