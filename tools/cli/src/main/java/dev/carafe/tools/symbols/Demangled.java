package dev.carafe.tools.symbols;

/**
 * Names as their programmers wrote them: nested names of the Itanium C++ ABI without arguments,
 * which Rust's older mangling uses too. Everything else stays as it is.
 */
final class Demangled {
    private static final String NESTED = "_ZN";
    private static final int HASH = 17; // letters of Rust's last part: h and 16 digits

    private Demangled() {}

    static String name(String mangled) {
        if (!mangled.startsWith(NESTED)) {
            return mangled;
        }
        StringBuilder out = new StringBuilder();
        int at = NESTED.length();
        while (at < mangled.length() && mangled.charAt(at) == 'K') {
            at++; // a const member function
        }
        while (at < mangled.length() && Character.isDigit(mangled.charAt(at))) {
            int length = 0;
            while (at < mangled.length()
                    && Character.isDigit(mangled.charAt(at))
                    && length < mangled.length()) {
                length = length * 10 + mangled.charAt(at++) - '0';
            }
            if (length > mangled.length() - at) {
                return mangled;
            }
            String part = mangled.substring(at, at + length);
            at += length;
            if (!isHash(part)) {
                out.append(out.isEmpty() ? "" : "::").append(plain(part));
            }
        }
        boolean whole = at < mangled.length() && mangled.charAt(at) == 'E';
        return whole && !out.isEmpty() ? out.toString() : mangled;
    }

    private static boolean isHash(String part) {
        return part.length() == HASH
                && part.charAt(0) == 'h'
                && part.chars().skip(1).allMatch(c -> Character.digit(c, 16) >= 0);
    }

    /** Rust writes what no C name may hold as $..$ and "..". */
    private static String plain(String part) {
        return part.replaceFirst("^_\\$", "\\$")
                .replace("$LT$", "<")
                .replace("$GT$", ">")
                .replace("$u20$", " ")
                .replace("$u7b$", "{")
                .replace("$u7d$", "}")
                .replace("$RF$", "&")
                .replace("$C$", ",")
                .replace("..", "::");
    }
}
