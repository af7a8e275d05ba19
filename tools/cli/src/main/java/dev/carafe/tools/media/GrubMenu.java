package dev.carafe.tools.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first entry of a {@code grub.cfg} (GNU GRUB Manual, "Writing full configuration files
 * directly").
 *
 * <p>Not modelled: the shell language around the commands: variables, conditions, {@code default}.
 */
final class GrubMenu {
    private GrubMenu() {}

    static Optional<MenuEntry> first(String text) {
        String title = "";
        String protocol = null;
        String[] kernel = null;
        List<MenuEntry.Module> modules = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            String[] words = line.split("\\s+", 2);
            String rest = words.length > 1 ? words[1].strip() : "";
            switch (words[0]) {
                case "menuentry" -> {
                    if (kernel != null) {
                        return Optional.of(entry(title, protocol, kernel, modules));
                    }
                    title = rest.replaceFirst("\\s*\\{.*$", "").replaceAll("[\"']", "");
                }
                case "multiboot", "multiboot2", "linux", "linux16", "linuxefi" -> {
                    protocol = words[0];
                    kernel = split(rest);
                }
                case "module", "module2", "initrd", "initrd16", "initrdefi" -> {
                    String[] module = split(rest);
                    modules.add(new MenuEntry.Module(module[0], module[1]));
                }
                default -> {}
            }
        }
        return kernel == null
                ? Optional.empty()
                : Optional.of(entry(title, protocol, kernel, modules));
    }

    private static MenuEntry entry(
            String title, String protocol, String[] kernel, List<MenuEntry.Module> modules) {
        return new MenuEntry(title, protocol, kernel[0], kernel[1], modules);
    }

    /** A path without its device, and what follows it. */
    private static String[] split(String text) {
        String[] parts = text.split("\\s+", 2);
        String path = parts[0].replaceFirst("^\\([^)]*\\)", "");
        return new String[] {path, parts.length > 1 ? parts[1] : ""};
    }
}
