package dev.carafe.core.machine;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.ResetState;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interrupt.AbsentInterruptController;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * A machine with threads, 1 MiB of RAM mapped one to one, all vCPUs in 64-bit code at privilege
 * level 0, and two ports: 501h ends the run with the byte written, 600h interrupts the vCPU whose
 * number is written.
 */
final class Board implements AutoCloseable {
    static final long CODE = 0x5000;
    static final long OTHER_CODE = 0x6000;
    static final long DATA = 0xE000;

    private static final long IDT = 0x2000;
    private static final long GDT = 0x1000;
    private static final long PML4 = 0x10000;
    private static final int VECTOR = 0x40;
    private static final InstructionSet INSTRUCTIONS = InstructionSet.load();

    final Machine machine;
    private final TestApic[] apics;

    /** Holds one interrupt. */
    private final class TestApic extends AbsentInterruptController {
        private final int index;
        private final AtomicInteger pending = new AtomicInteger();

        TestApic(int index) {
            this.index = index;
        }

        void request() {
            pending.set(1);
            machine.signals(index).interrupt(true);
        }

        @Override
        public int acknowledge() {
            machine.signals(index).interrupt(false);
            return pending.getAndSet(0) == 0 ? NO_VECTOR : VECTOR;
        }
    }

    Board(int vcpus) {
        machine = new Machine(1 << 20, 1 << 20, vcpus, INSTRUCTIONS, Entropy.seeded(1));
        apics = new TestApic[vcpus];
        CpuModel model = CpuModel.max(CpuTopology.ofCores(vcpus));
        tables();
        for (int i = 0; i < vcpus; i++) {
            apics[i] = new TestApic(i);
            start(machine.addVcpu(model, apics[i]).cpu(), i);
        }
        machine.ports()
                .attach(
                        new AddressRange(0x501, 1),
                        output(value -> machine.finish(new Outcome.DebugExit(value))));
        machine.ports().attach(new AddressRange(0x600, 1), output(value -> apics[value].request()));
    }

    private void tables() {
        put(PML4, PML4 + 0x1003);
        put(PML4 + 0x1000, PML4 + 0x2003);
        put(PML4 + 0x2000, 0x83);
        put(GDT + 8, TestMachine.descriptor(0x9B, 0xAF));
        put(GDT + 16, TestMachine.descriptor(0x93, 0xCF));
        put(IDT + VECTOR * 16, OTHER_CODE | 8 << 16 | 0x8EL << 40);
        code(OTHER_CODE, "C6 03 01 48 CF"); // MOV BYTE [RBX], 1; IRETQ
    }

    private static void start(Cpu cpu, int index) {
        ResetState.powerUp(cpu, Activity.RUNNING);
        cpu.control.set(0x8001_0011L, PML4, 0x620, 0xD00);
        cpu.system.gdtr = new TableRegister(GDT, 0x1F);
        cpu.system.idtr = new TableRegister(IDT, 0xFFF);
        cpu.segments.setCode(8, TestMachine.descriptor(0x9B, 0xAF), 0);
        for (int segment :
                new int[] {Segments.ES, Segments.SS, Segments.DS, Segments.FS, Segments.GS}) {
            cpu.segments.setFromDescriptor(segment, 16, TestMachine.descriptor(0x93, 0xCF));
        }
        cpu.regs[4] = 0x8000 + index * 0x400L;
        cpu.rip = CODE;
        cpu.setRflags(2);
    }

    private static BusDevice output(IntConsumer sink) {
        return new BusDevice() {
            @Override
            public long read(int offset, int size) {
                return 0xFF;
            }

            @Override
            public void write(int offset, int size, long value) {
                sink.accept((int) value);
            }
        };
    }

    /** Attaches a port that only takes bytes. */
    void port(int number, IntConsumer sink) {
        machine.ports().attach(new AddressRange(number, 1), output(sink));
    }

    void code(long address, String hex) {
        machine.memory().write(address, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    void put(long address, long value) {
        machine.memory().write(address, 8, value);
    }

    long get(long address) {
        return machine.memory().read(address, 8);
    }

    Cpu cpu(int index) {
        return machine.vcpus().get(index).cpu();
    }

    void set(int vcpu, int register, long value) {
        cpu(vcpu).regs[register] = value;
    }

    /** Starts and waits for the end. */
    Outcome run() {
        machine.start();
        return machine.await();
    }

    @Override
    public void close() {
        machine.close();
    }
}
