package dev.carafe.tools.media;

import java.util.List;

/**
 * What a boot loader's menu would start.
 *
 * @param title as the menu shows it
 * @param protocol how the kernel is to be started, as the configuration names it
 * @param kernel its path on the medium
 * @param commandLine for the kernel
 * @param modules files beside it
 */
record MenuEntry(
        String title, String protocol, String kernel, String commandLine, List<Module> modules) {
    /** A file and its own command line. */
    record Module(String path, String commandLine) {}
}
