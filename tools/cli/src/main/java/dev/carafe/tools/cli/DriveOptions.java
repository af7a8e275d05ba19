package dev.carafe.tools.cli;

import dev.carafe.tools.cli.Properties.Property;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Disks and discs that a command line attaches. The machine has no drives; but where no kernel is
 * named, what a boot loader on one of them would load can be loaded instead.
 */
final class DriveOptions {
    static final String NO_DISKS = "Carafe has no disks yet, boot a kernel with -kernel";

    private static final String FOLDER = "fat:";

    private final List<Path> media = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>(); // what to say where nothing boots
    private final List<String> flash = new ArrayList<>();

    /** {@code -hda FILE}, {@code -cdrom FILE}, or a word by itself. */
    void file(String spelled, String whole, String file) {
        refusals.add(whole + ": " + NO_DISKS);
        if (!file.isEmpty()) {
            media.add(HostPortOption.path(spelled, file, withoutPrefix(file)));
        }
    }

    /** {@code -drive PROPERTY=VALUE,...}. */
    void drive(String spelled, String value) {
        String file = "";
        boolean isFlash = false;
        for (Property property : Properties.parse(value)) {
            isFlash |= property.key().equals("if") && "pflash".equals(property.value());
            if (property.key().equals("file") && !property.isFlag()) {
                file = property.value();
            }
        }
        if (isFlash) {
            flash(spelled + " " + value);
        } else {
            file(spelled, spelled + " " + value, file);
        }
    }

    /** {@code -pflash FILE}. */
    void flash(String whole) {
        flash.add(whole);
    }

    /** A controller or a disk that a guest would look for. */
    void device(String whole) {
        refusals.add(whole + ": " + NO_DISKS);
    }

    /** QEMU's folder that looks like a disk: {@code fat:rw:FOLDER}. */
    private static String withoutPrefix(String file) {
        String rest = file.startsWith("file:") ? file.substring("file:".length()) : file;
        if (!rest.startsWith(FOLDER)) {
            return rest;
        }
        String folder = rest.substring(FOLDER.length());
        for (String mode : List.of("rw:", "ro:", "floppy:", "16:", "32:")) {
            folder = folder.startsWith(mode) ? folder.substring(mode.length()) : folder;
        }
        return folder;
    }

    /**
     * What to boot from; empty where something else boots.
     *
     * @param kernel whether a kernel is named
     * @param firmware the image that the processors would start in, or null
     * @throws UsageError when a guest would look for a drive in vain
     */
    List<Path> media(boolean kernel, Path firmware, Draft draft) {
        if (!refusals.isEmpty() && (kernel || media.isEmpty())) {
            throw new UsageError(refusals.getFirst());
        }
        if (!flash.isEmpty() && media.isEmpty() && !kernel) {
            throw new UsageError(
                    flash.getFirst() + ": Carafe has no flash memory that a guest may write to");
        }
        for (String each : flash) {
            draft.warn(each + ": Carafe starts the kernel without firmware");
        }
        if (!media.isEmpty() && firmware != null) {
            draft.warn("-bios " + firmware + ": Carafe starts the kernel without firmware");
        }
        return List.copyOf(media);
    }
}
