package dev.carafe.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What a person reads when a test with a machine fails. */
class FailureTest {
    /** Not found by the build's own search, since its name is that of no test. */
    static class Wrong {
        @CarafeMachine(commandLine = "test=panic", limitSeconds = 2, verdicts = false)
        private Vm vm;

        @Test
        @Tag("limit")
        void waits() {
            vm.serial().expect("never said");
        }

        @Test
        void dies(@CarafeMachine(kernel = "no/such/kernel.elf") Vm none) {}

        @Test
        void asksTooMuch(@CarafeMachine(memory = "lots") Vm none) {}
    }

    private static List<String> messages() {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Wrong.class))
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(Event::getPayload)
                .map(payload -> payload.orElseThrow().toString())
                .toList();
    }

    @Test
    void everyFailureSaysWhatTheGuestDidAndWhereItIs() {
        List<String> messages = messages();

        assertEquals(3, messages.size());
        String all = String.join("\n", messages);
        assertTrue(all.contains("COM1 did not say 'never said' within 2 s\n  CPU 0 at "), all);
        assertTrue(all.contains("Could not open") || all.contains("no/such/kernel.elf"), all);
        assertTrue(all.contains("-m lots: 'lots' is not a size such as 512, 512M or 2G"), all);
    }
}
