package dev.carafe.tools.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random packets, whole and broken, and clients that vanish between and in the middle of them: the
 * server answers the next client, and the machine's vCPUs run on afterwards. {@code
 * -Dcarafe.gdb.fuzz=1000000} sends that many; the seed is printed.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GdbFuzzTest {
    private static final int PACKETS = Integer.getInteger("carafe.gdb.fuzz", 20_000);
    private static final long SEED = Long.getLong("carafe.gdb.seed", 20261126L);
    private static final int PACKETS_PER_CLIENT = 500;
    private static final String[] BEGINNINGS = {
        "?",
        "g",
        "G",
        "p",
        "P",
        "m",
        "M",
        "X",
        "c",
        "C",
        "s",
        "S",
        "vCont;",
        "vCont?",
        "vAttach;",
        "D",
        "H",
        "Hg",
        "Hc",
        "T",
        "Z",
        "z",
        "Z0,",
        "Z1,",
        "Z2,",
        "Z3,",
        "Z4,",
        "z0,",
        "z2,",
        "q",
        "Q",
        "qSupported:",
        "qXfer:features:read:target.xml:",
        "qXfer:threads:read::",
        "qXfer:memory-map:read::",
        "qC",
        "qfThreadInfo",
        "qThreadExtraInfo,",
        "qOffsets",
        "qSearch:memory:",
        "qCRC:",
        "qRcmd,",
        "Qqemu.sstep=",
        "Qqemu.PhyMemMode:",
        "QStartNoAckMode",
        "!",
        "R",
        "i",
        "\3"
    };
    private static final String ALPHABET = "0123456789abcdef,;:.=p-+csCSrt?*}x\3";

    private final Random random = new Random(SEED);

    @Test
    void noPacketHurtsTheServerOrTheMachine() throws Exception {
        System.out.println("gdb fuzz: carafe.gdb.seed=" + SEED + ", " + PACKETS + " packets");
        try (DebuggedMachine vm = new DebuggedMachine(2, DebuggedMachine.COUNT).start()) {
            for (int sent = 0; sent < PACKETS; sent += PACKETS_PER_CLIENT) {
                client(vm);
                if (vm.ended()) {
                    vm.reset(DebuggedMachine.COUNT); // some packets send a vCPU anywhere
                }
            }
            vm.connectWhenFree().close();
            vm.connectWhenFree().close(); // the one before has been seen off
            vm.reset(DebuggedMachine.COUNT);
            assertEquals(List.of(), vm.machine.control().points());
            vm.machine.control().resume();
            long before = vm.machine.control().<Long>still(vm.machine::executed);
            while (vm.machine.control().<Long>still(vm.machine::executed) == before) {
                Thread.onSpinWait();
            }
        }
    }

    /** One client: sends without ever waiting for an answer, and goes. */
    private void client(DebuggedMachine vm) throws Exception {
        try (RspClient gdb = vm.connectWhenFree()) {
            Thread reader = Thread.ofVirtual().start(() -> drain(gdb));
            StringBuilder batch = new StringBuilder();
            for (int i = 0; i < PACKETS_PER_CLIENT; i++) {
                batch.append(packet());
            }
            batch.setLength(batch.length() - random.nextInt(8)); // the last one may be cut off
            gdb.raw(batch.toString());
            if (random.nextBoolean()) {
                gdb.finishSending();
                reader.join();
            }
        } catch (IOException closed) {
            // it detached, or killed the machine
        }
    }

    private static void drain(RspClient gdb) {
        try {
            gdb.closed();
        } catch (IOException gone) {
            // that was the point
        }
    }

    private String packet() {
        StringBuilder text = new StringBuilder(BEGINNINGS[random.nextInt(BEGINNINGS.length)]);
        int length = random.nextInt(24);
        for (int i = 0; i < length; i++) {
            text.append(
                    random.nextInt(50) == 0
                            ? (char) random.nextInt(256)
                            : ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        byte[] content = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        int sum = random.nextInt(50) == 0 ? 1 : 0; // a wrong one now and then
        for (byte each : content) {
            sum += each;
        }
        String frame = "$" + text + "#%02x".formatted(sum & 0xFF);
        return random.nextInt(50) == 0 ? "\3+-" + frame : frame;
    }
}
