package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.RBX;
import static dev.carafe.core.cpu.Registers.RCX;
import static dev.carafe.core.cpu.Registers.RSP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.LockWriters;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.memory.PageEntry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a vCPU remembers for a report. */
class BlackBoxTest {
    private static List<RareEvents.Event> events(Vm vm, RareEvents.Kind kind) {
        return vm.cpu.rare.events().stream().filter(event -> event.kind() == kind).toList();
    }

    @Test
    void anEventKnowsItsInstructionItsStackAndHowManyCameBefore() {
        try (Vm vm = Vm.bare()) {
            vm.execute("90 90 0F 0B");
            RareEvents.Event fault = events(vm, RareEvents.Kind.EXCEPTION).getFirst();
            assertEquals(Vm.CODE + 2, fault.rip());
            assertEquals(Vm.STACK, fault.stack());
            assertEquals(3, fault.instructions(), "the one that faults counts");
            assertEquals(1, fault.times());
        }
    }

    @Test
    void whatRepeatsIsCounted() {
        try (Vm vm = Vm.bare()) {
            for (int i = 0; i < 100; i++) {
                vm.cpu.rare.record(RareEvents.Kind.EXCEPTION, Vm.CODE, 6, 0);
            }
            assertEquals(100, events(vm, RareEvents.Kind.EXCEPTION).getFirst().times());
            assertEquals(1, events(vm, RareEvents.Kind.EXCEPTION).size());
        }
    }

    @Test
    void pageFaultsOfOneInstructionAreOneEventFromTheFirstAddressToTheLast() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.rare.record(RareEvents.Kind.INTERRUPT, Vm.CODE, 0x20, 0);
            for (int page = 0; page < 100; page++) {
                vm.cpu.executedBase = page;
                vm.cpu.rare.record(RareEvents.Kind.EXCEPTION, Vm.CODE, 14, page << 12);
            }
            vm.cpu.rare.record(RareEvents.Kind.EXCEPTION, Vm.CODE, 14 | 2 << 8, 0);
            RareEvents.Event fault = events(vm, RareEvents.Kind.EXCEPTION).getFirst();
            assertEquals(100, fault.times());
            assertEquals(0, fault.from());
            assertEquals(99 << 12, fault.value());
            assertEquals(99, fault.instructions());
            assertEquals(2, events(vm, RareEvents.Kind.EXCEPTION).size());
            assertEquals(1, events(vm, RareEvents.Kind.INTERRUPT).size());
        }
    }

    @Test
    void theLastEventIsTheNewestAlsoWhenTheSetUpChangedInARowOfEqualOnes() {
        try (Vm vm = Vm.bare()) {
            long before = vm.cpu.rare.count();
            for (int i = 0; i < 3; i++) {
                vm.cpu.rare.record(RareEvents.Kind.EXCEPTION, Vm.CODE, 14, i);
                vm.cpu.rare.record(RareEvents.Kind.EXCEPTION, Vm.CODE, 14, i);
                vm.cpu.rare.record(RareEvents.Kind.CONTROL_REGISTER, Vm.CODE + 8, 0, i);
            }
            vm.cpu.rare.record(RareEvents.Kind.EXCEPTION, Vm.CODE, 14, 7);

            assertEquals(10, vm.cpu.rare.count() - before);
            assertEquals(7, vm.cpu.rare.events().getLast().value());
            assertEquals(RareEvents.Kind.EXCEPTION, vm.cpu.rare.events().getLast().kind());
            assertEquals(
                    List.of(2, 2, 2, 1),
                    events(vm, RareEvents.Kind.EXCEPTION).stream()
                            .map(RareEvents.Event::times)
                            .toList());
        }
    }

    @Test
    void whatIsWrittenToARegisterIsToldEveryTime() {
        try (Vm vm = Vm.bare()) {
            for (int i = 0; i < 100; i++) {
                vm.cpu.rare.record(RareEvents.Kind.MSR, Vm.CODE, 0x1B, i);
            }
            List<RareEvents.Event> writes = events(vm, RareEvents.Kind.MSR);
            assertEquals(64, writes.size());
            assertEquals(36, writes.getFirst().value());
            assertEquals(99, writes.getLast().value());
        }
    }

    @Test
    void interruptsDoNotPushOutTheSetUpOfTheProcessor() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.rare.record(RareEvents.Kind.IDTR, 1, 2, 3);
            for (int i = 0; i < 1000; i++) {
                vm.cpu.rare.record(RareEvents.Kind.INTERRUPT, i, 0x20, 0);
                vm.cpu.rare.record(RareEvents.Kind.CONTROL_REGISTER, i, 3, i); // CR3
            }
            assertEquals(1, events(vm, RareEvents.Kind.IDTR).size());
            assertEquals(999, vm.cpu.rare.last(RareEvents.Kind.INTERRUPT).rip());
        }
    }

    /** RBX points at the word, RCX is 1, RAX is 0. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "F0 48 0F B1 0B, true", // LOCK CMPXCHG [RBX], RCX
        "F0 48 01 0B,    true", // LOCK ADD
        "48 87 0B,       true", // XCHG
        "F0 48 0F C1 0B, true", // LOCK XADD
        "F0 48 0F AB 03, true", // LOCK BTS [RBX], RAX
        "48 01 0B,       false", // ADD
        "F0 48 21 0B,    false", // LOCK AND leaves 0
    })
    void aLockedChangeOfAWordIsRemembered(String code, boolean remembered) {
        try (Vm vm = Vm.bare().set(RBX, Vm.DATA).set(RCX, 1)) {
            vm.execute("90 " + code);
            LockWriters.Writer writer =
                    vm.cpu.lockWriters.last(vm.cpu.memory.writeOffset(Vm.DATA, 8));
            if (!remembered) {
                assertNull(writer);
                return;
            }
            assertEquals(Vm.CODE + 1, writer.rip());
            assertEquals(0, writer.vcpu());
            assertEquals(0, writer.before());
            assertEquals(1, writer.after());
            assertEquals(vm.reg(RSP), writer.stack());
        }
    }

    @Test
    void aLockedInstructionThatChangesNothingDoesNotOwnTheWord() {
        try (Vm vm = Vm.bare().set(RBX, Vm.DATA).set(RCX, 1).put64(Vm.DATA, 1)) {
            vm.execute("48 87 0B"); // XCHG of 1 and 1
            assertNull(vm.cpu.lockWriters.last(vm.cpu.memory.writeOffset(Vm.DATA, 8)));
        }
    }

    @Test
    void aWalkIsToldEntryByEntryWithItsReservedBits() {
        try (Vm vm = Vm.bare()) {
            long linear = 0x8_0000;
            vm.map(linear, 1L << 63 | Vm.DATA | Vm.PRESENT | Vm.WRITABLE);
            List<PageEntry> walk = vm.cpu.memory.trace(linear);
            assertFalse(walk.isEmpty());
            PageEntry last = walk.getLast();
            assertEquals("PTE", last.name());
            assertTrue(last.leaf());
            long noExecute = vm.cpu.control.efer() & ControlBits.EFER_NXE;
            assertEquals(noExecute != 0 ? 0 : 1L << 63, last.reserved());
            assertEquals(List.of(), vm.cpu.memory.trace(0x8000_0000_0000_0000L));
        }
    }
}
