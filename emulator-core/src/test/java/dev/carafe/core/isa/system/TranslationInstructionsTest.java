package dev.carafe.core.isa.system;

import static dev.carafe.core.cpu.Registers.RAX;
import static dev.carafe.core.cpu.Registers.RBX;
import static dev.carafe.core.cpu.Registers.RCX;
import static dev.carafe.core.cpu.Registers.RDX;
import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.INVALID_OPCODE;
import static dev.carafe.core.fault.ExceptionVector.STACK_FAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * INVPCID, INVLPG, RDPKRU and WRPKRU (SDM Vol. 2). RAX is the type, RBX points to the descriptor.
 */
class TranslationInstructionsTest {
    private static final String INVPCID = "66 0F 38 82 03";
    private static final String RDPKRU = "0F 01 EE";
    private static final String WRPKRU = "0F 01 EF";

    private final Vm vm = Vm.bare();

    @AfterEach
    void release() {
        vm.close();
    }

    private void enable(long bits) {
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | bits);
    }

    @ParameterizedTest(name = "type {0}, PCID {1}, address {2}, PCIDE {3}: {4}")
    @CsvSource({
        "0, 0, 5000, false, true",
        "0, 1, 5000, false, false",
        "1, 1, 0, false, false",
        "2, 1, 0, false, true",
        "3, FFF, 0, false, true",
        "0, FFF, 5000, true, true",
        "0, 1000, 5000, true, false",
        "2, 1000, 0, true, false",
        "0, 1, 00FFFFFFFFFFFFFF, true, true",
        "0, 1, 0100000000000000, true, false",
        "1, 1, 0100000000000000, true, true",
        "4, 0, 0, true, false",
        "100000000, 0, 0, true, false",
    })
    void invpcidRefusesWhatTheManualReserves(
            String type, String context, String address, boolean contexts, boolean allowed) {
        if (contexts) {
            enable(ControlBits.CR4_PCIDE);
        }
        vm.machine.put64(Vm.DATA, Long.parseUnsignedLong(context, 16));
        vm.machine.put64(Vm.DATA + 8, Long.parseUnsignedLong(address, 16) << 1 >> 1);
        vm.set(RAX, Long.parseUnsignedLong(type, 16)).set(RBX, Vm.DATA);
        vm.execute(INVPCID);
        if (allowed) {
            assertNull(vm.fault());
        } else {
            assertEquals(GENERAL_PROTECTION, vm.vector());
        }
    }

    @Test
    void protectionKeyInstructionsNeedTheirControlBitAndZeroes() {
        vm.set(RCX, 0).set(RDX, 0).execute(RDPKRU);
        assertEquals(INVALID_OPCODE, vm.vector());
    }

    @Test
    void wrpkruWritesWhatRdpkruReads() {
        enable(ControlBits.CR4_PKE);
        vm.set(RAX, 0xFFFF_FFFF_1234_5678L).set(RCX, 1L << 32).set(RDX, 0);
        vm.execute(WRPKRU);
        vm.set(RAX, 0).set(RDX, -1).execute(RDPKRU);
        assertNull(vm.fault());
        assertEquals(0x1234_5678L, vm.cpu.regs[RAX]);
        assertEquals(0, vm.cpu.regs[RDX]);
    }

    @ParameterizedTest(name = "{0} with ECX {1} and EDX {2}")
    @CsvSource({WRPKRU + ", 1, 0", WRPKRU + ", 0, 1", RDPKRU + ", 1, 0"})
    void otherRegistersOfProtectionKeysDoNotExist(String code, int ecx, int edx) {
        enable(ControlBits.CR4_PKE);
        vm.set(RCX, ecx).set(RDX, edx).execute(code);
        assertEquals(GENERAL_PROTECTION, vm.vector());
    }

    @Test
    void invlpgOfAnAddressThatIsNotCanonicalIsNothing() {
        vm.set(RBX, 1L << 60).execute("0F 01 3B");
        assertNull(vm.fault());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "48 8B 45 00, true", // mov rax, [rbp]
        "48 8B 04 24, true", // mov rax, [rsp]
        "48 8B 03, false", // mov rax, [rbx]
        "48 8B 43 08, false",
        "3E 48 8B 45 00, true", // a DS prefix means nothing in 64-bit code
        "58, true", // pop rax
        "50, true",
        "48 01 45 00, true",
        "F0 48 01 45 00, true",
        "E8 00 00 00 00, true",
        "C3, true",
        "48 01 03, false",
        "64 48 8B 03, false",
    })
    void whatIsNotCanonicalIsAStackFaultOnTheStackOnly(String code, boolean stack) {
        for (int register = 0; register < 16; register++) {
            vm.set(register, 0x8000_0000_0010L);
        }
        vm.execute(code);
        assertEquals(stack ? STACK_FAULT : GENERAL_PROTECTION, vm.vector());
        assertEquals(0, vm.fault().errorCode());
    }
}
