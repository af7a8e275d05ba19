package dev.carafe.devices.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApicBusTest {
    private final TestMachine machine = new TestMachine(0, 1, 2, 4);

    @ParameterizedTest(name = "destination {0}, command {1} reaches {2}")
    @CsvSource({
        "1,  4051, '1:51'",
        "4,  4051, '3:51'",
        "3,  4051, ''",
        "FF, 4051, '0:51 1:51 2:51 3:51'",
        "0, 44051, '0:51'",
        "0, 84051, '0:51 1:51 2:51 3:51'",
        "0, C4051, '1:51 2:51 3:51'",
    })
    void fixedInterruptsReachTheirPhysicalDestination(
            String destination, String command, String taken) {
        machine.icr(0, Long.parseLong(destination, 16), Long.parseLong(command, 16));
        assertEquals(taken, machine.taken());
    }

    @ParameterizedTest(name = "flat destination {0} reaches {1}")
    @CsvSource({"02, '1:51'", "0A, '1:51 3:51'", "FF, '0:51 1:51 2:51 3:51'", "F0, ''"})
    void flatLogicalDestinationsAreBitMasks(String destination, String taken) {
        for (int i = 0; i < 4; i++) {
            machine.write(i, 0xD0, 1L << (24 + i));
        }
        machine.icr(0, Long.parseLong(destination, 16), 0x4851);
        assertEquals(taken, machine.taken());
    }

    @ParameterizedTest(name = "cluster destination {0} reaches {1}")
    @CsvSource({
        "01, '0:51'",
        "13, '2:51 3:51'",
        "F1, '0:51 2:51'",
        "23, ''",
        "FF, '0:51 1:51 2:51 3:51'"
    })
    void clusterLogicalDestinationsNeedClusterAndBit(String destination, String taken) {
        int[] ids = {0x01, 0x02, 0x11, 0x12};
        for (int i = 0; i < 4; i++) {
            machine.write(i, 0xE0, 0x0FFF_FFFF);
            machine.write(i, 0xD0, (long) ids[i] << 24);
        }
        machine.icr(0, Long.parseLong(destination, 16), 0x4851);
        assertEquals(taken, machine.taken());
    }

    @ParameterizedTest(name = "x2APIC ICR {0} reaches {1}")
    @CsvSource({
        "0000000200004051, '2:51'", "FFFFFFFF00004051, '0:51 1:51 2:51 3:51'",
                "000000FF00004051, ''",
        "0000000600004851, '1:51 2:51'", "0001000100004851, ''",
                "FFFFFFFF00004851, '0:51 1:51 2:51 3:51'",
        "00000000000C4051, '1:51 2:51 3:51'",
    })
    void x2apicDestinationsHave32Bits(String icr, String taken) {
        machine.allToX2apic();
        machine.apic(0).writeMsr(0x830, Long.parseUnsignedLong(icr, 16));
        assertEquals(taken, machine.taken());
    }

    @Test
    void anXapicIdThatTheGuestChangedIsFound() {
        machine.write(1, 0x20, 9L << 24);
        machine.icr(0, 9, 0x4051);
        assertEquals("1:51", machine.taken());
        machine.icr(0, 1, 0x4051);
        assertEquals("", machine.taken());
    }

    @Test
    void lowestPriorityTakesTurnsAmongEnabledProcessors() {
        machine.write(2, 0xF0, 0xFF);
        StringBuilder taken = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            machine.icr(0, 0xFF, 0x4151);
            taken.append(machine.taken()).append(' ');
        }
        assertEquals("0:51 1:51 3:51 0:51 1:51 3:51", taken.toString().trim());
    }

    @Test
    void initStartupNmiAndSmiReachTheCpu() {
        machine.icr(0, 1, 0x4500);
        machine.icr(0, 1, 0x8500); // level de-assert: ignored
        machine.icr(0, 1, 0x469A);
        machine.icr(0, 1, 0x4400);
        machine.icr(0, 1, 0x0400); // without the assert bit
        machine.icr(0, 1, 0x4200);
        assertEquals("[INIT, SIPI 154, NMI, NMI, SMI]", machine.cpu(1).events.toString());
        assertEquals("[]", machine.cpu(0).events.toString());
    }

    @Test
    void broadcastInitAndStartupReachSoftwareDisabledProcessors() {
        machine.apic(1).init();
        machine.icr(0, 0, 0xC4500);
        machine.icr(0, 0, 0xC4600);
        for (int i = 1; i < 4; i++) {
            assertEquals("[INIT, SIPI 0]", machine.cpu(i).events.toString());
        }
    }

    @Test
    void aDisabledApicHearsNothing() {
        machine.apic(1).writeMsr(0x1B, 0xFEE0_0000L);
        machine.icr(0, 1, 0x4051);
        machine.icr(0, 1, 0x4400);
        assertFalse(machine.cpu(1).interrupt);
        assertEquals("[]", machine.cpu(1).events.toString());
    }

    @Test
    void illegalVectorsAreNotSent() {
        machine.icr(0, 1, 0x4005);
        assertEquals("", machine.taken());
        machine.write(0, 0x280, 0);
        assertEquals(0x20, machine.read(0, 0x280));
    }

    @Test
    void messageSignalledInterruptsAreDecoded() {
        MsiWindow window = new MsiWindow(machine.bus);
        window.write(0x04000, 4, 0x61);
        window.write(0xFF000, 4, 0x0062);
        assertEquals("0:62 1:62 2:62 3:61 3:62".replace("3:61 3:62", "3:62 3:61"), machine.taken());
        assertEquals(
                new InterruptMessage(0x33, InterruptMessage.LOWEST_PRIORITY, true, true, 0x12),
                InterruptMessage.ofMsi(0xFEE1_200CL, 0xC033));
        assertEquals(0xFFFF_FFFFL, window.read(0, 4));
    }
}
