package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Feature;
import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.MachineDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MachinePlanTest {
    @Test
    void tablesAndProcessorsAgreeOnEveryApicId() {
        MachinePlan plan = plan(new Topology(6, 2, 3, 1, 6), new CpuSelection("max", Map.of()));

        for (CpuDescription cpu : plan.description().cpus()) {
            assertEquals(plan.model().topology().apicId(cpu.index()), cpu.apicId());
        }
        assertEquals(5, plan.description().cpus().get(4).apicId(), "three cores leave a gap");
    }

    @Test
    void theDescriptionKnowsTheProcessorsFeatures() {
        MachinePlan plan =
                plan(new Topology(1, 1, 1, 1, 1), new CpuSelection("max", Map.of("x2apic", false)));

        assertFalse(plan.model().has(Feature.X2APIC));
        assertFalse(plan.description().hasX2Apic());
        MachineDescription description = plan.description();
        assertEquals(plan.model().physicalBits(), description.physicalAddressBits());
        assertEquals(plan.model().tscHertz(), description.tscHertz());
    }

    @Test
    void featuresThatDoNotExistAreLeftOutWithAWarning() {
        MachinePlan plan =
                plan(
                        new Topology(1, 1, 1, 1, 1),
                        new CpuSelection("qemu64", Map.of("hle", true, "x2apic", true)));

        assertTrue(plan.model().has(Feature.X2APIC));
        assertEquals(List.of("-cpu qemu64: feature 'hle' is not implemented"), plan.warnings());
    }

    @Test
    void memoryIsSplitAroundTheDevices() {
        MachinePlan plan =
                plan(new Topology(1, 1, 1, 1, 1), new CpuSelection("max", Map.of()), 6L << 30);

        assertEquals(
                6L << 30, plan.description().lowRamBytes() + plan.description().highRamBytes());
        assertEquals(0xC000_0000L, plan.description().lowRamBytes(), "-M pc");
    }

    private static MachinePlan plan(Topology topology, CpuSelection cpu) {
        return plan(topology, cpu, 128L << 20);
    }

    private static MachinePlan plan(Topology topology, CpuSelection cpu, long memory) {
        Configuration configuration =
                new Configuration(
                        new BootSource(Optional.empty(), Optional.empty(), "", List.of()),
                        memory,
                        topology,
                        cpu,
                        MachineModel.PC,
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        new Ending(false, false, false),
                        new LogSelection(Set.of(), Optional.empty()),
                        Optional.empty());
        return MachinePlan.of(configuration, 0);
    }
}
