package dev.carafe.tools.trace;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.InstructionTracer;
import dev.carafe.core.machine.Machine;
import dev.carafe.tools.symbols.Symbolizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log items {@code in_asm}, {@code exec}, {@code cpu}, {@code fpu} and {@code mmu}: what each
 * processor executes. The thread that logs, which every line begins with, is the processor's.
 */
public final class TraceLog implements InstructionTracer {
    static final Logger IN_ASM = LoggerFactory.getLogger("carafe.in_asm");
    static final Logger EXEC = LoggerFactory.getLogger("carafe.exec");
    static final Logger CPU = LoggerFactory.getLogger("carafe.cpu");
    static final Logger FPU = LoggerFactory.getLogger("carafe.fpu");
    static final Logger MMU = LoggerFactory.getLogger("carafe.mmu");

    private final TracedProcessor[] processors;

    /**
     * @param filter what code is looked at by all items but {@code mmu}
     */
    public TraceLog(Machine machine, Symbolizer symbols, AddressFilter filter) {
        processors = new TracedProcessor[machine.vcpus().size()];
        for (int i = 0; i < processors.length; i++) {
            processors[i] = new TracedProcessor(machine, machine.vcpus().get(i), symbols, filter);
        }
    }

    @Override
    public void before(Cpu cpu) {
        processors[cpu.index].before(cpu);
    }

    @Override
    public void after(Cpu cpu, boolean executed) {
        processors[cpu.index].after(cpu, executed);
    }
}
