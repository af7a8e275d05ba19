package dev.carafe.tools.board;

import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Feature;
import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import java.util.List;

/**
 * A configuration made concrete: the machine that tables and hardware are made from, and its
 * processors' model.
 *
 * @param description the machine on paper
 * @param model every processor's model
 * @param warnings features that were asked for and do not exist here, one sentence each
 */
public record MachinePlan(MachineDescription description, CpuModel model, List<String> warnings) {
    private static final int FEATURES_SHIFT = 32;

    public MachinePlan {
        warnings = List.copyOf(warnings);
    }

    /**
     * Makes the plan.
     *
     * @param bootTime what the real-time clock shows at power-on: seconds since 1970-01-01 UTC
     */
    public static MachinePlan of(Configuration configuration, long bootTime) {
        Topology topology = configuration.topology();
        CpuPlan cpu =
                CpuPlan.of(
                        configuration.cpu(),
                        new CpuTopology(topology.sockets(), topology.cores(), topology.threads()));
        CpuModel model = cpu.model();
        MachineDescription description =
                MachineDescription.builder()
                        .type(
                                configuration.machine() == MachineModel.Q35
                                        ? MachineType.Q35
                                        : MachineType.PC)
                        .topology(
                                new dev.carafe.firmware.CpuTopology(
                                        topology.cpus(),
                                        topology.sockets(),
                                        topology.cores(),
                                        topology.threads()))
                        .ramBytes(configuration.memoryBytes())
                        .hpet(configuration.hpet())
                        .framebuffer(FramebufferDescription.standard())
                        .tscHertz(model.tscHertz())
                        .bootTime(bootTime)
                        .gigabytePages(model.has(Feature.PDPE1GB))
                        .fiveLevelPaging(model.has(Feature.LA57))
                        .x2Apic(model.has(Feature.X2APIC))
                        .physicalAddressBits(model.physicalBits())
                        .processorId(processorId(model))
                        .cpuName("Carafe")
                        .build();
        return new MachinePlan(description, model, cpu.warnings());
    }

    /** CPUID.01H:EAX below, EDX above. */
    private static long processorId(CpuModel model) {
        long features = 0;
        for (Feature feature : Feature.values()) {
            if (feature.leaf() == 1
                    && feature.register() == Feature.Register.EDX
                    && model.has(feature)) {
                features |= 1L << feature.bit();
            }
        }
        return features << FEATURES_SHIFT | model.signature() & 0xFFFF_FFFFL;
    }
}
