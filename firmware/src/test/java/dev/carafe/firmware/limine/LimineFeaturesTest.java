package dev.carafe.firmware.limine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.MemoryType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limine PROTOCOL, "Feature List": each request, its answer, or its being left alone. */
class LimineFeaturesTest {
    private static final long HHDM = GuestLayout.HHDM_4_LEVEL;
    private static final long UNTOUCHED = LimineGuest.RESPONSE_UNTOUCHED;

    private final LimineGuest guest = LimineGuest.ofRevision(6);

    @Test
    void bootloaderInfoNamesTheLoader() throws BootException {
        long response = boot(guest.request(LimineId.BOOTLOADER_INFO));

        assertEquals("Carafe", guest.view().string(guest.wordAt(response + 8)));
        assertEquals("1.0", guest.view().string(guest.wordAt(response + 16)));
    }

    @Test
    void commandLineIsNeverNullAndSharedWithTheFile() throws BootException {
        long line = guest.request(LimineId.EXECUTABLE_CMDLINE);
        long file = guest.request(LimineId.EXECUTABLE_FILE);
        guest.commandLine("hello world").boot();
        long text = guest.wordAt(guest.response(line) + 8);

        assertEquals("hello world", guest.view().string(text));
        assertEquals(text, guest.wordAt(guest.wordAt(guest.response(file) + 8) + 32));

        LimineGuest silent = LimineGuest.ofRevision(6);
        long request = silent.request(LimineId.EXECUTABLE_CMDLINE);
        silent.boot();
        assertEquals("", silent.view().string(silent.wordAt(silent.response(request) + 8)));
    }

    @Test
    void plainNumbersComeFromTheMachine() throws BootException {
        guest.machine().bootTime(1_795_000_000L).tscHertz(2_345_678_901L);
        long firmware = guest.request(LimineId.FIRMWARE_TYPE);
        long hhdm = guest.request(LimineId.HHDM);
        long date = guest.request(LimineId.DATE_AT_BOOT);
        long tsc = guest.request(LimineId.TSC_FREQUENCY);
        long iommu = guest.request(LimineId.KEEP_IOMMU);
        guest.boot();

        assertEquals(0, guest.wordAt(guest.response(firmware) + 8), "BIOS");
        assertEquals(HHDM, guest.wordAt(guest.response(hhdm) + 8));
        assertEquals(1_795_000_000L, guest.wordAt(guest.response(date) + 8));
        assertEquals(2_345_678_901L, guest.wordAt(guest.response(tsc) + 8));
        assertEquals(0, guest.wordAt(guest.response(iommu)), "answered, without effect");
    }

    @Test
    void performanceTimesNeverRunBackwards() throws BootException {
        long response = boot(guest.request(LimineId.PERFORMANCE));

        assertTrue(guest.wordAt(response + 8) <= guest.wordAt(response + 16));
        assertTrue(guest.wordAt(response + 16) <= guest.wordAt(response + 24));
    }

    @Test
    void executableAddressIsRaw() throws BootException {
        long response = boot(guest.request(LimineId.EXECUTABLE_ADDRESS));

        assertEquals(guest.view().translate(LimineGuest.BASE), guest.wordAt(response + 8));
        assertEquals(LimineGuest.BASE, guest.wordAt(response + 16));
    }

    @ParameterizedTest(name = "revision {0}: RSDP physical {1}, SMBIOS physical {2}")
    @CsvSource({
        "0, false, false",
        "2, false, false",
        "3, true, true",
        "4, false, true",
        "5, false, false",
        "6, false, false"
    })
    void tablePointersDependOnTheBaseRevision(
            int revision, boolean physicalRsdp, boolean physicalSmbios) throws BootException {
        LimineGuest kernel = LimineGuest.ofRevision(revision);
        long rsdp = kernel.request(LimineId.RSDP);
        long smbios = kernel.request(LimineId.SMBIOS);
        kernel.boot();
        long offset = physicalSmbios ? 0 : HHDM;

        assertEquals(
                GuestLayout.RSDP + (physicalRsdp ? 0 : HHDM),
                kernel.wordAt(kernel.response(rsdp) + 8));
        assertEquals(
                GuestLayout.SMBIOS_ENTRY_32 + offset, kernel.wordAt(kernel.response(smbios) + 8));
        assertEquals(
                GuestLayout.SMBIOS_ENTRY_64 + offset, kernel.wordAt(kernel.response(smbios) + 16));
        assertEquals('R', kernel.view().physical8(GuestLayout.RSDP));
        assertEquals('_', kernel.view().physical8(GuestLayout.SMBIOS_ENTRY_32));
        assertEquals('_', kernel.view().physical8(GuestLayout.SMBIOS_ENTRY_64));
    }

