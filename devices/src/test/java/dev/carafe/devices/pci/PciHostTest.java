package dev.carafe.devices.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.devices.RecordingMachine;
import dev.carafe.devices.power.ResetControl;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PciHostTest {
    private final RecordingMachine machine = new RecordingMachine();
    private final PciHost host =
            new PciHost(Map.of(0, new HostBridge()), new ResetControl(machine));

    @Test
    void theAddressRegisterReadsBackWithoutReservedBits() {
        host.write(0, 4, 0xFFFF_FFFFL);
        assertEquals(0x80FF_FFFCL, host.read(0, 4));
        host.write(0, 4, 0x8000_0000L);
        assertEquals(0x8000_0000L, host.read(0, 4));
    }

    @Test
    void theHostBridgeAnswersAtZero() {
        host.write(0, 4, 0x8000_0000L);
        assertEquals(0x29C0_8086L, host.read(4, 4));
        assertEquals(0x29C0, host.read(6, 2));
        host.write(0, 4, 0x8000_0008L);
        assertEquals(0x06, host.read(7, 1), "base class");
        host.write(4, 4, 0);
        assertEquals(0x0600_0000L, host.read(4, 4));
    }

    @Test
    void absentFunctionsAndADisabledAddressReadAllOnes() {
        host.write(0, 4, 0x8000_0800L);
        assertEquals(0xFFFF_FFFFL, host.read(4, 4));
        assertEquals(0xFFFF, host.read(4, 2));
        host.write(0, 4, 0);
        assertEquals(0xFFFF_FFFFL, host.read(4, 4));
    }

    @Test
    void aByteAtCf9IsTheResetControlRegister() {
        host.write(0, 4, 0x8000_0800L);
        host.write(1, 1, 0x06);
        assertEquals("[reset]", machine.requests.toString());
        assertEquals(0x8000_0800L, host.read(0, 4), "and not part of the address");
    }
}
