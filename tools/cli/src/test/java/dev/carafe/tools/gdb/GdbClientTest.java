package dev.carafe.tools.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debuggers that come and go, and runs that end under them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GdbClientTest {
    private static final String COUNT = DebuggedMachine.COUNT;

    @Test
    void aDetachedMachineRunsAndCanBeAttachedAgain() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT).start()) {
            for (int i = 0; i < 3; i++) {
                try (RspClient gdb = vm.connectWhenFree()) {
                    gdb.ask("Z0,5003,1");
                    assertEquals("T05thread:01;", gdb.ask("c"));
                    assertEquals("OK", gdb.ask("D"));
                    assertTrue(vm.machine.control().stopped().isEmpty());
                    assertTrue(vm.machine.control().points().isEmpty());
                }
            }
        }
    }

    @Test
    void aClientThatVanishesLeavesNothingBehind() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT).start()) {
            for (int i = 0; i < 3; i++) {
                try (RspClient gdb = vm.connectWhenFree()) {
                    gdb.ask("Z0,5003,1");
                    gdb.ask("c");
                    gdb.raw("$m50");
                }
            }
            try (RspClient gdb = vm.connectWhenFree()) {
                assertTrue(gdb.ask("?").startsWith("T05"));
                assertTrue(vm.machine.control().points().isEmpty());
            }
        }
    }

    @Test
    void aMachineThatWaitedStaysStoppedWhenAClientVanishes() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT)) {
            vm.machine.control().stop();
            vm.start();
            vm.connectWhenFree().close();
            vm.connectWhenFree().close(); // the one before has been seen off
            assertFalse(vm.machine.control().stopped().isEmpty());
            assertEquals(0, vm.machine.control().<Long>still(vm.machine::executed));
        }
    }

    @Test
    void aSecondClientIsToldThatThereIsOneAlready() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT).start();
                RspClient first = vm.connect()) {
            first.ask("?");
            try (RspClient second = vm.connect()) {
                assertTrue(second.ask("?").startsWith("E.Carafe serves one debugger at a time"));
            }
            assertEquals("QC01", first.ask("qC"));
        }
    }

    @Test
    void killEndsTheRun() throws Exception {
        for (String packet : new String[] {"k", "vKill;1"}) {
            try (DebuggedMachine vm = new DebuggedMachine(1, COUNT).start();
                    RspClient gdb = vm.connect()) {
                gdb.ask("?");
                gdb.send(packet);
                if (packet.startsWith("v")) {
                    assertEquals("OK", gdb.reply());
                }
                assertEquals("QC01", gdb.ask("qC"));
                assertEquals(1, vm.quits.get());
            }
        }
    }

    @Test
    void theEndOfTheRunIsTold() throws Exception {
        // OUT 501h, AL
        try (DebuggedMachine vm = new DebuggedMachine(1, "66ba0105 ee ebfe");
                RspClient gdb = vm.connect()) {
            gdb.ask("?");
            vm.start();
            gdb.send("vCont;c");
            vm.machine.await();
            vm.server.exited(33);
            assertEquals("W21", gdb.reply());
            assertTrue(gdb.closed());
        }
    }

    @Test
    void breakpointsStayThroughAResetOfTheGuest() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, "66ba0105 ee ebfe");
                RspClient gdb = vm.connect()) {
            gdb.ask("?");
            vm.start();
            gdb.ask("Z0,5003,1");
            assertEquals("", gdb.ask("qOffsets"));
            gdb.send("vCont;c");
            vm.machine.await();
            vm.reset(COUNT);
            assertEquals("T05thread:01;", gdb.reply());
            assertEquals(RspClient.hex(DebuggedMachine.NOP), gdb.ask("p10"));
            assertEquals("TextSeg=1234", gdb.ask("qOffsets"));
        }
    }

    @Test
    void aTripleFaultStopsBeforeTheRunEnds() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, "0f0b");
                RspClient gdb = vm.connect()) {
            gdb.ask("?");
            vm.start();
            assertEquals("T06thread:01;", gdb.ask("vCont;c"));
            assertEquals(RspClient.hex(DebuggedMachine.CODE), gdb.ask("p10"));
            assertFalse(vm.machine.control().stopped().isEmpty());
        }
    }
}
