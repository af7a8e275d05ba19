package dev.carafe.tools.cli;

import dev.carafe.tools.cli.Properties.Property;
import java.util.List;

/**
 * {@code -boot [order=]DRIVES,...}. A kernel is loaded whatever the order; a mistake is still one.
 */
final class BootOption {
    private static final List<String> PROPERTIES =
            List.of("order", "once", "menu", "splash", "splash-time", "reboot-timeout", "strict");

    private BootOption() {}

    static void check(String option, String value) {
        boolean first = true;
        for (Property property : Properties.parse(value)) {
            boolean order = first && property.isFlag();
            String drives = order ? property.key() : String.valueOf(property.value());
            if (!order && !PROPERTIES.contains(property.key())) {
                throw UsageError.of(
                        option,
                        value,
                        "'" + property.key() + "' is none of " + String.join(", ", PROPERTIES));
            }
            boolean isOrder =
                    order || property.key().equals("order") || property.key().equals("once");
            if (isOrder && !drives.matches("[a-p]*")) {
                throw UsageError.of(
                        option, value, "'" + drives + "' is not a list of drives a to p");
            }
            first = false;
        }
    }
}
