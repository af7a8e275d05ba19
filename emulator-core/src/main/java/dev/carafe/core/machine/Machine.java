package dev.carafe.core.machine;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.LockWriters;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interpreter.CodeCache;
import dev.carafe.core.interpreter.HandlerTable;
import dev.carafe.core.interpreter.Interpreter;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.decode.OpcodeIndex;
import dev.carafe.core.memory.Mmu;
import dev.carafe.core.memory.PhysicalBus;
import dev.carafe.core.time.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A machine without devices: RAM, ports, virtual time and vCPUs, each on a thread of its own. A
 * board attaches devices to {@link #memory} and {@link #ports}, gives each vCPU its local APIC
 * ({@link #addVcpu}), sets the state they start in, and calls {@link #start}.
 *
 * <p>Lock order: {@link World} is taken last and never held while anything else is called.
 */
public final class Machine implements AutoCloseable {
    private final PhysicalBus memory;
    private final PortBus ports = new PortBus();
    private final HostTimers timers = new HostTimers();
    private final Events[] events;
    private final Entropy entropy;
    private final World world;
    private final CodeCache codeCache;
    private final ParkedVcpus parked;
    private final RunControl control;
    private final List<Vcpu> vcpus = new ArrayList<>(); // complete before start
    private final LockWriters lockWriters = new LockWriters();
    private final Supplier<InstructionSet> instructions;
    private HandlerTable handlers; // made with the first vCPU, before start
    private CpuModel indexedModel; // that opcodeIndex was made for; before start
    private OpcodeIndex opcodeIndex;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    /**
     * @param ramSize bytes, a multiple of 4096
     * @param lowLimit how much of it may lie below 4 GiB
     * @param vcpuCount number of vCPUs that will be added
     * @param instructions shared by all machines
     * @param entropy where random numbers come from
     */
    public Machine(
            long ramSize,
            long lowLimit,
            int vcpuCount,
            InstructionSet instructions,
            Entropy entropy) {
        this(ramSize, lowLimit, vcpuCount, () -> instructions, entropy);
    }

    /**
     * The same where the instructions are still being loaded.
     *
     * @param instructions asked for when vCPUs are added: memory and devices do not need them
     */
    public Machine(
            long ramSize,
            long lowLimit,
            int vcpuCount,
            Supplier<InstructionSet> instructions,
            Entropy entropy) {
        this.entropy = entropy;
        this.instructions = instructions;
        memory = new PhysicalBus(ramSize, lowLimit);
        events = new Events[vcpuCount];
        for (int i = 0; i < vcpuCount; i++) {
            events[i] = new Events();
        }
        world = new World(events);
        codeCache = new CodeCache(memory.pageStates(), this::dropWriteTags);
        parked = new ParkedVcpus(memory, vcpus);
        control = new RunControl(world, timers, vcpus, new DebugMemory(memory), codeCache);
        memory.setCodeWatcher(
                (physical, length) -> {
                    codeCache.written(physical, length);
                    parked.written(physical, length);
                });
    }

    public PhysicalBus memory() {
        return memory;
    }

    public PortBus ports() {
        return ports;
    }

    void serveDueTimers() {
        timers.serveDue();
    }

    public Timers timers() {
        return timers;
    }

    /** The vCPU whose thread asks; empty for any other thread, or one of another machine. */
    public Optional<Vcpu> caller() {
        return Optional.ofNullable(Vcpu.current()).filter(vcpus::contains);
    }

    /** How many deadlines of devices are still to come. */
    public int armedDeadlines() {
        return timers.armed();
    }

    /** Who changed which word with a locked instruction. */
    public LockWriters lockWriters() {
        return lockWriters;
    }

    /** Decodes as the machine's processors do; nothing is executed. */
    public Decoder decoder() {
        return new Decoder(opcodeIndex);
    }

    /** What interrupt controllers do to a vCPU. */
    public CpuSignals signals(int vcpu) {
        return events[vcpu];
    }

    /**
     * Adds the next vCPU: the first one is the bootstrap processor. It waits for SIPI until its
     * state is set otherwise.
     */
    public Vcpu addVcpu(CpuModel model, LocalInterruptController apic) {
        int index = vcpus.size();
        Mmu mmu = new Mmu(memory, world.exclusiveAccess(index), model.physicalBits());
        Cpu cpu =
                new Cpu(
                        new Cpu.Parts(
                                index,
                                model,
                                mmu,
                                ports,
                                apic,
                                timers,
                                entropy,
                                events[index],
                                lockWriters));
        InstructionSet all = instructions.get();
        if (handlers == null) {
            handlers = new HandlerTable(all.handlers(), memory, this::failed);
        }
        if (index == 0 || model != indexedModel) {
            indexedModel = model;
            opcodeIndex = all.opcodes().index(feature -> offers(model, feature));
        }
        var shared = new Interpreter.Shared(codeCache, handlers, opcodeIndex, memory);
        Vcpu vcpu = new Vcpu(this, cpu, new Interpreter(cpu, shared), events[index]);
        vcpus.add(vcpu);
        return vcpu;
    }

    /** A defect of Carafe's own that no vCPU's thread has come upon. */
    private void failed(Throwable defect) {
        finish(new Outcome.InternalError(Outcome.NO_VCPU, defect));
    }

    private static boolean offers(CpuModel model, String feature) {
        return Feature.named(feature).map(model::has).orElse(false);
    }

    public List<Vcpu> vcpus() {
        return List.copyOf(vcpus);
    }

    /**
     * Lets a vCPU wait until the 8 bytes at a physical address become non-zero, and go there then.
     *
     * @param gotoAddress physical address of the word, a multiple of 8
     * @param stackTop physical address of a word that holds the virtual address of its stack's end
     */
    public void park(Vcpu vcpu, long gotoAddress, long stackTop) {
        parked.park(vcpu, gotoAddress, stackTop);
    }

    /** Starts virtual time and all vCPUs. */
    public void start() {
        control.start();
        for (Vcpu vcpu : vcpus) {
            vcpu.startThread();
        }
    }

    /** Stops all vCPUs at instruction boundaries, and time; calls nest. Not for vCPU threads. */
    public void pause() {
        control.pause();
    }

    public void resume() {
        control.unpause();
    }

    /**
     * Ends the run; the first caller's outcome stands. vCPUs stop at their next instruction
     * boundary, and one that calls after the first executes nothing more either.
     */
    public void finish(Outcome how) {
        boolean first = outcome.complete(how);
        world.end();
        if (first) {
            control.ended(how);
        }
    }

    /**
     * Lets somebody look at every instruction, or nobody.
     *
     * @param tracer null for nobody
     */
    public void trace(InstructionTracer tracer) {
        control.still(() -> vcpus.forEach(vcpu -> vcpu.setTracer(tracer)));
    }

    /** Stops the machine and lets it go on, for debuggers and monitors. */
    public RunControl control() {
        return control;
    }

    boolean finished() {
        return outcome.isDone();
    }

    World world() {
        return world;
    }

    ParkedVcpus parked() {
        return parked;
    }

    /** Waits for the end of the run. All vCPU threads have ended when it returns. */
    public Outcome await() {
        Outcome how = outcome.join();
        for (Vcpu vcpu : vcpus) {
            vcpu.joinThread();
        }
        return how;
    }

    /** Instructions executed by all vCPUs together; exact while the machine stands still. */
    public long executed() {
        long sum = 0;
        for (Vcpu vcpu : vcpus) {
            sum += vcpu.executed();
        }
        return sum;
    }

    /** Which vCPUs execute just now, without waiting for any of them. */
    public List<Integer> executing() {
        return world.executing();
    }

    /** Called by a vCPU that wants to decode a page some vCPU may write to without looking. */
    private void dropWriteTags(long physicalPage) {
        Vcpu caller = Vcpu.current();
        if (caller != null) {
            world.stop(caller.index());
        }
        world.enterExclusive();
        try {
            for (Vcpu vcpu : vcpus) {
                vcpu.cpu().memory.dropWriteTags(physicalPage >>> 12);
            }
            memory.pageStates().clearWritable(physicalPage >>> 12);
        } finally {
            world.exitExclusive();
            if (caller != null) {
                world.start(caller.index());
            }
        }
    }

    @Override
    public void close() {
        finish(new Outcome.Stopped());
        await();
        timers.close();
        memory.close();
    }
}