    @ParameterizedTest(name = "{0} asked, {1} given")
    @CsvSource({"0, 10000", "1000, 10000", "10001, 10010", "200000, 200000"})
    void stacksAreAtLeast64Kibibytes(String asked, String given) throws BootException {
        guest.machine().cpus(2);
        long mp = guest.request(LimineId.MP, 0);
        long response = boot(guest.request(LimineId.STACK_SIZE, Long.parseLong(asked, 16)));
        long size = Long.parseLong(given, 16);

        assertEquals(0, guest.wordAt(response), "answered");
        long info = guest.wordAt(guest.wordAt(guest.response(mp) + 24) + 8);
        long top = guest.wordAt(info + 8) - HHDM;
        assertEquals(MemoryType.BOOTLOADER_RECLAIMABLE, guest.view().typeAt(top - size));
        assertEquals(0, top & 15);
    }

    @Test
    void entryPointRequestReplacesTheEntryOfTheFile() throws BootException {
        long request = guest.request(LimineId.ENTRY_POINT, LimineGuest.BASE + 0x40);
        BootImage image = guest.boot();

        assertEquals(LimineGuest.BASE + 0x40, image.bsp().rip());
        assertEquals(0, guest.wordAt(guest.response(request)));
    }

    @Test
    void executableFileIsThePlainFileOnPageBoundary() throws BootException {
        long response = boot(guest.request(LimineId.EXECUTABLE_FILE));
        long file = guest.wordAt(response + 8);
        long address = guest.wordAt(file + 8);

        assertEquals(0, guest.wordAt(file));
        assertEquals(0, address & 0xFFF);
        assertEquals(0x464C457F, guest.view().read(address, 4));
        assertEquals(guest.file().length, guest.wordAt(file + 16));
        assertEquals("/boot/kernel.elf", guest.view().string(guest.wordAt(file + 24)));
        assertEquals(MemoryType.BOOTLOADER_RECLAIMABLE, guest.view().typeAt(address - HHDM));
        for (int at = 40; at < 112; at += 8) {
            assertEquals(0, guest.wordAt(file + at), "generic medium without identifiers");
        }
    }

    @Test
    void modulesKeepTheirOrderAndHaveTheirOwnPages() throws BootException {
        guest.module("a.txt", "first", "AAAA").module("/b.txt", "", "BB");
        long response = boot(guest.request(LimineId.MODULE));
        long array = guest.wordAt(response + 16);
        long first = guest.wordAt(array);
        long second = guest.wordAt(array + 8);

        assertEquals(2, guest.wordAt(response), "response revision");
        assertEquals(2, guest.wordAt(response + 8));
        assertEquals("AAAA", guest.view().string(guest.wordAt(first + 8)));
        assertEquals(4, guest.wordAt(first + 16));
        assertEquals("/a.txt", guest.view().string(guest.wordAt(first + 24)));
        assertEquals("first", guest.view().string(guest.wordAt(first + 32)));
        assertEquals("/b.txt", guest.view().string(guest.wordAt(second + 24)));
        assertEquals("", guest.view().string(guest.wordAt(second + 32)));
        assertEquals(0, guest.wordAt(second + 8) & 0xFFF);
        assertNotEquals(guest.wordAt(first + 8), guest.wordAt(second + 8));
        assertEquals(
                MemoryType.EXECUTABLE_AND_MODULES,
                guest.view().typeAt(guest.wordAt(second + 8) - HHDM));
    }

