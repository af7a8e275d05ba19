package dev.carafe.tools.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Activity;
import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Packet by packet what a debugger gets to see; see docs/gdb.md. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GdbProtocolTest {
    private static final String COUNT = DebuggedMachine.COUNT;
    private static final String FEATURES =
            "qSupported:multiprocess+;swbreak+;hwbreak+;xmlRegisters=i386";

    private static long number(String hex) {
        byte[] little = HexFormat.of().parseHex(hex);
        long value = 0;
        for (int i = little.length - 1; i >= 0; i--) {
            value = value << 8 | little[i] & 0xFF;
        }
        return value;
    }

    private static final int RIP = 16;

    private static long rip(RspClient gdb, int thread) throws Exception {
        assertEquals("OK", gdb.ask("Hgp1.%x".formatted(thread)));
        return number(gdb.ask("p%x".formatted(RIP)));
    }

    @Test
    void aClientThatConnectsFindsTheMachineStopped() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(2, COUNT).start();
                RspClient gdb = vm.connect()) {
            assertTrue(gdb.ask(FEATURES).contains("PacketSize=4000;qXfer:features:read+"));
            assertEquals("T05thread:p01.01;", gdb.ask("?"));
            String first = gdb.ask("g");
            assertEquals(first, gdb.ask("g"));
            assertEquals("1", gdb.ask("qAttached:1"));
            assertEquals("QCp01.01", gdb.ask("qC"));
            assertEquals("mp01.01,p01.02", gdb.ask("qfThreadInfo"));
            assertEquals("l", gdb.ask("qsThreadInfo"));
            assertEquals("OK", gdb.ask("Tp1.2"));
            assertEquals("E22", gdb.ask("Tp1.3"));
            assertEquals("", gdb.ask("vMustReplyEmpty"));
        }
    }

    @Test
    void eachThreadTellsWhatItsProcessorDoes() throws Exception {
        Activity[] activities = Activity.values();
        try (DebuggedMachine vm = new DebuggedMachine(activities.length, COUNT)) {
            for (int i = 0; i < activities.length; i++) {
                vm.machine.vcpus().get(i).cpu().activity = activities[i];
            }
            String[] words = {"running", "halted ", "shutdown", "wait-for-SIPI", "parked"};
            try (RspClient gdb = vm.connect()) {
                String xml = gdb.ask("qXfer:threads:read::0,3ff0");
                for (int i = 0; i < activities.length; i++) {
                    String told = "CPU#" + i + " [" + words[i] + "]";
                    String answer = gdb.ask("qThreadExtraInfo," + (i + 1));
                    assertEquals(told, new String(HexFormat.of().parseHex(answer)));
                    String element = "<thread id=\"%02x\" core=\"%d\" name=\"CPU %d\">%s</thread>";
                    assertTrue(xml.contains(element.formatted(i + 1, i, i, told)), xml);
                }
            }
        }
    }

    @Test
    void theTargetDescriptionNamesEveryByteOfTheRegisterPacket() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            StringBuilder xml = new StringBuilder();
            String piece;
            do {
                piece = gdb.ask("qXfer:features:read:target.xml:%x,400".formatted(xml.length()));
                xml.append(piece.substring(1));
            } while (piece.startsWith("m"));
            assertEquals("l", piece.substring(0, 1));
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(
                    "http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            Document document =
                    factory.newDocumentBuilder()
                            .parse(new ByteArrayInputStream(xml.toString().getBytes()));
            NodeList registers = document.getElementsByTagName("reg");
            String all = gdb.ask("g");
            int at = 0;
            for (int i = 0; i < registers.getLength(); i++) {
                Element register = (Element) registers.item(i);
                int digits = Integer.parseInt(register.getAttribute("bitsize")) / 4;
                String name = register.getAttribute("name");
                if (!name.equals("tsc")) {
                    String value = all.substring(at, at + digits);
                    assertEquals(value, gdb.ask("p%x".formatted(i)), name);
                }
                at += digits;
            }
            assertEquals(all.length(), at);
            assertEquals("E14", gdb.ask("p%x".formatted(registers.getLength())));
            assertEquals("E00", gdb.ask("qXfer:features:read:other.xml:0,10"));
        }
    }

    @Test
    void a32BitDebuggerIsNeverShownAPointerOf64Bits() {
        String xml = TargetDescription.of(new RegisterSet(true));
        assertTrue(xml.contains("<architecture>i386</architecture>"));
        assertTrue(xml.contains("<compatible>i386:x86-64</compatible>"));
        assertTrue(xml.contains("name=\"eip\" bitsize=\"32\" type=\"code_ptr\" regnum=\"8\""));
        assertFalse(xml.matches("(?s).*bitsize=\"64\" type=\"(data|code)_ptr\".*"), xml);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x10, 0x8001_0011L})
    void theRegisterPacketHasOneLengthInEveryMode(long cr0) throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            int length = gdb.ask("g").length();
            vm.machine
                    .vcpus()
                    .getFirst()
                    .cpu()
                    .control
                    .set(cr0, 0x10000, 0x620, cr0 == 0x10 ? 0 : 0xD00);
            assertEquals(length, gdb.ask("g").length());
        }
    }

    @Test
    void registersThatAreWrittenAreReadBack() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(2, COUNT);
                RspClient gdb = vm.connect()) {
            gdb.ask("Hg2");
            assertEquals("OK", gdb.ask("P0=" + RspClient.hex(0x1122_3344_5566_7788L)));
            assertEquals(RspClient.hex(0x1122_3344_5566_7788L), gdb.ask("p0"));
            assertEquals(0x1122_3344_5566_7788L, vm.machine.vcpus().get(1).cpu().regs[0]);
            String all = gdb.ask("g");
            assertEquals("OK", gdb.ask("G" + RspClient.hex(7) + all.substring(16)));
            assertEquals(RspClient.hex(7), gdb.ask("p0"));
            assertEquals("E22", gdb.ask("P0=00"), "too short");
            assertEquals("E22", gdb.ask("P0"));
            assertEquals("E22", gdb.ask("Pzz=00"));
        }
    }

    @Test
    void breakpointsStopEveryProcessorAndNameTheOneThatCame() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(2, COUNT).start();
                RspClient gdb = vm.connect()) {
            gdb.ask(FEATURES);
            gdb.ask("?");
            assertEquals("OK", gdb.ask("Z0,5003,1"));
            boolean[] seen = new boolean[2];
            while (!seen[0] || !seen[1]) {
                String stop = gdb.ask("vCont;c");
                assertTrue(stop.matches("T05thread:p01.0[12];swbreak:;"), stop);
                int thread = stop.charAt(15) - '0';
                seen[thread - 1] = true;
                assertEquals(DebuggedMachine.NOP, rip(gdb, thread));
            }
            assertEquals("48ff0390ebfa", gdb.ask("m5000,6"), "the guest's memory is as it was");
            assertEquals("OK", gdb.ask("z0,5003,1"));
            assertEquals("OK", gdb.ask("Z1,5000,1"));
            assertTrue(gdb.ask("c").matches("T05thread:p01.0[12];hwbreak:;"));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, watch", "3, rwatch", "4, awatch"})
    void watchpointsTellTheAddressAndTheThread(int type, String word) throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(2, COUNT).start();
                RspClient gdb = vm.connect()) {
            gdb.ask("qSupported:multiprocess+");
            assertEquals("OK", gdb.ask("Z%d,e044,2".formatted(type)));
            assertEquals("T05thread:p01.02;" + word + ":e044;", gdb.ask("vCont;c"));
            assertEquals(DebuggedMachine.NOP, rip(gdb, 2));
        }
    }

    @Test
    void oneThreadIsSteppedWhileTheOthersStandStill() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(3, COUNT);
                RspClient gdb = vm.connect()) {
            gdb.ask(FEATURES);
            gdb.ask("?");
            vm.start();
            assertEquals("vCont;c;C;s;S;r;t", gdb.ask("vCont?"));
            assertEquals("T05thread:p01.02;", gdb.ask("vCont;s:p1.2"));
            assertEquals(DebuggedMachine.NOP, rip(gdb, 2));
            assertEquals("T05thread:p01.02;", gdb.ask("vCont;r5003,5006:p1.2"));
            assertEquals(DebuggedMachine.CODE, rip(gdb, 2));
            assertEquals(DebuggedMachine.CODE, rip(gdb, 1));
            assertEquals(DebuggedMachine.CODE, rip(gdb, 3));
            assertEquals(
                    "T05thread:p01.02;", gdb.ask("vCont;s:p1.2;c"), "the others run meanwhile");
        }
    }

    @Test
    void ctrlCStopsAMachineThatRuns() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(2, COUNT).start();
                RspClient gdb = vm.connect()) {
            gdb.ask("qSupported:multiprocess+");
            gdb.ask("?");
            gdb.send("vCont;c");
            gdb.raw("\3");
            assertEquals("T02thread:p01.01;", gdb.reply());
            gdb.raw("\3");
            assertEquals(
                    "QCp01.01", gdb.ask("qC"), "nothing comes of it while the machine is stopped");
        }
    }

    @Test
    void memoryIsReadAsFarAsItGoesAndWithoutAskingDevices() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            assertEquals("OK", gdb.ask("Me000,4:01020304"));
            assertEquals("01020304", gdb.ask("me000,4"));
            assertEquals("OK", gdb.ask("Xe000,3:}\3a}]"), "escaped: # a }");
            assertEquals("23617d", gdb.ask("me000,3"));
            assertEquals(16, gdb.ask("mffff8,10").length());
            assertEquals("E14", gdb.ask("m100000,1"));
            assertEquals("E14", gdb.ask("m80000,4"));
            assertEquals(0, vm.deviceReads.get());
            assertEquals("E14", gdb.ask("M100000,1:00"));
            assertEquals("E22", gdb.ask("Me000,4:0102"));
            assertEquals("E22", gdb.ask("me000"));
            assertEquals("E22", gdb.ask("me000,ffffffffffffffff"));
        }
    }

    @Test
    void physicalMemoryModeIgnoresPageTables() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            vm.machine.memory().write(0x12000, 8, 0x0); // nothing is mapped any more
            assertEquals("E14", gdb.ask("m5000,6"));
            assertEquals("0", gdb.ask("qqemu.PhyMemMode"));
            assertEquals("OK", gdb.ask("Qqemu.PhyMemMode:1"));
            assertEquals("1", gdb.ask("qqemu.PhyMemMode"));
            assertEquals("48ff0390ebfa", gdb.ask("m5000,6"));
            assertEquals("OK", gdb.ask("Me000,1:77"));
            assertEquals("77", gdb.ask("me000,1"));
        }
    }

    @Test
    void lldbLearnsWhichStretchesOfMemoryThereAre() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            assertEquals("start:1000;size:7f000;permissions:rwx;", region(gdb, 0x1234));
            assertEquals("start:80000;size:1000;", region(gdb, 0x80000));
            assertEquals("start:81000;size:7f000;permissions:rwx;", region(gdb, 0x81000));
            assertEquals("start:100000;size:100000;", region(gdb, 0x100000));
            assertEquals("start:fffffffffffff000;size:1000;", region(gdb, -1));
        }
    }

    private static String region(RspClient gdb, long address) throws Exception {
        return gdb.ask("qMemoryRegionInfo:%x".formatted(address));
    }

    @Test
    void memoryIsSearchedAndSummed() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            assertEquals("OK", gdb.ask("M40003,3:616263"));
            assertEquals("1,40003", gdb.ask("qSearch:memory:20000;30000;abc"));
            assertEquals("0", gdb.ask("qSearch:memory:20000;20005;abc"));
            assertEquals("E14", gdb.ask("qSearch:memory:ff000;30000;abc"));
            assertEquals("E22", gdb.ask("qSearch:memory:0;ffffffffffffffff;abc"));
            assertEquals("E22", gdb.ask("qSearch:memory:0;10;"));
            assertEquals("C" + Integer.toHexString(crc("abc".getBytes())), gdb.ask("qCRC:40003,3"));
            assertEquals("E14", gdb.ask("qCRC:ffff0,20"));
        }
    }

    /** The sum of GDB's manual, bit by bit the other way round than the usual one. */
    private static int crc(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
        }
        CRC32 sum = new CRC32();
        sum.update(reversed);
        return ~Integer.reverse((int) sum.getValue());
    }

    @Test
    void stepsTakeInterruptsAsQemuIsToldTo() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            assertEquals("ENABLE=1,NOIRQ=2,NOTIMER=4", gdb.ask("qqemu.sstepbits"));
            assertEquals("0x7", gdb.ask("qqemu.sstep"));
            assertEquals("OK", gdb.ask("Qqemu.sstep=1"));
            assertEquals("0x1", gdb.ask("qqemu.sstep"));
            assertEquals("E22", gdb.ask("Qqemu.sstep=8"));
        }
    }

    @Test
    void monitorCommandsAnswerOnTheConsole() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            String output = gdb.ask("qRcmd," + HexFormat.of().formatHex("hi".getBytes()));
            assertEquals("you said hi\n", new String(HexFormat.of().parseHex(output.substring(1))));
            assertEquals("OK", gdb.reply());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vCont;",
                "vCont;x",
                "vCont;c:p1.9",
                "vCont;t",
                "vCont;r1",
                "vCont;s:",
                "Z0",
                "Z0,1",
                "Z9,1,1",
                "Z2,1,0",
                "z0,,1",
                "Hx1",
                "H",
                "Hgp",
                "Hg99",
                "p",
                "P",
                "P0=",
                "G0",
                "mz,1",
                "m1",
                "M1,1",
                "X1,1",
                "qRcmd,0",
                "qThreadExtraInfo,",
                "qXfer:features:read:target.xml:z,1",
                "qXfer:features:read:target.xml:0",
                "qXfer:threads:read::ffffffff,1",
                "qCRC:1",
                "qSearch:memory:1",
                "Qqemu.sstep=",
                "Qqemu.PhyMemMode:",
                "cz",
                "sz",
                "T",
                "c1,2"
            })
    void whatCannotBeUnderstoodIsAnError(String packet) throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(2, COUNT);
                RspClient gdb = vm.connect()) {
            assertTrue(gdb.ask(packet).matches("E[0-9a-f]{2}"), packet);
            assertEquals("QC01", gdb.ask("qC"));
        }
    }

    @Test
    void brokenFramesAreRefusedAndSkipped() throws Exception {
        try (DebuggedMachine vm = new DebuggedMachine(1, COUNT);
                RspClient gdb = vm.connect()) {
            gdb.raw("noise$qC#00");
            assertEquals('-', gdb.byteRead());
            gdb.raw("$mff$qC#b4");
            assertEquals('+', gdb.byteRead());
            assertEquals("QC01", gdb.reply());
            gdb.raw("-");
            assertEquals("QC01", gdb.reply(), "it is sent once more");
            gdb.send("x".repeat(0x4001));
            assertEquals("E22", gdb.reply());
            assertEquals("OK", gdb.ask("QStartNoAckMode"));
            gdb.raw("$qC#00");
            assertEquals("QC01", gdb.reply());
        }
    }
}
