package dev.carafe.core.machine;

import static dev.carafe.core.cpu.Registers.RBX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VisitorTest {
    /** INC QWORD [RBX]; NOP; JMP to the beginning. */
    private static final String COUNT = "48ff03 90 ebfa";

    @Test
    void aVisitorSeesOneInstructionAfterTheOtherWhileTheMachineRuns() throws Exception {
        try (Board board = new Board(2)) {
            board.code(Board.CODE, COUNT);
            board.set(0, RBX, Board.DATA);
            board.set(1, RBX, Board.DATA + 64);
            board.machine.start();
            CompletableFuture<List<Long>> seen = new CompletableFuture<>();
            board.machine
                    .vcpus()
                    .get(1)
                    .visit(
                            (cpu, steps) -> {
                                while (cpu.rip != Board.CODE) {
                                    steps.step();
                                }
                                seen.complete(
                                        LongStream.range(0, 6)
                                                .map(i -> steps.step() ? cpu.rip - Board.CODE : -1)
                                                .boxed()
                                                .toList());
                            });
            assertEquals(List.of(3L, 4L, 0L, 3L, 4L, 0L), seen.get());
            board.machine.pause();
            assertTrue(board.machine.executed() > 6);
            board.machine.resume();
        }
    }
}
