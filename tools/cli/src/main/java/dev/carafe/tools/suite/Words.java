package dev.carafe.tools.suite;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into words as a shell does: by spaces outside quotation marks. */
final class Words {
    private Words() {}

    static List<String> of(YamlValue value) throws SuiteError {
        List<String> words = new ArrayList<>();
        for (YamlValue item : value.list()) {
            split(item, words);
        }
        return words;
    }

    private static void split(YamlValue item, List<String> words) throws SuiteError {
        StringBuilder word = new StringBuilder();
        boolean inside = false;
        char quote = 0;
        String text = item.text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                inside = true;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
                if (quote != 0) {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inside = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inside = true;
            } else if (inside) {
                words.add(word.toString());
                word.setLength(0);
                inside = false;
            }
        }
        if (quote != 0) {
            throw item.wrong("the quotation mark " + quote + " is not closed");
        }
        if (inside) {
            words.add(word.toString());
        }
    }
}
