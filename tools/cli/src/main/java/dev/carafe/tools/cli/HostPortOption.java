package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.cli.Properties.Property;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The host's end of a byte stream, as {@code -serial}, {@code -debugcon} and {@code -chardev} name
 * it.
 */
final class HostPortOption {
    static final String CHARDEV = "chardev:";

    private static final String FILE = "file:";

    private HostPortOption() {}

    static HostPort parse(String option, String value) {
        switch (value) {
            case "none" -> {
                return new HostPort.None();
            }
            case "null", "vc", "/dev/null", "mon:null" -> {
                return new HostPort.Disconnected();
            }
            case "stdio" -> {
                return new HostPort.Stdio(false);
            }
            case "mon:stdio" -> {
                return new HostPort.Stdio(true);
            }
            default -> {
                if (value.startsWith(FILE) && value.length() > FILE.length()) {
                    return new HostPort.ToFile(path(option, value, value.substring(FILE.length())));
                }
                if (value.startsWith("vc:")) {
                    return new HostPort.Disconnected();
                }
                throw UsageError.of(
                        option, value, "unknown, use stdio, mon:stdio, file:FILE, null or none");
            }
        }
    }

    /** A chardev's name and what it stands for. */
    record Named(String id, HostPort port) {}

    static Named parseChardev(String option, String value) {
        List<Property> properties = Properties.parse(value);
        String id = null;
        String path = null;
        boolean escapes = false;
        for (Property property : properties.subList(1, properties.size())) {
            switch (property.key()) {
                case "id" -> id = property.value();
                case "path" -> path = property.value();
                case "mux" -> escapes = "on".equals(property.value());
                case "signal" -> escapes |= "off".equals(property.value());
                default ->
                        throw UsageError.of(
                                option,
                                value,
                                "'" + property.key() + "' is none of id, path, mux, signal");
            }
        }
        if (id == null || id.isEmpty()) {
            throw UsageError.of(option, value, "it needs id=NAME");
        }
        String backend = properties.getFirst().key();
        HostPort port =
                switch (backend) {
                    case "stdio" -> new HostPort.Stdio(escapes);
                    case "null" -> new HostPort.Disconnected();
                    case "file" -> {
                        if (path == null || path.isEmpty()) {
                            throw UsageError.of(option, value, "it needs path=FILE");
                        }
                        yield new HostPort.ToFile(path(option, value, path));
                    }
                    default ->
                            throw UsageError.of(
                                    option,
                                    value,
                                    "'" + backend + "' is none of stdio, file, null");
                };
        return new Named(id, port);
    }

    static Path path(String option, String value, String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw UsageError.of(option, value, "not a file name: " + e.getReason());
        }
    }
}
