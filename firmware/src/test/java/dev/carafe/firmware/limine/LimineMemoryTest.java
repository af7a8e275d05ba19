package dev.carafe.firmware.limine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MemoryRegion;
import dev.carafe.firmware.MemoryType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limine PROTOCOL, "Memory Layout at Entry", "Base Revision Changes Summary", "Memory Map Feature".
 */
class LimineMemoryTest {
    private static final long HHDM = GuestLayout.HHDM_4_LEVEL;
    private static final long ACPI = 0x0FFF_F000L - 0x1000;

    @ParameterizedTest(name = "revision {0}, physical {1}: one to one {2}, direct map {3}")
    @CsvSource({
        "0, 0,          false, true",
        "0, 1000,       true,  true",
        "0, FEE00000,   true,  true",
        "0, FD00000000, true,  true", // reserved, but a region
        "1, 0,          false, true",
        "1, 1000,       false, true",
        "1, FEE00000,   false, true",
        "1, FD00000000, false, false",
        "2, FEC00000,   false, true",
        "2, FED00000,   false, true",
        "3, 1000,       false, true",
        "3, FEE00000,   false, false",
        "3, F0000,      false, false",
        "3, FFFE000,    false, false", // ACPI tables
        "3, FD000000,   false, true", // framebuffer
        "4, FEE00000,   false, false",
        "4, F0000,      false, true",
        "4, FFFE000,    false, true",
        "4, FFFF000,    false, true", // FACS
        "5, 0,          false, false",
        "6, F0000,      false, true",
    })
    void eachBaseRevisionMapsWhatItPromises(
            int revision, String address, boolean identity, boolean direct) throws BootException {
        GuestView view = boot(revision);
        long physical = Long.parseLong(address, 16);

        assertEquals(
                identity ? physical : GuestView.NOT_MAPPED, view.translate(physical), "one to one");
        assertEquals(
                direct ? physical : GuestView.NOT_MAPPED,
                view.translate(HHDM + physical),
                "direct map");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void theLowerHalfIsEmptyFromRevisionOneOn(int revision) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(revision);
        BootImage image = guest.boot();

        for (int i = 0; i < 256; i++) {
            assertEquals(
                    0, guest.view().physical(image.bsp().cr3() + i * 8L, 8), "PML4 entry " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 6})
    void allRegionsThatMustBeMappedAreMappedToTheirLastByte(int revision) throws BootException {
        LimineGuest guest = guest(revision);
        BootImage image = guest.boot();

        for (MemoryRegion region : image.memoryMap()) {
            boolean always =
                    switch (region.type()) {
                        case USABLE, BOOTLOADER_RECLAIMABLE, EXECUTABLE_AND_MODULES, FRAMEBUFFER ->
                                true;
                        default -> false;
                    };
            if (always) {
                assertEquals(
                        region.base(),
                        guest.view().translate(HHDM + region.base()),
                        region.toString());
                assertEquals(
                        region.end() - 1,
                        guest.view().translate(HHDM + region.end() - 1),
                        region.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ramAboveFourGibibytesIsMappedWithTheLargestPagesTheProcessorHas(boolean gigabytePages)
            throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(3);
        guest.machine().ramBytes(6L << 30).gigabytePages(gigabytePages);
        guest.boot();
        long address = HHDM + (5L << 30) + 0x12345;

        assertEquals((5L << 30) + 0x12345, guest.view().translate(address));
        assertEquals(
                0x83,
                guest.view().leaf(address) & 0xFFF,
                "present, writable, large page; never user or global");
        assertEquals(
                gigabytePages ? 5L << 30 : 5L << 30, guest.view().leaf(address) & 0xFFFFFFFFFF000L);
    }

    @Test
    void theFramebufferIsWriteCombiningThroughPatEntryFive() throws BootException {
        for (int revision : new int[] {0, 2, 3, 6}) {
            GuestView view = boot(revision);
            long small = view.leaf(HHDM + 0xFD3E7000L);
            long large = view.leaf(HHDM + 0xFD000000L);

            assertEquals(0x8B, small & 0xFFF, "PAT, PWT, writable, present in a 4 KiB page");
            assertEquals(0x108B, large & 0x1FFF, "PAT is bit 12 in a large page");
            assertEquals(0, view.leaf(HHDM + 0x200000) & 0x1018, "RAM is write-back");
            if (revision < 3) {
                assertEquals(
                        0,
                        view.leaf(HHDM + 0xFD3E8000L) & 0x1098,
                        "behind it the direct map goes on");
            }
        }
    }

    @Test
    void fiveLevelsOfTablesMapTheSameWithAnotherOffset() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(3);
        long hhdm = guest.request(LimineId.HHDM);
        guest.request(LimineId.PAGING_MODE, 1);
        guest.machine().fiveLevelPaging(true);
        BootImage image = guest.boot();

        assertEquals(0x1020, image.bsp().cr4());
        assertEquals(GuestLayout.HHDM_5_LEVEL, guest.wordAt(guest.response(hhdm) + 8));
        assertEquals(0x100000, guest.view().translate(GuestLayout.HHDM_5_LEVEL + 0x100000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void theMemoryMapIsSortedPageAlignedAndWithoutOverlap(int revision) throws BootException {
        LimineGuest guest = guest(revision);
        guest.machine().ramBytes(5L << 30).cpus(3).ecam(true);
        guest.request(LimineId.MP, 0);
        BootImage image = guest.module("a", "", "x").boot();

        long end = 0x1000;
        for (MemoryRegion region : image.memoryMap()) {
            assertTrue(region.base() >= end, region + " begins below " + Long.toHexString(end));
            end = region.end();
            if (region.type() == MemoryType.USABLE
                    || region.type() == MemoryType.BOOTLOADER_RECLAIMABLE) {
                assertEquals(0, (region.base() | region.length()) & 0xFFF, region.toString());
            }
        }
    }

    @Test
    void theMemoryMapLooksLikeThatOfARealMachine() throws BootException {
        LimineGuest guest = guest(2);
        guest.machine().ecam(true);
        BootImage image = guest.boot();
        List<String> fixed = new ArrayList<>();
        for (MemoryRegion region : image.memoryMap()) {
            if (region.end() <= 0x100000 || region.base() >= 0x10000000) {
                fixed.add(
                        Long.toHexString(region.base())
                                + "-"
                                + Long.toHexString(region.end())
                                + " "
                                + region.type().limine());
            }
        }

        assertEquals(
                List.of(
                        "1000-2000 5",
                        "2000-9f000 0",
                        "9fc00-a0000 1",
                        "f0000-100000 1",
                        "b0000000-c0000000 1",
                        "fd000000-fd3e8000 7",
                        "fed1c000-fed20000 1",
                        "fffc0000-100000000 1",
                        "fd00000000-10000000000 1"),
                fixed);
        assertEquals(MemoryType.USABLE, new GuestView(image).typeAt(0x100000));
        assertEquals(MemoryType.ACPI_RECLAIMABLE, new GuestView(image).typeAt(ACPI));
        assertEquals(MemoryType.ACPI_NVS, new GuestView(image).typeAt(0xFFFF000));
    }

    @ParameterizedTest(name = "revision {0}: type {1}")
    @CsvSource({"2, RESERVED", "3, RESERVED", "4, RESERVED_MAPPED", "6, RESERVED_MAPPED"})
    void theBiosSegmentHasItsOwnTypeFromRevisionFourOn(int revision, MemoryType type)
            throws BootException {
        LimineGuest guest = guest(revision);
        guest.boot();

        assertEquals(type, guest.view().typeAt(GuestLayout.RSDP));
    }

    @Test
    void theResponseTellsTheMemoryMapThatTheImageHas() throws BootException {
        LimineGuest guest = guest(3);
        long request = guest.request(LimineId.MEMORY_MAP);
        BootImage image = guest.boot();
        long response = guest.response(request);

        assertEquals(0, guest.wordAt(response));
        assertEquals(image.memoryMap().size(), guest.wordAt(response + 8));
        long array = guest.wordAt(response + 16);
        for (int i = 0; i < image.memoryMap().size(); i++) {
            MemoryRegion region = image.memoryMap().get(i);
            long entry = guest.wordAt(array + 8 * i);
            assertEquals(region.base(), guest.wordAt(entry));
            assertEquals(region.length(), guest.wordAt(entry + 8));
            assertEquals(region.type().limine(), guest.wordAt(entry + 16));
        }
    }

    @Test
    void everythingTheLoaderWritesLiesInMemoryOfAFittingType() throws BootException {
        LimineGuest guest = guest(6);
        guest.machine().cpus(4);
        guest.request(LimineId.MP, 0);
        guest.request(LimineId.EXECUTABLE_FILE);
        BootImage image = guest.boot();
        List<ImageSegment> segments = new ArrayList<>(image.segments());
        segments.sort(Comparator.comparingLong(ImageSegment::address));

        long end = 0;
        for (ImageSegment segment : segments) {
            assertTrue(
                    segment.address() >= end, "overlap at " + Long.toHexString(segment.address()));
            end = segment.address() + segment.length();
            if (segment.address() >= GuestLayout.LOADER_SCRATCH) {
                assertNotEquals(MemoryType.USABLE, guest.view().typeAt(segment.address()));
                assertNotEquals(MemoryType.USABLE, guest.view().typeAt(end - 1));
            }
        }
        assertEquals(MemoryType.BOOTLOADER_RECLAIMABLE, guest.view().typeAt(image.bsp().cr3()));
        assertEquals(
                MemoryType.BOOTLOADER_RECLAIMABLE, guest.view().typeAt(image.bsp().rsp() - HHDM));
        assertEquals(
                MemoryType.BOOTLOADER_RECLAIMABLE,
                guest.view().typeAt(image.bsp().gdtr().base() - HHDM));
    }

    @Test
    void tooLittleRamIsOneSentence() {
        LimineGuest tiny = LimineGuest.ofRevision(2);
        tiny.machine().ramBytes(1 << 20);
        assertEquals(
                "guest RAM of 1024 KiB is too small: at least 2048 KiB are needed", tiny.refusal());

        LimineGuest stacks = LimineGuest.ofRevision(2);
        stacks.request(LimineId.STACK_SIZE, 1L << 40);
        assertEquals(
                "guest RAM of 256 MiB has no room for the 1099511627776 bytes of a processor's stack",
                stacks.refusal());
    }

    @Test
    void memoryBeyondThePhysicalAddressBitsIsRefused() {
        LimineGuest guest = LimineGuest.ofRevision(2);
        guest.machine().ramBytes(80L << 30).physicalAddressBits(36);

        assertTrue(guest.refusal().contains("36 physical address bits"));
    }

    private static LimineGuest guest(int revision) {
        LimineGuest guest = LimineGuest.ofRevision(revision);
        MachineDescription.Builder machine = guest.machine();
        machine.framebuffer(FramebufferDescription.standard());
        return guest;
    }

    private static GuestView boot(int revision) throws BootException {
        LimineGuest guest = guest(revision);
        guest.boot();
        return guest.view();
    }
}
