package dev.carafe.core.machine;

import static dev.carafe.core.cpu.Registers.RBX;
import static dev.carafe.core.cpu.Registers.RCX;
import static dev.carafe.core.cpu.Registers.RSI;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.DebugPoint;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a debugger does to a machine whose vCPUs run on threads of their own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunControlTest {
    /** INC QWORD [RBX]; NOP; JMP to the beginning. */
    private static final String COUNT = "48ff03 90 ebfa";

    private static final long NOP = Board.CODE + 3;

    /** Tells a test what its machine does, in order. */
    private static final class Heard implements RunListener {
        final BlockingQueue<Stop> stops = new LinkedBlockingQueue<>();

        @Override
        public void stopped(Stop why) {
            stops.add(why);
        }

        @Override
        public void resumed() {}

        Stop next() throws InterruptedException {
            return stops.take();
        }
    }

    private static Board counting(int vcpus, Heard heard) {
        Board board = new Board(vcpus);
        board.code(Board.CODE, COUNT);
        for (int i = 0; i < vcpus; i++) {
            board.set(i, RBX, Board.DATA + i * 64);
        }
        board.machine.control().listen(heard);
        return board;
    }

    private static long rip(Board board, int vcpu) {
        return board.cpu(vcpu).rip;
    }

    @Test
    void aMachineThatIsStoppedBeforeItsStartExecutesNothingUntilItIsResumed() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(2, heard)) {
            RunControl control = board.machine.control();
            control.stop();
            board.machine.start();
            assertEquals(new Stop(new Stop.Requested(), Stop.NOBODY), heard.next());
            assertEquals(0, control.<Long>still(board.machine::executed));
            control.insert(DebugPoint.code(NOP));
            control.resume();
            heard.next();
            assertTrue(control.<Long>still(board.machine::executed) > 0);
        }
    }

    @Test
    void aCodePointStopsBeforeItsInstructionAndIsPassedAfterwards() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(1, heard)) {
            RunControl control = board.machine.control();
            DebugPoint point = DebugPoint.code(NOP);
            control.insert(point);
            board.machine.start();
            for (int round = 1; round <= 100; round++) {
                assertEquals(new Stop(new Stop.Reached(point, NOP), 0), heard.next());
                long executed = 3L * round - 2;
                assertEquals(executed, control.<Long>still(board.machine::executed));
                assertEquals(NOP, rip(board, 0));
                assertEquals(round, board.get(Board.DATA));
                control.resume();
            }
        }
    }

    @Test
    void codePointsLeaveMemoryAndDebugRegistersAlone() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(1, heard)) {
            RunControl control = board.machine.control();
            for (int i = 0; i < 100; i++) {
                control.insert(DebugPoint.code(0x5800 + i));
                control.insert(new DebugPoint(DebugPoint.Kind.ACCESS, 0xF000 + i, 1));
            }
            control.insert(DebugPoint.code(NOP));
            byte[] before = new byte[6];
            board.machine.memory().read(Board.CODE, before);
            board.machine.start();
            heard.next();
            byte[] after = new byte[6];
            control.still(() -> board.machine.memory().read(Board.CODE, after));
            assertArrayEquals(before, after);
            assertEquals(0x400, board.cpu(0).system.debug[7]);
            assertEquals(0, board.cpu(0).system.debug[0]);
        }
    }

    @Test
    void everyVcpuThatComesToACodePointIsNamed() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(3, heard)) {
            RunControl control = board.machine.control();
            control.insert(DebugPoint.code(NOP));
            board.machine.start();
            boolean[] seen = new boolean[3];
            while (!seen[0] || !seen[1] || !seen[2]) {
                Stop stop = heard.next();
                seen[stop.vcpu()] = true;
                assertEquals(NOP, control.<Long>still(() -> rip(board, stop.vcpu())));
                control.resume();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DebugPoint.Kind.class,
            names = {"WRITE", "READ", "ACCESS"})
    void aDataPointStopsBehindTheAccessOfAnyVcpu(DebugPoint.Kind kind) throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(2, heard)) {
            RunControl control = board.machine.control();
            DebugPoint point = new DebugPoint(kind, Board.DATA + 64 + 2, 2);
            control.insert(point);
            board.machine.start();
            for (int round = 1; round <= 20; round++) {
                Stop stop = heard.next();
                assertEquals(new Stop(new Stop.Reached(point, Board.DATA + 66), 1), stop);
                assertEquals(NOP, control.<Long>still(() -> rip(board, 1)));
                assertEquals(round, board.get(Board.DATA + 64));
                control.resume();
            }
        }
    }

    @Test
    void aReadPointIsNotHitByStores() throws Exception {
        Heard heard = new Heard();
        try (Board board = new Board(1)) {
            // MOV [RBX], AL; MOV RDI, RBX; STOSB; PUSH RAX (elsewhere); MOV AL, [RBX]; HLT
            board.code(Board.CODE, "8803 4889df aa 50 8a03 f4");
            board.set(0, RBX, Board.DATA);
            RunControl control = board.machine.control();
            control.listen(heard);
            control.insert(new DebugPoint(DebugPoint.Kind.READ, Board.DATA, 1));
            board.machine.start();
            heard.next();
            assertEquals(Board.CODE + 9, control.<Long>still(() -> rip(board, 0)));
        }
    }

    @Test
    void hitsOfSeveralVcpusAtTheSameTimeAreReportedOneAfterTheOther() throws Exception {
        Heard heard = new Heard();
        int vcpus = 4;
        try (Board board = new Board(vcpus)) {
            board.code(Board.CODE, "48ff03 f4"); // INC QWORD [RBX]; HLT
            RunControl control = board.machine.control();
            control.listen(heard);
            for (int i = 0; i < vcpus; i++) {
                board.set(i, RBX, Board.DATA + i * 8);
            }
            control.insert(new DebugPoint(DebugPoint.Kind.WRITE, Board.DATA, 8 * vcpus));
            board.machine.start();
            boolean[] seen = new boolean[vcpus];
            for (int i = 0; i < vcpus; i++) {
                int vcpu = heard.next().vcpu();
                assertTrue(!seen[vcpu], "vCPU " + vcpu + " twice");
                seen[vcpu] = true;
                control.resume();
            }
        }
    }

    @Test
    void aStepMovesOneVcpuByOneInstructionAndNoOther() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(2, heard)) {
            RunControl control = board.machine.control();
            control.stop();
            board.machine.start();
            heard.next();
            long[] rips = {NOP, Board.CODE + 4, Board.CODE};
            for (int i = 0; i < 30; i++) {
                control.resume(List.of(Motion.HOLD, Motion.STEP));
                assertEquals(new Stop(new Stop.Stepped(), 1), heard.next());
                assertEquals(rips[i % 3], control.<Long>still(() -> rip(board, 1)));
            }
            assertEquals(0, board.get(Board.DATA));
            assertEquals(10, board.get(Board.DATA + 64));
            assertEquals(30, control.<Long>still(board.machine::executed));
        }
    }

    @Test
    void aStepThroughARangeStopsAtTheFirstInstructionOutside() throws Exception {
        Heard heard = new Heard();
        try (Board board = new Board(1)) {
            board.code(Board.CODE, "48ffc9 75fb 90 f4"); // DEC RCX; JNZ; NOP; HLT
            board.set(0, RCX, 1000);
            RunControl control = board.machine.control();
            control.listen(heard);
            control.stop();
            board.machine.start();
            heard.next();
            Motion step = new Motion.Step(Board.CODE, Board.CODE + 5, false, false);
            control.resume(List.of(step));
            assertEquals(new Stop(new Stop.Stepped(), 0), heard.next());
            assertEquals(Board.CODE + 5, control.<Long>still(() -> rip(board, 0)));
            assertEquals(0, board.cpu(0).regs[RCX]);
        }
    }

    @Test
    void aStepTakesInterruptsOnlyWhenAskedTo() throws Exception {
        Heard heard = new Heard();
        try (Board board = new Board(1)) {
            // OUT 600h, AL: interrupts itself; STI; NOP; NOP; HLT
            board.code(Board.CODE, "ee fb 90 90 f4");
            board.set(0, 2, 0x600);
            board.set(0, RBX, Board.DATA);
            RunControl control = board.machine.control();
            control.listen(heard);
            control.stop();
            board.machine.start();
            heard.next();
            for (int i = 1; i <= 3; i++) {
                control.resume(List.of(Motion.STEP));
                heard.next();
                long expected = Board.CODE + i;
                assertEquals(expected, control.<Long>still(() -> rip(board, 0)));
            }
            control.resume(List.of(new Motion.Step(0, 0, true, true)));
            heard.next();
            assertEquals(Board.OTHER_CODE, control.<Long>still(() -> rip(board, 0)));
        }
    }

    @Test
    void aStepFromHltWaitsForAnInterruptAndLeavesItPending() throws Exception {
        Heard heard = new Heard();
        try (Board board = new Board(2)) {
            board.code(Board.CODE, "fb f4 90 90 f4"); // STI; HLT; NOP; NOP
            board.code(0x7000, "ee ebfe"); // OUT 600h, AL: interrupts vCPU 0; JMP to itself
            board.set(0, RBX, Board.DATA);
            board.cpu(1).rip = 0x7000;
            board.set(1, 2, 0x600);
            RunControl control = board.machine.control();
            control.listen(heard);
            control.stop();
            board.machine.start();
            heard.next();
            for (int i = 0; i < 2; i++) {
                control.resume(List.of(Motion.STEP, Motion.HOLD));
                heard.next();
            }
            assertEquals(Activity.HALTED, board.cpu(0).activity);
            control.resume(List.of(Motion.STEP, Motion.RUN));
            assertEquals(new Stop(new Stop.Stepped(), 0), heard.next());
            assertEquals(Board.CODE + 3, control.<Long>still(() -> rip(board, 0)));
            assertEquals(0, board.get(Board.DATA), "the handler has not run");
        }
    }

    @Test
    void breakpointsOfTheGuestItselfGoOnWorkingBesideTheDebuggers() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(1, heard)) {
            RunControl control = board.machine.control();
            board.put(0x2000 + 16, Board.OTHER_CODE + 0x100 | 8 << 16 | 0x8EL << 40); // #DB
            board.code(Board.OTHER_CODE + 0x100, "ba01050000 ee ebfe"); // OUT 501h, AL
            board.cpu(0).system.debug[0] = Board.CODE + 4;
            board.cpu(0).system.debug[7] = 0x402;
            control.insert(DebugPoint.code(NOP));
            board.machine.start();
            heard.next();
            control.resume();
            assertEquals(new Outcome.DebugExit(0), board.machine.await());
        }
    }

    @Test
    void aDebuggerReadsAndWritesAsFarAsThereIsMemory() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(1, heard)) {
            RunControl control = board.machine.control();
            DebugMemory memory = control.memory();
            Vcpu vcpu = control.vcpus().getFirst();
            byte[] sixteen = new byte[16];
            assertEquals(8, memory.read(vcpu, (1 << 20) - 8, sixteen));
            assertEquals(0, memory.read(vcpu, 1 << 20, sixteen));
            assertEquals(0, memory.read(vcpu, 1L << 47, sixteen), "not canonical");
            assertEquals(0, memory.read(vcpu, 1L << 39, sixteen), "not mapped");
            assertEquals(8, memory.write(vcpu, (1 << 20) - 8, sixteen));
            assertEquals(16, memory.readPhysical(Board.CODE, sixteen));
            assertEquals(0x48, sixteen[0]);
            assertEquals(DebugMemory.NOWHERE, memory.translate(vcpu, 1L << 39));
            assertEquals(Board.CODE, memory.translate(vcpu, Board.CODE));
        }
    }

    @Test
    void aMachineIsAttendedWhileItIsStoppedOrSomeVcpuIsHeldOrADebuggerIsThere() throws Exception {
        Heard heard = new Heard();
        try (Board board = counting(2, heard)) {
            RunControl control = board.machine.control();
            board.machine.start();
            assertFalse(control.attended());
            control.stop();
            heard.next();
            assertTrue(control.attended());
            control.resume(List.of(Motion.RUN, Motion.HOLD));
            assertTrue(control.attended());
            control.stop();
            heard.next();
            control.resume();
            assertFalse(control.attended());
            control.stopAtShutdown(true);
            assertTrue(control.attended());
        }
    }

    @Test
    void aTripleFaultCanBeLookedAtBeforeTheRunEnds() throws Exception {
        Heard heard = new Heard();
        try (Board board = new Board(1)) {
            board.code(Board.CODE, "0f0b"); // UD2, and no gate for it
            board.set(0, RSI, 1);
            RunControl control = board.machine.control();
            control.listen(heard);
            control.stopAtShutdown(true);
            board.machine.start();
            assertEquals(new Stop(new Stop.ShutDown(), 0), heard.next());
            assertEquals(Board.CODE, control.<Long>still(() -> rip(board, 0)));
            control.resume();
            assertTrue(board.machine.await() instanceof Outcome.TripleFaulted);
        }
    }
}
