package dev.carafe.tools.trace;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.machine.DebugMemory;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.tools.symbols.Symbolizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Functions on a processor's stack, by frame pointers: kernels that are built without them show the
 * innermost one only. While the machine stands still. Used by one thread.
 */
final class CallStacks {
    private static final int MOST_FRAMES = 64;
    private static final int FRAME_BYTES = 16;
    private static final int MOST_NAMES = 1 << 16;
    private static final String USER = "[user]";

    private final DebugMemory memory;
    private final Symbolizer symbols;
    private final Map<Long, String> names = new HashMap<>(); // of addresses seen

    CallStacks(DebugMemory memory, Symbolizer symbols) {
        this.memory = memory;
        this.symbols = symbols;
    }

    /** Names, innermost first; never empty. */
    List<String> of(Vcpu vcpu) {
        Cpu cpu = vcpu.cpu();
        List<String> stack = new ArrayList<>();
        if (cpu.cpl == 3) {
            stack.add(USER);
            return stack;
        }
        stack.add(name(cpu.rip));
        if (!cpu.control.codeIs64()) {
            return stack;
        }
        long frame = cpu.regs[Registers.RBP];
        long below = cpu.regs[Registers.RSP];
        byte[] words = new byte[FRAME_BYTES];
        while (stack.size() < MOST_FRAMES
                && frame % Long.BYTES == 0
                && Long.compareUnsigned(frame, below) >= 0
                && memory.read(vcpu, frame, words) == FRAME_BYTES
                && symbols.isCode(word(words, Long.BYTES))) {
            stack.add(name(word(words, Long.BYTES) - 1)); // inside the call, not behind it
            below = frame + 1;
            frame = word(words, 0);
        }
        return stack;
    }

    private String name(long address) {
        if (names.size() >= MOST_NAMES) {
            names.clear();
        }
        return names.computeIfAbsent(address, this::look);
    }

    private String look(long address) {
        return symbols.code(address)
                .map(place -> place.inSymbol().split("\\+0x", 2)[0])
                .orElse("[unknown]");
    }

    private static long word(byte[] bytes, int at) {
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
