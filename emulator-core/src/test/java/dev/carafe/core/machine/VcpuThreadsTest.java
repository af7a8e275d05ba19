package dev.carafe.core.machine;

import static dev.carafe.core.cpu.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * vCPUs on threads of their own: wake-ups are not lost, exclusive sections exclude, pauses pause,
 * and every run ends.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VcpuThreadsTest {
    private static final long SPLIT = Board.DATA + 0x45;

    /**
     * CLI; flag set? if not STI; HLT and again; if it is: clear it, STI, interrupt the vCPU in ESI,
     * DEC RCX; at 0 write AL to 501h. The flag, at RBX, is set by the interrupt handler.
     */
    private static final String PING_PONG =
            "fa803b007504fbf4ebf6c60300fbba0006000089f0ee48ffc975e5ba01050000eef4ebfd";

    /**
     * RCX times: LOCK CMPXCHG16B [RDI] adds 1 to both halves, LOCK INC a quadword across two at RSI
     * + 3 and an aligned one.
     */
    private static final String CONTENTION =
            "488b07488b5708488d58014c8d4a014989c84c89c9f0480fc70f4c89c175e8f048ff4603f048ff462048ffc975d2ba02050000eef4ebfd";

    @Test
    void twoHaltedVcpusWakeEachOtherAHundredThousandTimes() {
        int rounds = 100_000;
        try (Board board = new Board(2)) {
            board.code(Board.CODE, PING_PONG);
            for (int i = 0; i < 2; i++) {
                board.set(i, RBX, Board.DATA + i * 64);
                board.set(i, RSI, 1 - i);
                board.set(i, RCX, rounds);
            }
            board.put(Board.DATA, 1); // the first vCPU begins

            assertInstanceOf(Outcome.DebugExit.class, board.run());
            // The other vCPU may have ended the run before this one has counted its last round.
            assertTrue(board.cpu(0).regs[RCX] <= 1);
        }
    }

    /**
     * Two vCPUs count [RBX] up to R9 in turns, each when its parity is ESI, and wait by MONITOR and
     * MWAIT for the other's store; no interrupt ever comes. At the end write 0 to 501h.
     */
    private static final String TURNS =
            "4889d831c931d20f01c88b034439c8731789c183e10139f1740931c931c00f01c9ebddf0ff03ebd866ba010531c0eef4ebf6";

    @Test
    void aStoreOfAnotherVcpuEndsMwait() {
        try (Board board = new Board(2)) {
            board.code(Board.CODE, TURNS);
            for (int i = 0; i < 2; i++) {
                board.set(i, RBX, Board.DATA);
                board.set(i, RSI, i);
                board.set(i, 9, 500);
            }

            assertEquals(new Outcome.DebugExit(0), board.run());
            assertEquals(500, board.get(Board.DATA));
        }
    }

    @Test
    void lockedInstructionsOfEveryKindExcludeEachOtherAlsoWhileTheMachineIsPausedAndResumed() {
        int rounds = 4000;
        int vcpus = 3;
        try (Board board = new Board(vcpus)) {
            contention(board, vcpus, rounds);
            board.machine.start();
            for (int i = 0; i < 100; i++) {
                board.machine.pause();
                long executed = board.machine.executed();
                long count = board.get(Board.DATA);
                Thread.onSpinWait();
                assertEquals(
                        executed, board.machine.executed(), "a paused machine executes nothing");
                assertEquals(count, board.get(Board.DATA));
                board.machine.resume();
            }
            assertInstanceOf(Outcome.DebugExit.class, board.machine.await());
            assertEquals(vcpus * rounds, board.get(Board.DATA));
            assertEquals(vcpus * rounds, board.get(Board.DATA + 8));
            assertEquals(vcpus * rounds, board.get(SPLIT));
            assertEquals(vcpus * rounds, board.get(SPLIT - 3 + 0x20));
        }
    }

    private static void contention(Board board, int vcpus, int rounds) {
        board.code(Board.CODE, CONTENTION);
        AtomicInteger left = new AtomicInteger(vcpus);
        board.port(
                0x502,
                value -> {
                    if (left.decrementAndGet() == 0) {
                        board.machine.finish(new Outcome.DebugExit(0));
                    }
                });
        for (int i = 0; i < vcpus; i++) {
            board.set(i, RDI, Board.DATA);
            board.set(i, RSI, SPLIT - 3);
            board.set(i, RCX, rounds);
        }
    }

    @Test
    void aRunEndsAlsoAmongExclusiveSections() {
        for (int i = 0; i < 150; i++) {
            try (Board board = new Board(2)) {
                contention(board, 2, Integer.MAX_VALUE);
                board.machine.start();
                for (int spin = 0; spin < i * 50; spin++) {
                    Thread.onSpinWait();
                }
                board.machine.finish(new Outcome.Stopped());
                assertEquals(new Outcome.Stopped(), board.machine.await());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EB FE", "F4 EB FD", "F3 90 EB FC", CONTENTION})
    void aPausedMachineCanBeClosed(String code) {
        Board board = new Board(2);
        contention(board, 2, Integer.MAX_VALUE);
        board.code(Board.CODE, code);
        board.machine.start();
        board.machine.pause();
        board.machine.pause();
        board.machine.resume();
        board.close();
        assertEquals(new Outcome.Stopped(), board.machine.await());
    }

    @Test
    void parkedVcpusGoWhereTheirWordsSay() {
        try (Board board = new Board(4)) {
            // The words are at DATA, DATA+16 and DATA+32, the stack tops behind; the vCPUs count
            // themselves at F000h and halt.
            board.code(
                    Board.CODE,
                    "48C7C0006000004889074889471048894720F39048833E0375F8BA01050000EEF4EBFD");
            board.code(Board.OTHER_CODE, "54F048FF042500F00000F4EBFD");
            board.set(0, RDI, Board.DATA);
            board.set(0, RSI, 0xF000);
            for (int i = 1; i < 4; i++) {
                long word = Board.DATA + (i - 1) * 16L;
                board.put(word, 0);
                board.put(word + 8, 0x9000 + i * 0x100);
                board.machine.park(board.machine.vcpus().get(i), word, word + 8);
            }

            assertInstanceOf(Outcome.DebugExit.class, board.run());
            for (int i = 1; i < 4; i++) {
                assertEquals(
                        0x9000 + i * 0x100 - 16,
                        board.cpu(i).regs[RSP],
                        "a return address, and what was pushed");
            }
        }
    }

    @Test
    void codeThatAnotherVcpuHasChangedIsExecutedAfterTheUsualHandshake() {
        try (Board board = new Board(2)) {
            // vCPU 0 asks by [RDI], waits for the answer in [RDI+8], calls MOV EAX, imm32 at RSI
            // and compares with ECX.
            board.code(
                    Board.CODE,
                    "48890FF39048394F0875F831C0FFD639C8750CFFC975E9BA0105000031C0EEBA01050000EEF4EBFD");
            // vCPU 1 writes the immediate.
            board.code(0x7000, "488B0F483B4F0874F7894E0148894F08EBEE");
            board.code(0x9000, "B8 00 00 00 00 C3");
            for (int i = 0; i < 2; i++) {
                board.set(i, RDI, Board.DATA);
                board.set(i, RSI, 0x9000);
            }
            board.set(0, RCX, 400);
            board.set(0, RAX, 0);
            board.cpu(1).rip = 0x7000;

            assertEquals(new Outcome.DebugExit(0), board.run());
            assertEquals(0, board.cpu(0).regs[RCX]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void vcpusThatDecodeAndExecuteOnePageTogetherAreNotDisturbedByStoresBetweenItsInstructions(
            int stores) {
        int calls = 60_000;
        try (Board board = new Board(3)) {
            // ADD RDX, RDI; call function (RDX mod 256) of the page: INC RAX; RET; RCX times.
            board.code(
                    Board.CODE,
                    "4801fa81e2ff000000488d34d500900000ffd648ffc975e8ba02050000eef4ebfd");
            // Stores into the padding behind a function, RCX times.
            board.code(0x7000, "4883c24881e2f807000088920690000048ffc975ebba02050000eef4ebfd");
            board.code(0x9000, "48 FF C0 C3 CC CC CC CC".repeat(256));
            AtomicInteger left = new AtomicInteger(stores == 0 ? 2 : 3);
            board.port(
                    0x502,
                    value -> {
                        if (left.decrementAndGet() == 0) {
                            board.machine.finish(new Outcome.DebugExit(0));
                        }
                    });
            for (int i = 0; i < 2; i++) {
                board.set(i, RAX, 0);
                board.set(i, RDX, i * 100);
                board.set(i, RDI, i == 0 ? 37 : 219);
                board.set(i, RCX, calls);
            }
            board.cpu(2).rip = 0x7000;
            board.set(2, RCX, stores);
            if (stores == 0) {
                board.code(0x7000, "F4 EB FD");
            }

            assertEquals(new Outcome.DebugExit(0), board.run());
            assertEquals(calls, board.cpu(0).regs[RAX]);
            assertEquals(calls, board.cpu(1).regs[RAX]);
        }
    }
}
