package dev.carafe.firmware;

import java.util.ArrayList;
import java.util.List;

/**
 * The machine on paper. Hardware, ACPI, SMBIOS, boot protocols and CPUID are all made from it, so
 * they cannot disagree.
 */
public final class MachineDescription {
    private final Builder values;
    private final List<CpuDescription> cpus;
    private final List<IrqOverride> irqOverrides;

    private MachineDescription(Builder builder) {
        values = builder.copy();
        CpuTopology topology = values.topology;
        List<CpuDescription> list = new ArrayList<>(topology.cpus());
        for (int i = 0; i < topology.cpus(); i++) {
            list.add(new CpuDescription(i, i, ApicIds.apicId(topology, i)));
        }
        cpus = List.copyOf(list);
        irqOverrides =
                List.of(
                        new IrqOverride(0, 2, IrqOverride.BUS_DEFAULT),
                        new IrqOverride(5, 5, IrqOverride.LEVEL_HIGH),
                        new IrqOverride(9, 9, IrqOverride.LEVEL_HIGH),
                        new IrqOverride(10, 10, IrqOverride.LEVEL_HIGH),
                        new IrqOverride(11, 11, IrqOverride.LEVEL_HIGH));
    }

    public static Builder builder() {
        return new Builder();
    }

    public MachineType type() {
        return values.type;
    }

    public CpuTopology topology() {
        return values.topology;
    }

    /** All processors, the BSP first. */
    public List<CpuDescription> cpus() {
        return cpus;
    }

    public CpuDescription bsp() {
        return cpus.get(0);
    }

    public long ramBytes() {
        return values.ramBytes;
    }

    /** RAM from address 0 up to the PCI hole. */
    public long lowRamBytes() {
        boolean q35 = values.type == MachineType.Q35;
        long limit = q35 ? GuestLayout.Q35_LOW_RAM_LIMIT : GuestLayout.PC_LOW_RAM_LIMIT;
        long whenSplit =
                q35 ? GuestLayout.Q35_LOW_RAM_WHEN_SPLIT : GuestLayout.PC_LOW_RAM_WHEN_SPLIT;
        return values.ramBytes < limit ? values.ramBytes : whenSplit;
    }

    /** RAM from 4 GiB upwards. */
    public long highRamBytes() {
        return values.ramBytes - lowRamBytes();
    }

    public long localApicAddress() {
        return GuestLayout.LOCAL_APIC;
    }

    public long ioApicAddress() {
        return GuestLayout.IO_APIC;
    }

    public int ioApicId() {
        return 0;
    }

    public int ioApicGsiBase() {
        return 0;
    }

    public boolean hasHpet() {
        return values.hpet;
    }

    public long hpetAddress() {
        return GuestLayout.HPET;
    }

    /** Whether PCI configuration space is also memory mapped, at {@link GuestLayout#ECAM}. */
    public boolean hasEcam() {
        return values.ecam;
    }

    public List<IrqOverride> irqOverrides() {
        return irqOverrides;
    }

    public PmRegisters pm() {
        return values.type == MachineType.Q35 ? PmRegisters.Q35 : PmRegisters.PC;
    }

    /** The framebuffer, or null on a machine without a display. */
    public FramebufferDescription framebuffer() {
        return values.framebuffer;
    }

    public long tscHertz() {
        return values.tscHertz;
    }

    /** What the real-time clock shows when the machine starts: seconds since 1970-01-01 UTC. */
    public long bootTime() {
        return values.bootTime;
    }

    /** CPUID.80000001H:EDX.PDPE1GB. */
    public boolean hasGigabytePages() {
        return values.gigabytePages;
    }

    /** CPUID.(EAX=07H,ECX=0):ECX.LA57. */
    public boolean hasFiveLevelPaging() {
        return values.fiveLevelPaging;
    }

    /** CPUID.01H:ECX.x2APIC. */
    public boolean hasX2Apic() {
        return values.x2Apic;
    }

    public int physicalAddressBits() {
        return values.physicalAddressBits;
    }

    /** CPUID.01H EAX in the lower half, EDX in the upper half, as SMBIOS reports it. */
    public long processorId() {
        return values.processorId;
    }

    public String cpuName() {
        return values.cpuName;
    }

    /** Collects the choices; every one has a default that boots. */
    public static final class Builder {
        private MachineType type = MachineType.Q35;
        private CpuTopology topology = CpuTopology.flat(1);
        private long ramBytes = 256L << 20;
        private boolean hpet = true;
        private boolean ecam;
        private FramebufferDescription framebuffer;
        private long tscHertz = 1_000_000_000L;
        private long bootTime;
        private boolean gigabytePages = true;
        private boolean fiveLevelPaging;
        private boolean x2Apic = true;
        private int physicalAddressBits = 40;
        private long processorId;
        private String cpuName = "Carafe";

        private Builder() {}

        private Builder copy() {
            return new Builder()
                    .type(type)
                    .topology(topology)
                    .ramBytes(ramBytes)
                    .hpet(hpet)
                    .ecam(ecam)
                    .framebuffer(framebuffer)
                    .tscHertz(tscHertz)
                    .bootTime(bootTime)
                    .gigabytePages(gigabytePages)
                    .fiveLevelPaging(fiveLevelPaging)
                    .x2Apic(x2Apic)
                    .physicalAddressBits(physicalAddressBits)
                    .processorId(processorId)
                    .cpuName(cpuName);
        }

        public Builder type(MachineType value) {
            type = value;
            return this;
        }

        public Builder cpus(int count) {
            return topology(CpuTopology.flat(count));
        }

        public Builder topology(CpuTopology value) {
            topology = value;
            return this;
        }

        /** Rounded down to whole pages. */
        public Builder ramBytes(long value) {
            ramBytes = value & -GuestLayout.PAGE;
            return this;
        }

        public Builder hpet(boolean value) {
            hpet = value;
            return this;
        }

        public Builder ecam(boolean value) {
            ecam = value;
            return this;
        }

        public Builder framebuffer(FramebufferDescription value) {
            framebuffer = value;
            return this;
        }

        public Builder tscHertz(long value) {
            tscHertz = value;
            return this;
        }

        public Builder bootTime(long value) {
            bootTime = value;
            return this;
        }

        public Builder gigabytePages(boolean value) {
            gigabytePages = value;
            return this;
        }

        public Builder fiveLevelPaging(boolean value) {
            fiveLevelPaging = value;
            return this;
        }

        public Builder x2Apic(boolean value) {
            x2Apic = value;
            return this;
        }

        public Builder physicalAddressBits(int value) {
            physicalAddressBits = value;
            return this;
        }

        public Builder processorId(long value) {
            processorId = value;
            return this;
        }

        public Builder cpuName(String value) {
            cpuName = value;
            return this;
        }

        public MachineDescription build() {
            return new MachineDescription(this);
        }
    }
}
