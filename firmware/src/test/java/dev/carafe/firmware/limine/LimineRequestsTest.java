package dev.carafe.firmware.limine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootLoader;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.TestElf;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limine PROTOCOL, "Requests Delimiters" and "Base Revisions"; the scan as the real loader does it.
 */
class LimineRequestsTest {
    private static final long UNTOUCHED = LimineGuest.RESPONSE_UNTOUCHED;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6})
    void aSupportedBaseRevisionIsReportedAndGranted(long revision) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(revision);
        guest.boot();

        assertEquals(LimineId.BASE_REVISION_0, guest.wordAt(LimineGuest.BASE));
        assertEquals(revision, guest.wordAt(LimineGuest.BASE + 8));
        assertEquals(0, guest.wordAt(LimineGuest.BASE + 16));
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 9, -1})
    void anUnknownBaseRevisionRunsAsTheHighestAndIsNotGranted(long revision) throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(revision);
        guest.boot();

        assertEquals(6, guest.wordAt(LimineGuest.BASE + 8));
        assertEquals(revision, guest.wordAt(LimineGuest.BASE + 16));
    }

    @Test
    void withoutATagTheRevisionIsZero() throws BootException {
        LimineGuest guest = LimineGuest.withoutTag();
        guest.request(LimineId.HHDM);
        guest.boot();

        assertNotEquals(
                GuestView.NOT_MAPPED,
                guest.view().translate(0x1000),
                "revision 0 maps low memory one to one");
    }

    @Test
    void twoTagsAreRefused() {
        assertEquals(
                "'boot/kernel.elf' has two Limine base revision tags, at 0xffffffff80000000 and at 0xffffffff80000018",
                LimineGuest.ofRevision(2).tag(3).refusal());
    }

    @Test
    void aStartMarkerForgetsTagsAndRequestsBeforeIt() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(1);
        long forgotten = guest.request(LimineId.HHDM);
        long tag = guest.startMarker().here();
        guest.tag(3);
        long counted = guest.request(LimineId.HHDM);
        guest.endMarker().boot();

        assertEquals(UNTOUCHED, guest.response(forgotten));
        assertNotEquals(UNTOUCHED, guest.response(counted));
        assertEquals(3, guest.wordAt(tag + 8));
    }

    @Test
    void nothingBehindTheEndMarkerCounts() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(2);
        long counted = guest.request(LimineId.HHDM);
        long ignored = guest.endMarker().request(LimineId.HHDM);
        long tag = guest.here();
        guest.tag(5).boot();

        assertNotEquals(UNTOUCHED, guest.response(counted));
        assertEquals(UNTOUCHED, guest.response(ignored));
        assertEquals(5, guest.wordAt(tag + 16), "a tag there is only data");
    }

    @Test
    void theSameRequestTwiceIsRefused() {
        LimineGuest guest = LimineGuest.ofRevision(2);
        guest.request(LimineId.HHDM);
        guest.request(LimineId.HHDM);

        assertEquals(
                "'boot/kernel.elf' has the Limine request 0x48dcf1cb8ad2b852 0x63984e959a98244b twice,"
                        + " at 0xffffffff80000018 and at 0xffffffff80000048",
                guest.refusal());
    }

    @Test
    void moreThan128RequestsAreRefused() {
        LimineGuest guest = LimineGuest.ofRevision(2);
        for (int i = 0; i < 129; i++) {
            guest.requestOf(0x1000 + i, 0, 0);
        }

        assertTrue(guest.refusal().contains("more than 128 Limine requests"));
    }

    @Test
    void anUnknownRequestIsLeftAlone() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(2);
        long unknown = guest.requestOf(0x1234, 0x5678, 0);
        long terminal = guest.requestOf(0xc8ac59310c2b0844L, 0xa68d0c7265d38878L, 0, 0);
        long fiveLevel = guest.requestOf(0x94469551da9b3192L, 0xebe5e86db7382888L, 0);
        guest.boot();

        assertEquals(UNTOUCHED, guest.response(unknown));
        assertEquals(UNTOUCHED, guest.response(terminal));
        assertEquals(UNTOUCHED, guest.response(fiveLevel));
    }

    @Test
    void aRequestThatIsNotAlignedToEightBytesIsNotFound() throws BootException {
        byte[] aligned =
                TestElf.words(
                        LimineId.COMMON_0,
                        LimineId.COMMON_1,
                        LimineId.HHDM,
                        0x63984e959a98244bL,
                        0,
                        77);
        byte[] shifted = new byte[aligned.length + 16];
        System.arraycopy(TestElf.words(LimineId.END_MARKER_1), 0, shifted, 0, 8);
        System.arraycopy(aligned, 0, shifted, 12, aligned.length);
        byte[] file = TestElf.elf64().entry(TestElf.BASE).load(TestElf.BASE, shifted).build();
        GuestView view =
                new GuestView(
                        BootLoader.load(
                                file,
                                "k",
                                "",
                                List.of(),
                                MachineDescription.builder().build(),
                                BootOptions.standard()));

        assertEquals(77, view.read64(TestElf.BASE + 12 + 40));
    }

    @Test
    void aRequestInTheTrailingBssOrCutOffByItIsNotFound() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(2);
        long cut =
                guest.words(
                        LimineId.COMMON_0,
                        LimineId.COMMON_1,
                        LimineId.ENTROPY,
                        0x9117240723f493ebL,
                        0,
                        UNTOUCHED);
        guest.bss(0x1000).boot();

        assertEquals(
                UNTOUCHED,
                guest.response(cut),
                "its value_count lies in the zeros that are not searched");
    }

    @Test
    void aRequestRevisionThatWeDoNotKnowIsTakenForTheHighestWeKnow() throws BootException {
        LimineGuest guest = LimineGuest.ofRevision(2);
        long request = guest.requestOf(LimineId.HHDM, 0x63984e959a98244bL, 99);
        guest.boot();

        assertEquals(0, guest.wordAt(guest.response(request)));
    }

    @Test
    void revisionZeroTakesRequestsFromTheSectionIfThereIsOne() throws BootException {
        assertEquals(true, bootWithSection(TestElf.BASE + 16, 0));
    }

    @Test
    void aPointerOutsideOfTheImageInThatSectionIsRefused() {
        BootException refusal =
                org.junit.jupiter.api.Assertions.assertThrows(
                        BootException.class, () -> bootWithSection(0x1234, 0));
        assertTrue(refusal.getMessage().contains("0x1234"));
    }

    /** Two requests, of which the section lists one. */
    private static boolean bootWithSection(long... pointers) throws BootException {
        long[] listed = {
            LimineId.COMMON_0, LimineId.COMMON_1, LimineId.HHDM, 0x63984e959a98244bL, 0, UNTOUCHED
        };
        long[] unlisted = {
            LimineId.COMMON_0,
            LimineId.COMMON_1,
            LimineId.FIRMWARE_TYPE,
            0x7045a4688eac00c3L,
            0,
            UNTOUCHED
        };
        long[] words = new long[14];
        System.arraycopy(pointers, 0, words, 0, 2);
        System.arraycopy(listed, 0, words, 2, 6);
        System.arraycopy(unlisted, 0, words, 8, 6);
        byte[] bytes = TestElf.words(words);
        byte[] file =
                TestElf.elf64()
                        .entry(TestElf.BASE)
                        .load(TestElf.BASE, bytes)
                        .section(".limine_reqs", 1, TestElf.BASE, Arrays.copyOf(bytes, 16), 0)
                        .build();
        GuestView view =
                new GuestView(
                        BootLoader.load(
                                file,
                                "k",
                                "",
                                List.of(),
                                MachineDescription.builder().build(),
                                BootOptions.standard()));
        return view.read64(TestElf.BASE + 16 + 40) != UNTOUCHED
                && view.read64(TestElf.BASE + 64 + 40) == UNTOUCHED;
    }
}
