package dev.carafe.firmware.limine;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootLoader;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.TestElf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel of one segment made of 64-bit words, booted. Words are added in order; a request knows
 * where it stands.
 */
final class LimineGuest {
    static final long BASE = TestElf.BASE;
    static final long RESPONSE_UNTOUCHED = 0x5555_5555_5555_5555L;

    private final List<Long> words = new ArrayList<>();
    private final MachineDescription.Builder machine = MachineDescription.builder();
    private final List<ModuleFile> modules = new ArrayList<>();
    private String commandLine = "";
    private BootOptions options = BootOptions.standard();
    private long bss;
    private BootImage image;
    private GuestView view;

    static LimineGuest withoutTag() {
        return new LimineGuest();
    }

    static LimineGuest ofRevision(long revision) {
        return new LimineGuest().tag(revision);
    }

    MachineDescription.Builder machine() {
        return machine;
    }

    LimineGuest options(BootOptions value) {
        options = value;
        return this;
    }

    LimineGuest commandLine(String value) {
        commandLine = value;
        return this;
    }

    LimineGuest module(String path, String text, String content) {
        modules.add(new ModuleFile(path, text, content.getBytes()));
        return this;
    }

    LimineGuest bss(long bytes) {
        bss = bytes;
        return this;
    }

    /** Virtual address of the next word. */
    long here() {
        return BASE + 8L * words.size();
    }

    long word(long value) {
        words.add(value);
        return here() - 8;
    }

    long words(long... values) {
        long at = here();
        for (long value : values) {
            words.add(value);
        }
        return at;
    }

    long text(String text) {
        byte[] bytes = Arrays.copyOf(text.getBytes(), text.length() + 8 & -8);
        long at = here();
        for (int i = 0; i < bytes.length; i += 8) {
            words.add(dev.carafe.firmware.bytes.LittleEndian.get64(bytes, i));
        }
        return at;
    }

    LimineGuest tag(long revision) {
        words(LimineId.BASE_REVISION_0, LimineId.BASE_REVISION_1, revision);
        return this;
    }

    LimineGuest startMarker() {
        words(
                LimineId.START_MARKER_0,
                LimineId.START_MARKER_1,
                LimineId.START_MARKER_2,
                LimineId.START_MARKER_3);
        return this;
    }

    LimineGuest endMarker() {
        words(LimineId.END_MARKER_0, LimineId.END_MARKER_1);
        return this;
    }

    /** A request of revision 0 with its extra fields; gives its address. */
    long request(long third, long... extras) {
        return requestOf(third, LimineId.fourthWord(third), 0, extras);
    }

    long requestOf(long third, long fourth, long revision, long... extras) {
        long at =
                words(
                        LimineId.COMMON_0,
                        LimineId.COMMON_1,
                        third,
                        fourth,
                        revision,
                        RESPONSE_UNTOUCHED);
        words(extras);
        return at;
    }

    byte[] file() {
        long[] all = new long[words.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = words.get(i);
        }
        byte[] bytes = TestElf.words(all);
        return TestElf.elf64()
                .entry(BASE)
                .load(BASE, 0, bytes, bytes.length + bss, 7, 0x1000)
                .build();
    }

    BootImage boot() throws BootException {
        image =
                BootLoader.load(
                        file(), "boot/kernel.elf", commandLine, modules, machine.build(), options);
        view = new GuestView(image);
        return image;
    }

    String refusal() {
        return assertThrows(BootException.class, this::boot).getMessage();
    }

    GuestView view() {
        return view;
    }

    long wordAt(long virtual) {
        return view.read64(virtual);
    }

    /** What the kernel finds in the response field. */
    long response(long request) {
        return view.read64(request + 40);
    }
}