    @Test
    void withoutModulesTheRequestIsLeftAlone() throws BootException {
        long request = guest.request(LimineId.MODULE);
        guest.boot();

        assertEquals(UNTOUCHED, guest.response(request));
    }

    @Test
    void internalModulesComeFirstAndAreLookedForBesideTheKernel() throws BootException {
        internalModule(1, 1);
        long request = LimineGuest.BASE + 8 * 11;
        guest.module("user", "", "U");
        guest.options(
                BootOptions.standard()
                        .withModuleSource(path -> path.equals("init") ? new byte[] {'I'} : null));
        guest.boot();
        long response = guest.response(request);
        long first = guest.wordAt(guest.wordAt(response + 16));

        assertEquals(2, guest.wordAt(response + 8));
        assertEquals("/boot/init", guest.view().string(guest.wordAt(first + 24)));
        assertEquals("arg", guest.view().string(guest.wordAt(first + 32)));
        assertEquals('I', guest.view().read(guest.wordAt(first + 8), 1));
    }

    @Test
    void aRequiredInternalModuleThatIsMissingStopsTheBoot() {
        internalModule(1, 1);

        assertEquals(
                "'boot/kernel.elf' requires the internal module 'init', which does not exist",
                guest.refusal());
    }

    @Test
    void anOptionalInternalModuleThatIsMissingIsSkipped() throws BootException {
        internalModule(1, 0);
        guest.boot();

        assertEquals(UNTOUCHED, guest.response(LimineGuest.BASE + 8 * 11));
    }

    @Test
    void revisionZeroOfTheRequestHasNoInternalModules() throws BootException {
        internalModule(0, 1);
        guest.boot();

        assertEquals(UNTOUCHED, guest.response(LimineGuest.BASE + 8 * 11));
    }

    /** The tag, then path, string, array, structure and request. */
    private void internalModule(long revision, long flags) {
        long path = guest.text("init");
        long text = guest.text("arg");
        long structure = guest.words(path, text, flags);
        long array = guest.word(structure);
        guest.words(0, 0);
        guest.requestOf(LimineId.MODULE, 0xca1c4f3bd1280ceeL, revision, 1, array);
    }

    @Test
    void framebufferIsDescribedWithEdidAndItsOneMode() throws BootException {
        guest.machine().framebuffer(FramebufferDescription.standard());
        long response = boot(guest.request(LimineId.FRAMEBUFFER));
        GuestView view = guest.view();
        long fb = guest.wordAt(guest.wordAt(response + 16));
        long edid = guest.wordAt(fb + 56);
        long mode = guest.wordAt(guest.wordAt(fb + 72));

        assertEquals(1, guest.wordAt(response), "response revision");
        assertEquals(1, guest.wordAt(response + 8));
        assertEquals(HHDM + 0xFD000000L, guest.wordAt(fb));
        assertEquals(1280, guest.wordAt(fb + 8));
        assertEquals(800, guest.wordAt(fb + 16));
        assertEquals(5120, guest.wordAt(fb + 24));
        assertEquals(
                0x08_08_08_10_08_01_0020L,
                guest.wordAt(fb + 32),
                "32 bits RGB: red 8@16, green 8@8, blue 8@0");
        assertEquals(0, guest.wordAt(fb + 40));
        assertEquals(128, guest.wordAt(fb + 48));
        assertEquals(1, guest.wordAt(fb + 64));
        assertEquals(5120, guest.wordAt(mode));
        assertEquals(1280, guest.wordAt(mode + 8));
        assertEquals(800, guest.wordAt(mode + 16));
        int sum = 0;
        for (int i = 0; i < 128; i++) {
            sum += (int) view.read(edid + i, 1);
        }
        assertEquals(0, sum & 0xFF, "EDID checksum");
        assertEquals(0x00FF_FFFF_FFFF_FF00L, guest.wordAt(edid));
        assertEquals(
                1280,
                view.read(edid + 56, 1) | (view.read(edid + 58, 1) & 0xF0) << 4,
                "active pixels");
        assertEquals(
                800,
                view.read(edid + 59, 1) | (view.read(edid + 61, 1) & 0xF0) << 4,
                "active lines");
    }

