package dev.carafe.tools.media;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Limine's configuration file (Limine, "CONFIG.md"): {@code limine.conf}, and the {@code
 * limine.cfg} of versions before 8.
 *
 * <p>Not modelled: what concerns the menu's looks, and paths to other media than the one that the
 * configuration is on.
 */
final class LimineMenu {
    private final Map<String, String> macros =
            new HashMap<>(Map.of("ARCH", "x86-64", "FW_TYPE", "BIOS"));
    private final List<Draft> entries = new ArrayList<>();
    private int chosen = 1;

    /** An entry while its lines are read. */
    private static final class Draft {
        private final String title;
        private final Map<String, String> values = new HashMap<>();
        private final List<String> modules = new ArrayList<>();
        private final List<String> moduleTexts = new ArrayList<>();

        private Draft(String title) {
            this.title = title;
        }
    }

    private LimineMenu() {}

    /** The entry that starts when nobody touches a key; empty where none has a kernel. */
    static Optional<MenuEntry> chosen(String text, boolean oldSyntax) {
        LimineMenu menu = new LimineMenu();
        text.lines().map(String::strip).forEach(line -> menu.take(line, oldSyntax));
        return menu.choose();
    }

    private void take(String line, boolean oldSyntax) {
        char mark = oldSyntax ? ':' : '/';
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.charAt(0) == mark) {
            entries.add(new Draft(line.replaceFirst("^[:/]+\\+?", "").strip()));
            return;
        }
        if (line.startsWith("${") && line.contains("}=")) {
            int end = line.indexOf("}=");
            macros.put(line.substring(2, end), line.substring(end + 2));
            return;
        }
        int separator = line.indexOf(oldSyntax ? '=' : ':');
        if (separator > 0) {
            String key = line.substring(0, separator).strip().toLowerCase(Locale.ROOT);
            set(key, expand(line.substring(separator + 1).strip()));
        }
    }

    private String expand(String value) {
        String result = value;
        for (Map.Entry<String, String> macro : macros.entrySet()) {
            result = result.replace("${" + macro.getKey() + "}", macro.getValue());
        }
        return result;
    }

    private void set(String key, String value) {
        if (entries.isEmpty()) {
            if (key.equals("default_entry") && value.matches("[0-9]{1,4}")) {
                chosen = Integer.parseInt(value);
            }
            return;
        }
        Draft entry = entries.getLast();
        switch (key) {
            case "module_path" -> entry.modules.add(value);
            case "module_cmdline", "module_string" -> entry.moduleTexts.add(value);
            case "kernel_path", "image_path" -> entry.values.put("path", value);
            case "kernel_cmdline" -> entry.values.put("cmdline", value);
            default -> entry.values.put(key, value);
        }
    }

    private Optional<MenuEntry> choose() {
        List<Draft> from =
                entries.subList(Math.clamp(chosen - 1, 0, entries.size()), entries.size());
        return from.stream()
                .filter(entry -> entry.values.containsKey("path"))
                .findFirst()
                .or(() -> entries.stream().filter(e -> e.values.containsKey("path")).findFirst())
                .map(LimineMenu::finish);
    }

    private static MenuEntry finish(Draft entry) {
        List<MenuEntry.Module> modules = new ArrayList<>();
        for (int i = 0; i < entry.modules.size(); i++) {
            String text = i < entry.moduleTexts.size() ? entry.moduleTexts.get(i) : "";
            modules.add(new MenuEntry.Module(pathOf(entry.modules.get(i)), text));
        }
        return new MenuEntry(
                entry.title,
                entry.values.getOrDefault("protocol", "limine"),
                pathOf(entry.values.get("path")),
                entry.values.getOrDefault("cmdline", ""),
                modules);
    }

    /** {@code boot():/boot/kernel#HASH} without what is not a path of the medium. */
    private static String pathOf(String uri) {
        String path = uri.startsWith("$") ? uri.substring(1) : uri;
        int hash = path.lastIndexOf('#');
        path = hash < 0 ? path : path.substring(0, hash);
        int colon = path.indexOf(":/");
        return colon < 0 ? path : path.substring(colon + 1).replaceFirst("^/+", "/");
    }
}
