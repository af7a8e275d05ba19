package dev.carafe.core.machine;

import static dev.carafe.core.cpu.Registers.RBX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Cpu;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every instruction is shown to whoever wants to see them, and to nobody afterwards. */
class InstructionTracerTest {
    /** INC QWORD [RBX]; NOP; JMP to the beginning. */
    private static final String COUNT = "48ff03 90 ebfa";

    private static final int LONG_ENOUGH = 3000; // instructions

    /** Remembers where one vCPU was. */
    private static final class Recorder implements InstructionTracer {
        private final List<Long> seen = new ArrayList<>(); // vCPU 1's thread only
        private final CompletableFuture<List<Long>> all = new CompletableFuture<>();
        private long begun; // vCPU 1's thread only

        @Override
        public void before(Cpu cpu) {
            if (cpu.index == 1) {
                begun = cpu.rip;
            }
        }

        @Override
        public void after(Cpu cpu, boolean executed) {
            if (cpu.index == 1 && executed && seen.size() < LONG_ENOUGH) {
                seen.add(begun - Board.CODE);
                if (seen.size() == LONG_ENOUGH) {
                    all.complete(List.copyOf(seen));
                }
            }
        }
    }

    @Test
    void aTracerSeesEveryInstructionInOrder() throws Exception {
        try (Board board = new Board(2)) {
            board.code(Board.CODE, COUNT);
            board.set(0, RBX, Board.DATA);
            board.set(1, RBX, Board.DATA + 64);
            Recorder recorder = new Recorder();
            board.machine.trace(recorder);
            board.machine.start();

            List<Long> seen = recorder.all.get();
            long[] order = {0, 3, 4};
            for (int i = 0; i < seen.size(); i++) {
                assertEquals(order[i % order.length], seen.get(i), "instruction " + i);
            }
            board.machine.trace(null);
            board.machine.pause();
            assertTrue(board.machine.vcpus().get(1).executed() >= LONG_ENOUGH);
            board.machine.resume();
        }
    }
}