    @Test
    void withoutADisplayTheFramebufferRequestIsLeftAlone() throws BootException {
        long request = guest.request(LimineId.FRAMEBUFFER);
        guest.boot();

        assertEquals(UNTOUCHED, guest.response(request));
    }

    @ParameterizedTest(name = "{0} asked, {1} given")
    @CsvSource({"0, 0", "3, 3", "4096, 4096", "4097, 4096", "-1, 4096"})
    void entropyIsLimitedAndRepeatable(long asked, int given) throws BootException {
        long response = boot(guest.request(LimineId.ENTROPY, asked));

        assertEquals(given, guest.wordAt(response + 8));
        if (given == 0) {
            assertEquals(0, guest.wordAt(response + 16), "null pointer");
        } else {
            LimineGuest again = LimineGuest.ofRevision(6);
            LimineGuest other =
                    LimineGuest.ofRevision(6).options(BootOptions.standard().withEntropySeed(1));
            assertEquals(firstEntropyWord(again), guest.wordAt(guest.wordAt(response + 16)));
            assertNotEquals(firstEntropyWord(other), guest.wordAt(guest.wordAt(response + 16)));
        }
    }

    private static long firstEntropyWord(LimineGuest kernel) throws BootException {
        long request = kernel.request(LimineId.ENTROPY, 1);
        kernel.boot();
        return kernel.wordAt(kernel.wordAt(kernel.response(request) + 16));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "EFI system table,  5ceba5163eaaf6d6, 0a6981610cf65fcc",
        "EFI memory map,    7df62a431d6872d5, a4fcdfb3e57306c8",
        "device tree,       b40ddb48fb54bac7, 545081493f81ffb7",
        "TPM event log,     98e094fc7e76e979, ee8d8775c54e1d1f",
        "RISC-V hart,       1369359f025525f9, 2ff2a56178391bb6",
        "Flanterm,          3259399fe7c5f126, e01c1c8c5db9d1a9",
    })
    void featuresThatThisMachineLacksAreLeftAlone(String name, String third, String fourth)
            throws BootException {
        long request =
                guest.requestOf(
                        Long.parseUnsignedLong(third, 16),
                        Long.parseUnsignedLong(fourth, 16),
                        0,
                        0,
                        0);
        guest.boot();

        assertEquals(UNTOUCHED, guest.response(request), name);
    }

    @Test
    void responsesLieInReclaimableMemoryOfTheDirectMap() throws BootException {
        long response = boot(guest.request(LimineId.HHDM));

        assertEquals(MemoryType.BOOTLOADER_RECLAIMABLE, guest.view().typeAt(response - HHDM));
    }

    @ParameterizedTest(
            name = "CPU with LA57 {0}, request revision {1}, mode {2}, max {3}, min {4}: {5}")
    @CsvSource({
        "false, 0, 0, 0, 0, 0",
        "false, 0, 1, 0, 0, 0",
        "true,  0, 1, 0, 0, 1",
        "true,  0, 0, 0, 0, 0",
        "true,  1, 1, 0, 0, 0",
        "true,  1, 0, 1, 1, 1",
        "true,  1, 5, 5, 0, 1",
        "false, 1, 1, 1, 0, 0",
        "false, 1, 1, 1, 1, -1",
        "true,  1, 0, 0, 1, -1",
        "true,  1, 2, 3, 2, -1",
    })
    void pagingModeIsTheNearestThatProcessorAndKernelAllow(
            boolean la57, long revision, long mode, long max, long min, long result)
            throws BootException {
        guest.machine().fiveLevelPaging(la57);
        long request =
                guest.requestOf(
                        LimineId.PAGING_MODE, 0xa4e5cb3842f7488aL, revision, mode, max, min);
        if (result < 0) {
            assertTrue(guest.refusal().contains("paging mode"));
            return;
        }
        guest.boot();
        assertEquals(result, guest.wordAt(guest.response(request) + 8));
    }

    @Test
    void withoutThatRequestPagingHasFourLevels() throws BootException {
        guest.machine().fiveLevelPaging(true);

        assertEquals(0x20, guest.boot().bsp().cr4());
    }

    private long boot(long request) throws BootException {
        guest.boot();
        return guest.response(request);
    }
}
