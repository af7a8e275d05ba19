package dev.carafe.core.cpu;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interrupt.AbsentInterruptController;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.memory.ExclusiveAccess;
import dev.carafe.core.memory.Mmu;
import dev.carafe.core.memory.PhysicalBus;
import java.util.List;

/**
 * One processor with 1 MiB of RAM, a fake clock and a fake APIC; tables and stacks at fixed places.
 */
public final class TestMachine implements AutoCloseable {
    public static final long GDT = 0x1000;
    public static final long IDT = 0x2000;
    public static final long TSS = 0x4000;
    public static final long CODE = 0x5000;
    public static final long STACK = 0x8000;
    public static final long RSP0 = 0x9000;
    public static final long IST1 = 0xA000;
    public static final int KERNEL_CODE = 0x08;
    public static final int KERNEL_DATA = 0x10;
    public static final int USER_CODE32 = 0x1B;
    public static final int USER_DATA = 0x23;
    public static final int USER_CODE = 0x2B;
    public static final int TSS_SELECTOR = 0x30;

    private static final long PML4 = 0x10000;
    private static final int GATE_PRESENT = 0x80;

    public final PhysicalBus bus;
    public final Cpu cpu;
    public long now;
    public final FakeApic apic = new FakeApic();

    /** What the processor asks of its APIC. */
    public static final class FakeApic extends AbsentInterruptController {
        public int vector = NO_VECTOR;
        public int priority;
        public boolean enabled = true;

        @Override
        public int acknowledge() {
            int taken = vector;
            vector = NO_VECTOR;
            return taken;
        }

        @Override
        public int taskPriority() {
            return priority;
        }

        @Override
        public void setTaskPriority(int value) {
            priority = value;
        }

        @Override
        public boolean globallyEnabled() {
            return enabled;
        }

        @Override
        public void init() {
            priority = 0;
        }

        @Override
        public long readMsr(int register) {
            if (register != 0x1B) {
                throw MsrRejected.INSTANCE;
            }
            return 0xFEE00900L;
        }
    }

    private static final class NoPorts implements Bus {
        @Override
        public void attach(AddressRange range, BusDevice device) {}

        @Override
        public long read(long address, int size) {
            return -1;
        }

        @Override
        public void write(long address, int size, long value) {}
    }

    private TestMachine(CpuModel model) {
        bus = new PhysicalBus(1 << 20, 1 << 20);
        Mmu mmu = new Mmu(bus, noExclusive(), model.physicalBits());
        cpu =
                new Cpu(
                        new Cpu.Parts(
                                0,
                                model,
                                mmu,
                                new NoPorts(),
                                apic,
                                () -> now,
                                Entropy.seeded(1),
                                new Events(),
                                new LockWriters()));
        ResetState.powerUp(cpu, Activity.RUNNING);
    }

    private static ExclusiveAccess noExclusive() {
        return new ExclusiveAccess() {
            @Override
            public void enter() {}

            @Override
            public void exit() {}
        };
    }

    /** After reset, in real mode. */
    public static TestMachine reset() {
        return new TestMachine(CpuModel.max(CpuTopology.ofCores(1)));
    }

    /** In 64-bit mode at CPL 0, the first 2 MiB mapped one to one for everybody. */
    public static TestMachine longMode() {
        return longMode(CpuModel.max(CpuTopology.ofCores(1)));
    }

    /** The same with a processor of another model. */
    public static TestMachine longMode(CpuModel model) {
        TestMachine machine = new TestMachine(model);
        machine.put64(PML4, PML4 + 0x1007);
        machine.put64(PML4 + 0x1000, PML4 + 0x2007);
        machine.put64(PML4 + 0x2000, 0x87);
        machine.tables(0xAF, 0xAF);
        Cpu cpu = machine.cpu;
        cpu.control.set(0x8001_0011L, PML4, 0x20, 0xD00);
        machine.load(0xAF);
        return machine;
    }

    /** In 32-bit protected mode at CPL 0 without paging. */
    public static TestMachine protectedMode() {
        TestMachine machine = reset();
        machine.tables(0xCF, 0xCF);
        machine.cpu.control.set(0x11, 0, 0, 0);
        machine.load(0xCF);
        return machine;
    }

