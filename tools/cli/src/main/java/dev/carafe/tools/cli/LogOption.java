package dev.carafe.tools.cli;

import dev.carafe.tools.board.LogItem;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** {@code -d ITEM,...}. */
final class LogOption {
    /** Items of QEMU's that Carafe does not have. */
    private static final List<String> ABSENT =
            List.of(
                    "out_asm", "op", "op_opt", "op_ind", "pcall", "page", "nochain", "plugin",
                    "strace", "tid", "vpu");

    private LogOption() {}

    static Set<LogItem> parse(String option, String value, Consumer<String> warnings) {
        Set<LogItem> items = EnumSet.noneOf(LogItem.class);
        for (String name : value.split(",", -1)) {
            if (name.equals("all")) {
                items.addAll(EnumSet.allOf(LogItem.class));
            } else if (ABSENT.contains(name)) {
                warnings.accept(option + " " + value + ": Carafe does not log '" + name + "'");
            } else if (!name.equals("none")) {
                items.add(item(option, value, name));
            }
        }
        return items;
    }

    private static LogItem item(String option, String value, String name) {
        for (LogItem item : LogItem.values()) {
            if (item.option().equals(name)) {
                return item;
            }
        }
        throw UsageError.of(
                option, value, "'" + name + "' cannot be logged, -d help lists what can");
    }
}
