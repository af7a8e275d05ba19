package dev.carafe.firmware.limine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.CpuTopology;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.PicState;
import dev.carafe.firmware.ProcessorStart.ParkedCpu;
import dev.carafe.firmware.ProcessorStart.WaitForSipi;
import dev.carafe.firmware.SegmentState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limine PROTOCOL, "Machine State at Entry" and "MP (Multiprocessor) Feature"; values measured on
 * the real loader.
 */
class LimineEntryTest {
    private static final long HHDM = GuestLayout.HHDM_4_LEVEL;

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 5, 6})
    void registersOfTheBootProcessor(int revision) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(revision);
        BootImage image = guest.boot();
        InitialState bsp = image.bsp();

        for (int i = 0; i < 16; i++) {
            if (i != InitialState.RSP) {
                assertEquals(0, bsp.general(i), "register " + i);
            }
        }
        assertEquals(8, bsp.rsp() & 15, "as after a call");
        assertEquals(0, guest.wordAt(bsp.rsp()), "null return address");
        assertEquals(LimineGuest.BASE, bsp.rip());
        assertEquals(2, bsp.rflags());
        assertEquals(0x80010011L, bsp.cr0());
        assertEquals(0x20, bsp.cr4());
        assertEquals(0xD00, bsp.efer());
        assertEquals(0x0000010500070406L, bsp.pat());
        assertEquals(0, bsp.cr3() & 0xFFF);
        assertEquals(0xFEE00900L, bsp.apicBase());
        assertEquals(0x28, bsp.cs().selector());
        assertEquals(0x209B, bsp.cs().attributes(), "64-bit code");
        for (SegmentState data : List.of(bsp.ds(), bsp.es(), bsp.ss(), bsp.fs(), bsp.gs())) {
            assertEquals(0x30, data.selector());
            assertEquals(0, data.base());
        }
        assertEquals(0, bsp.ldtr().selector());
        assertFalse(bsp.ldtr().usable());
        assertEquals(0, bsp.idtr().base());
        assertEquals(0, bsp.idtr().limit());
        assertEquals(PicState.MASKED, image.pic());
    }

    @Test
    void theGlobalDescriptorTableIsTheMeasuredOne() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(2);
        InitialState bsp = guest.boot().bsp();
        long[] expected = {
            0,
            0x00009b000000ffffL,
            0x000093000000ffffL,
            0x00cf9b000000ffffL,
            0x00cf93000000ffffL,
            0x00209b0000000000L,
            0x0000930000000000L
        };

        assertEquals(0x37, bsp.gdtr().limit());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], guest.wordAt(bsp.gdtr().base() + 8 * i), "entry " + i);
        }
        assertEquals(0, bsp.tr().selector());
    }

    @Test
    void fromRevisionFiveOnTheTaskRegisterHoldsAnEmptyTss() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(5);
        InitialState bsp = guest.boot().bsp();

        assertEquals(0x47, bsp.gdtr().limit());
        assertEquals(0x38, bsp.tr().selector());
        assertEquals(0, bsp.tr().limit());
        assertEquals(0, bsp.tr().base());
        assertEquals(
                0x00008B0000000000L, guest.wordAt(bsp.gdtr().base() + 0x38), "busy 64-bit TSS");
    }

    @Test
    void localApicIsInVirtualWireModeBeforeRevisionFiveAndMaskedAfter() throws BootException {
        LimineGuest old = LimineGuest.ofRevision(4);
        assertEquals(0x8700, old.boot().bsp().localApic().lint0());
        assertEquals(0x8400, old.boot().bsp().localApic().lint1());

        LimineGuest young = LimineGuest.ofRevision(5);
        assertEquals(0x18700, young.boot().bsp().localApic().lint0());
        assertEquals(0x10400, young.boot().bsp().localApic().lint1());
        assertEquals(0x1FF, young.boot().bsp().localApic().spuriousVector());
    }

    @Test
    void withoutAnMpRequestTheOthersWaitForTheirStartupIpi() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(6);
        guest.machine().cpus(3);

        assertEquals(
                List.of(new WaitForSipi(1), new WaitForSipi(2)),
                guest.boot().applicationProcessors());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 64})
    void everyProcessorIsListedAndEveryOtherOneParked(int cpus) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(6);
        guest.machine().cpus(cpus);
        long request = guest.request(LimineId.MP, 0);
        BootImage image = guest.boot();
        long response = guest.response(request);

        assertEquals(0, guest.wordAt(response));
        assertEquals(0, guest.view().read(response + 8, 4), "flags: xAPIC");
        assertEquals(0, guest.view().read(response + 12, 4), "BSP");
        assertEquals(cpus, guest.wordAt(response + 16));
        assertEquals(cpus - 1, image.applicationProcessors().size());
        for (int i = 0; i < cpus; i++) {
            long info = guest.wordAt(guest.wordAt(response + 24) + 8L * i);
            assertEquals(i, guest.view().read(info, 4), "processor_id");
            assertEquals(i, guest.view().read(info + 4, 4), "lapic_id");
            assertEquals(0, guest.wordAt(info + 16), "goto_address");
            assertEquals(0, guest.wordAt(info + 24), "extra_argument");
            if (i == 0) {
                assertEquals(0, guest.wordAt(info + 8), "the BSP has no stack here");
                continue;
            }
            ParkedCpu parked =
                    assertInstanceOf(ParkedCpu.class, image.applicationProcessors().get(i - 1));
            assertEquals(i, parked.cpu());
            assertEquals(guest.view().translate(info + 16), parked.gotoAddress());
            assertParkedState(guest, image, parked, info);
        }
    }

    private static void assertParkedState(
            LimineGuest guest, BootImage image, ParkedCpu parked, long info) {
        InitialState state = parked.atRelease();
        assertEquals(info, state.rdi());
        assertEquals(guest.wordAt(info + 8) - 8, state.rsp());
        assertEquals(0, guest.wordAt(state.rsp()));
        assertEquals(8, state.rsp() & 15);
        assertEquals(image.bsp().cr3(), state.cr3());
        assertEquals(image.bsp().cs(), state.cs());
        assertEquals(image.bsp().gdtr(), state.gdtr());
        assertEquals(0xFEE00800L, state.apicBase());
        assertEquals(0, state.rip());
        assertEquals(0x10000, state.localApic().lint0());
    }

    @Test
    void gapsBetweenApicIdsAreReported() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(6);
        guest.machine().topology(new CpuTopology(6, 2, 3, 1));
        long request = guest.request(LimineId.MP, 0);
        guest.boot();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(
                    guest.view()
                            .read(
                                    guest.wordAt(
                                                    guest.wordAt(guest.response(request) + 24)
                                                            + 8L * i)
                                            + 4,
                                    4));
        }

        assertEquals(List.of(0L, 1L, 2L, 4L, 5L, 6L), ids);
    }

    @Test
    void x2ApicIsGrantedOnlyIfAskedForAndThere() throws BootException {
        assertTrue(x2Apic(1, true));
        assertFalse(x2Apic(1, false));
        assertFalse(x2Apic(0, true));
    }

    private static boolean x2Apic(long asked, boolean there) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(6);
        guest.machine().cpus(2).x2Apic(there);
        long request = guest.request(LimineId.MP, asked);
        BootImage image = guest.boot();
        boolean granted = guest.view().read(guest.response(request) + 8, 4) == 1;
        ParkedCpu other = (ParkedCpu) image.applicationProcessors().get(0);
        assertEquals(granted ? 0xFEE00D00L : 0xFEE00900L, image.bsp().apicBase());
        assertEquals(granted ? 0xFEE00C00L : 0xFEE00800L, other.atRelease().apicBase());
        assertEquals(granted, image.bsp().localApic().x2Apic());
        return granted;
    }

    @Test
    void processorsThatOnlyX2ApicReachesAreListedOnlyThen() throws BootException {
        assertEquals(255, listed(0));
        assertEquals(258, listed(1));
    }

    private static long listed(long flags) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(6);
        guest.machine().cpus(258);
        long request = guest.request(LimineId.MP, flags);
        BootImage image = guest.boot();
        assertEquals(257, image.applicationProcessors().size());
        return guest.wordAt(guest.response(request) + 16);
    }
}
