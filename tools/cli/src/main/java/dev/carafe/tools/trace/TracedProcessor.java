package dev.carafe.tools.trace;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RegisterDump;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.text.InstructionText;
import dev.carafe.core.isa.text.Syntax;
import dev.carafe.core.machine.DebugMemory;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.tools.symbols.Symbolizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** One processor that is traced. Used by its thread only. */
final class TracedProcessor {
    private static final int LONGEST_INSTRUCTION = 15;
    private static final int MOST_KNOWN = 1 << 20; // instructions remembered by in_asm
    private static final int BYTES_COLUMN = 24;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private final Vcpu vcpu;
    private final DebugMemory memory;
    private final Decoder decoder;
    private final Symbolizer symbols;
    private final AddressFilter filter;
    private final MappingChanges mapping;
    private final Map<Long, Integer> known = new HashMap<>(); // by address: hash of the bytes
    private final byte[] bytes = new byte[LONGEST_INSTRUCTION];
    private Runnable late; // what is written once it is known that no interrupt came; null: nothing

    TracedProcessor(Machine machine, Vcpu vcpu, Symbolizer symbols, AddressFilter filter) {
        this.vcpu = vcpu;
        this.symbols = symbols;
        this.filter = filter;
        memory = machine.control().memory();
        decoder = machine.decoder();
        mapping = new MappingChanges(symbols);
    }

    void before(Cpu cpu) {
        late = null;
        mapping.before(cpu);
        long rip = cpu.rip;
        if (!filter.accepts(rip)) {
            return;
        }
        Runnable lines = lines(cpu, rip);
        if (cpu.events.pending() == 0) {
            lines.run(); // before what the instruction itself may log
        } else {
            late = lines;
        }
    }

    void after(Cpu cpu, boolean executed) {
        if (late != null && executed) {
            late.run();
        }
        mapping.after(cpu);
    }

    /** Everything that is said about the next instruction, as the processor is now. */
    private Runnable lines(Cpu cpu, long rip) {
        boolean shown = TraceLog.EXEC.isInfoEnabled() || TraceLog.IN_ASM.isInfoEnabled();
        String line = shown ? line(cpu, rip) : "";
        boolean first = shown && isNew(rip);
        String registers = registers(cpu);
        return () -> {
            if (first) {
                TraceLog.IN_ASM.info(line);
            }
            if (shown) {
                TraceLog.EXEC.info(line);
            }
            if (!registers.isEmpty()) {
                TraceLog.CPU.info(registers);
            }
        };
    }

    private static String registers(Cpu cpu) {
        if (!TraceLog.CPU.isInfoEnabled()) {
            return "";
        }
        String text =
                TraceLog.FPU.isInfoEnabled() ? RegisterDump.all(cpu) : RegisterDump.integers(cpu);
        return text.stripTrailing();
    }

    private String line(Cpu cpu, long rip) {
        CodeMode mode = cpu.control.codeMode();
        long base = mode == CodeMode.CODE64 ? 0 : cpu.segments.base(Segments.CS);
        long linear = mode == CodeMode.CODE64 ? rip : base + rip & LOW_32;
        Arrays.fill(bytes, (byte) 0);
        int readable = memory.read(vcpu, linear, bytes);
        Instruction instruction = decode(mode, readable);
        StringBuilder out = new StringBuilder("0x").append(hex(linear, 16)).append(":  ");
        if (instruction == null) {
            return out.append("(cannot be read)").toString();
        }
        int start = out.length();
        for (int i = 0; i < instruction.length(); i++) {
            out.append(hex(bytes[i] & 0xFF, 2)).append(' ');
        }
        out.repeat(' ', Math.max(0, BYTES_COLUMN - (out.length() - start)));
        long next = rip + instruction.length();
        out.append(' ').append(InstructionText.of(instruction, next, Syntax.ATT));
        symbols.code(linear)
                .ifPresent(place -> out.append("  <").append(place.inSymbol()).append('>'));
        return out.toString();
    }

    private Instruction decode(CodeMode mode, int readable) {
        int[] next = {0};
        try {
            return decoder.decode(
                    mode,
                    () -> {
                        if (next[0] >= readable) {
                            throw CpuFault.generalProtection(0);
                        }
                        return bytes[next[0]++] & 0xFF;
                    });
        } catch (CpuFault unreadable) {
            return null;
        }
    }

    /** Whether these bytes at this address have not been seen before. */
    private boolean isNew(long rip) {
        if (!TraceLog.IN_ASM.isInfoEnabled()) {
            return false;
        }
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        int hash = Arrays.hashCode(bytes);
        Integer before = known.put(rip, hash);
        return before == null || before != hash;
    }

    static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
