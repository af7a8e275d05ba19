package dev.carafe.core.isa.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * MONITOR and MWAIT, MOVDIRI and MOVDIR64B (SDM Vol. 2). RAX and RSI are the data page's address,
 * RCX and RDX are zero.
 */
class MonitorTest {
    private static final String MONITOR = "0F 01 C8 ";
    private static final String MWAIT = "0F 01 C9 ";

    private static Vm vm(String model) {
        Vm vm = Vm.bare(model);
        vm.set(Registers.RAX, Vm.DATA + 8).set(Registers.RSI, Vm.DATA);
        return vm.set(Registers.RCX, 0).set(Registers.RDX, 0);
    }

    @Test
    void mwaitWaitsWhileTheLineIsAsItWas() {
        try (Vm vm = vm("max")) {
            vm.execute(MONITOR + MWAIT + "90");

            assertEquals(Vm.CODE + 6, vm.cpu.rip, "behind MWAIT, not yet at HLT");
            assertTrue(vm.cpu.monitor.waiting());
            assertFalse(vm.cpu.monitor.changed(vm::get64));
            vm.put64(Vm.DATA + 56, 1);
            assertTrue(vm.cpu.monitor.changed(vm::get64), "the last word of the line");
        }
    }

    @Test
    void aStoreBetweenMonitorAndMwaitIsNotMissed() {
        try (Vm vm = vm("max")) {
            vm.execute(MONITOR + "FF 06 " + MWAIT + "90"); // INC DWORD [RSI]

            assertEquals(Vm.CODE + 10, vm.cpu.rip, "behind the HLT");
            assertFalse(vm.cpu.monitor.waiting());
        }
    }

    @Test
    void mwaitWithoutMonitorDoesNotWait() {
        try (Vm vm = vm("max")) {
            assertEquals(Vm.CODE + 5, vm.execute(MWAIT + "90").cpu.rip);
        }
    }

    @ParameterizedTest(name = "{0} with ECX {1}: exception {2}")
    @CsvSource({
        "0F 01 C8, 1, 13",
        "0F 01 C9, 1, -1",
        "0F 01 C9, 2, 13",
    })
    void extensionsThatDoNotExistAreRejected(String code, int extensions, int vector) {
        try (Vm vm = vm("max")) {
            assertEquals(vector, vm.set(Registers.RCX, extensions).execute(code).vector());
        }
    }

    @Test
    void monitorChecksItsByteAsALoadDoes() {
        try (Vm vm = vm("max")) {
            vm.map(Vm.DATA, 0);
            vm.cpu.memory.flush();

            assertEquals(14, vm.execute(MONITOR).vector());
        }
    }

    @Test
    void theMiscellaneousEnableBitTakesTheFeatureAway() {
        try (Vm vm = vm("max")) {
            vm.cpu.system.miscEnable = 1;
            vm.execute("B8 01 00 00 00 0F A2 F4");
            assertEquals(0, vm.reg(Registers.RCX) & 8, "CPUID.MONITOR");

            assertEquals(6, vm.set(Registers.RCX, 0).execute(MONITOR).vector());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "0F 38 F9 0E,    00000000FFEEDDCC", // MOVDIRI [RSI], ECX
        "48 0F 38 F9 0E, FFFFFFFFFFEEDDCC",
    })
    void aDirectStoreStores(String code, String stored) {
        try (Vm vm = vm("max")) {
            vm.set(Registers.RCX, 0xFFFF_FFFF_FFEE_DDCCL).execute(code);

            assertEquals(stored, Vm.hex(vm.get64(Vm.DATA)));
        }
    }

    @Test
    void sixtyFourBytesMoveToAnAlignedLine() {
        try (Vm vm = vm("max")) {
            for (int i = 0; i < 8; i++) {
                vm.put64(Vm.DATA + 4 + i * 8L, 0x1111L * (i + 1));
            }
            vm.set(Registers.RDI, Vm.DATA + 4).set(Registers.RBX, Vm.DATA + 0x100);
            vm.execute("66 0F 38 F8 1F"); // MOVDIR64B RBX, [RDI]

            for (int i = 0; i < 8; i++) {
                assertEquals(0x1111L * (i + 1), vm.get64(Vm.DATA + 0x100 + i * 8L));
            }
            vm.set(Registers.RBX, Vm.DATA + 0x104);
            assertEquals(13, vm.execute("66 0F 38 F8 1F").vector(), "misaligned");
        }
    }

    @ParameterizedTest(name = "without {0}: {1}")
    @CsvSource({
        "monitor,   0F 01 C8",
        "monitor,   0F 01 C9",
        "movdiri,   0F 38 F9 0E",
        "movdir64b, 66 0F 38 F8 1F",
    })
    void withoutTheFeatureThereIsNoInstruction(String feature, String code) {
        try (Vm vm = vm("max,-" + feature)) {
            assertEquals(6, vm.execute(code).vector());
        }
    }
}