    private void tables(int kernelFlags, int userFlags) {
        put64(GDT + 0x08, descriptor(0x9B, kernelFlags));
        put64(GDT + 0x10, descriptor(0x93, 0xCF));
        put64(GDT + 0x18, descriptor(0xFB, 0xCF));
        put64(GDT + 0x20, descriptor(0xF3, 0xCF));
        put64(GDT + 0x28, descriptor(0xFB, userFlags));
        put64(GDT + 0x30, 0x67 | TSS << 16 | 0x89L << 40);
        put64(GDT + 0x38, 0);
        cpu.system.gdtr = new TableRegister(GDT, 0x7F);
        cpu.system.idtr = new TableRegister(IDT, 0xFFF);
        cpu.system.tr = new SystemSegment(TSS_SELECTOR, TSS, 0x67, 0x8B);
    }

    private void load(int kernelFlags) {
        cpu.segments.setCode(KERNEL_CODE, descriptor(0x9B, kernelFlags), 0);
        for (int segment :
                new int[] {Segments.ES, Segments.SS, Segments.DS, Segments.FS, Segments.GS}) {
            cpu.segments.setFromDescriptor(segment, KERNEL_DATA, descriptor(0x93, 0xCF));
        }
        cpu.regs[Registers.RSP] = STACK;
        cpu.rip = CODE;
        cpu.nextRip = CODE + 2;
    }

    /** Puts the processor into 64-bit or 32-bit user code. */
    public void enterUser() {
        long raw = cpu.memory.system.load64(GDT + 0x28);
        cpu.segments.setCode(USER_CODE, raw, 3);
        cpu.segments.setFromDescriptor(Segments.SS, USER_DATA, descriptor(0xF3, 0xCF));
    }

    /** A flat segment descriptor: access byte, and the byte with G, D, L and the limit's top. */
    public static long descriptor(int access, int flags) {
        return 0xFFFFL | (long) access << 40 | (long) flags << 48;
    }

    /** A 16-byte gate of the IDT. */
    public void gate64(int vector, int type, int ist, long handler) {
        long low =
                handler & 0xFFFF
                        | (long) KERNEL_CODE << 16
                        | (long) ist << 32
                        | (long) (GATE_PRESENT | type) << 40
                        | (handler & 0xFFFF_0000L) << 32;
        put64(IDT + vector * 16L, low);
        put64(IDT + vector * 16L + 8, handler >>> 32);
    }

    /** An 8-byte gate of the IDT. */
    public void gate32(int vector, int type, long handler) {
        put64(
                IDT + vector * 8L,
                handler & 0xFFFF
                        | (long) KERNEL_CODE << 16
                        | (long) (GATE_PRESENT | type) << 40
                        | (handler & 0xFFFF_0000L) << 32);
    }

    public void put64(long physical, long value) {
        bus.write(physical, 8, value);
    }

    public void put32(long physical, long value) {
        bus.write(physical, 4, value);
    }

    public void put16(long physical, long value) {
        bus.write(physical, 2, value);
    }

    public long get64(long physical) {
        return bus.read(physical, 8);
    }

    public long get32(long physical) {
        return bus.read(physical, 4);
    }

    public long get16(long physical) {
        return bus.read(physical, 2);
    }

    /** An instruction without memory operand. */
    public Instruction instruction(
            Operation operation,
            Width width,
            List<Operand> operands,
            int reg,
            int rm,
            long immediate) {
        CodeMode mode = cpu.control.codeMode();
        return new Instruction(
                new Encoding(0, operation, operands, false, operation.name()),
                mode,
                width,
                mode == CodeMode.CODE64 ? 8 : mode == CodeMode.CODE32 ? 4 : 2,
                2,
                0,
                false,
                Segments.DS,
                false,
                reg,
                rm,
                Instruction.NO_REGISTER,
                Instruction.NO_REGISTER,
                0,
                0,
                immediate,
                0);
    }

    public Instruction plain(Operation operation, Width width) {
        return instruction(operation, width, List.of(), 0, 0, 0);
    }

    @Override
    public void close() {
        bus.close();
    }
}
