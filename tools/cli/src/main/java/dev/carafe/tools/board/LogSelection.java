package dev.carafe.tools.board;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What is logged, and where.
 *
 * @param items what was asked for
 * @param file where it goes; standard error when empty
 */
public record LogSelection(Set<LogItem> items, Optional<Path> file) {
    public LogSelection {
        items = Set.copyOf(items);
    }
}
