package dev.carafe.tools.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits {@code first,key=value,flag}: QEMU's option values. Two commas in a row stand for one that
 * does not separate.
 */
final class Properties {
    private Properties() {}

    /**
     * One part between commas.
     *
     * @param key before the equals sign; the whole part when there is none
     * @param value behind it; null when there is none
     */
    record Property(String key, String value) {
        boolean isFlag() {
            return value == null;
        }
    }

    static List<Property> parse(String text) {
        List<Property> properties = new ArrayList<>();
        for (String part : split(text)) {
            int equals = part.indexOf('=');
            properties.add(
                    equals < 0
                            ? new Property(part, null)
                            : new Property(part.substring(0, equals), part.substring(equals + 1)));
        }
        return properties;
    }

    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                part.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(c);
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
