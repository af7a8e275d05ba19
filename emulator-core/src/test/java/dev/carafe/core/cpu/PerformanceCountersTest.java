package dev.carafe.core.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerformanceCountersTest {
    private static final int PROTECTION = 13;

    @Test
    void leafTenTellsVersionTwo() {
        CpuModel model = CpuModel.max(CpuTopology.ofCores(1));

        assertArrayEquals(new int[] {0x0730_0402, 0x78, 0, 0x8603}, Cpuid.leaf(model, 0, 0xA, 0));
    }

    @Test
    void instructionsBetweenTwoReadingsAreCountedExactly() {
        try (Vm vm = Vm.bare()) {
            vm.machine.cpu.performance.setFixedControl(vm.cpu, 0x3);
            vm.machine.cpu.performance.setGlobalControl(vm.cpu, 1L << 32);
            // RDPMC; MOV ESI, EAX; NOP; NOP; RDPMC
            vm.set(Registers.RCX, 0x4000_0000).execute("0F 33 89 C6 90 90 0F 33");

            assertEquals(4, vm.reg(Registers.RAX) - vm.reg(Registers.RSI));
        }
    }

    @Test
    void aCounterThatOverflowsSaysSo() {
        try (Vm vm = Vm.bare()) {
            // PERFEVTSEL0: instructions, OS and user, enabled; PMC0: -2; then two more instructions
            vm.set(Registers.RCX, 0x186).set(Registers.RAX, 0x4300C0);
            vm.set(Registers.RDX, 0).execute("0F 30");
            vm.set(Registers.RCX, 0xC1).set(Registers.RAX, -2);
            vm.execute("0F 30 90 90 90 B9 8E 03 00 00 0F 32");

            assertEquals(1, vm.reg(Registers.RAX));
        }
    }

    @Test
    void referenceCyclesAreThoseOfTheTimeStampCounter() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.performance.setFixedControl(vm.cpu, 0x300);
            vm.cpu.performance.setGlobalControl(vm.cpu, 4L << 32);
            vm.machine.now = 1000;

            assertEquals(1000, vm.cpu.performance.read(vm.cpu, 6), "1 GHz");
        }
    }

    @ParameterizedTest(name = "WRMSR {0}: {1} is reserved")
    @CsvSource({
        "0x186, 0x100000000",
        "0x186, 0x200000",
        "0x38D, 0x4",
        "0x38E, 0x0",
        "0x38F, 0x10",
        "0x390, 0x10",
    })
    void reservedBitsAreRejected(String msr, String value) {
        try (Vm vm = Vm.bare()) {
            long bits = Long.decode(value);
            vm.set(Registers.RCX, Long.decode(msr)).set(Registers.RAX, bits & 0xFFFF_FFFFL);
            vm.set(Registers.RDX, bits >>> 32).execute("0F 30");

            assertEquals(PROTECTION, vm.vector());
        }
    }

    @Test
    void countersThatDoNotExistCannotBeRead() {
        try (Vm vm = Vm.bare();
                Vm without = Vm.bare("max,-pmu")) {
            assertEquals(PROTECTION, vm.set(Registers.RCX, 4).execute("0F 33").vector());
            assertEquals(PROTECTION, without.set(Registers.RCX, 0).execute("0F 33").vector());
        }
    }

    @Test
    void anAmdProcessorHasItsFourCountersWithoutAnyFeatureBit() {
        try (Vm vm = Vm.bare("qemu64")) {
            vm.set(Registers.RAX, 0).set(Registers.RDX, 0);
            assertEquals(-1, vm.set(Registers.RCX, 0xC001_0000L).execute("0F 30").vector());
            assertEquals(-1, vm.set(Registers.RCX, 0xC001_0007L).execute("0F 32").vector());
        }
    }
}
