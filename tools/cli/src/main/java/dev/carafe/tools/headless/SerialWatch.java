package dev.carafe.tools.headless;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for regular expressions in what a guest sends, without holding any of it back.
 *
 * <p>An expression is searched in each line as it grows, colours and other control sequences left
 * out; a match counts at once where more text could not undo it, else at the line's end. Expected
 * ones count in the order given, each behind the match of the one before it. Of a line longer than
 * {@value #LONGEST} characters the last ones are looked at.
 */
public final class SerialWatch {
    static final int LONGEST = 4096;

    private final List<Pattern> expected;
    private final List<Pattern> forbidden;
    private final Consumer<Verdict> verdicts;
    private int met; // how many are; guarded by this, as what follows
    private Verdict verdict; // null: none yet
    private String forbiddenLine = ""; // what became of the line of the verdict

    /** What has been found. */
    public sealed interface Verdict {
        /** Everything expected has come. */
        record Met() implements Verdict {}

        /**
         * Something came that must not.
         *
         * @param line the whole line, as far as it had come
         */
        record Forbidden(Pattern pattern, String line) implements Verdict {}
    }

    /**
     * @param verdicts hears of the first verdict, once, on the sending thread
     */
    public SerialWatch(
            List<Pattern> expected, List<Pattern> forbidden, Consumer<Verdict> verdicts) {
        this.expected = List.copyOf(expected);
        this.forbidden = List.copyOf(forbidden);
        this.verdicts = verdicts;
    }

    /** A line that is watched on its way to an output. */
    public Tap tap(IntConsumer output) {
        return new Tap(output);
    }

    /** The first that has not come; null where all have. */
    public synchronized Pattern missing() {
        return met < expected.size() ? expected.get(met) : null;
    }

    /** The whole line of a forbidden text, as far as it has come by now. */
    public synchronized String forbiddenLine() {
        return forbiddenLine;
    }

    private void report(Verdict found) {
        synchronized (this) {
            if (verdict != null) {
                return;
            }
            verdict = found;
        }
        verdicts.accept(found);
    }

    /** One line's own text. Its device sends one byte at a time. */
    public final class Tap implements IntConsumer {
        private final IntConsumer output;
        private final LineText text = new LineText();
        private boolean forbidding; // this line has the forbidden text; sending thread only
        private int from; // where the next expected one may begin; guarded by SerialWatch.this

        private Tap(IntConsumer output) {
            this.output = output;
        }

        @Override
        public void accept(int value) {
            output.accept(value);
            if (value == '\n') {
                lineEnds();
            } else if (text.add(value)) {
                look(false);
            }
        }

        /** Nothing more will come on this line. */
        public void lineEnds() {
            look(true);
            if (forbidding) {
                forbidding = false;
                synchronized (SerialWatch.this) {
                    forbiddenLine = text.toString();
                }
            }
            text.clear();
            from = 0;
        }

        private void look(boolean complete) {
            String line = text.toString();
            for (Pattern pattern : forbidden) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find() && (complete || !matcher.requireEnd())) {
                    synchronized (SerialWatch.this) {
                        forbidding |= verdict == null;
                    }
                    report(new Verdict.Forbidden(pattern, line));
                    return;
                }
            }
            boolean all;
            synchronized (SerialWatch.this) {
                if (met == expected.size()) {
                    return;
                }
                advance(line, complete);
                all = met == expected.size();
            }
            if (all) {
                report(new Verdict.Met());
            }
        }

        private void advance(String line, boolean complete) {
            from = Math.min(from, line.length());
            while (met < expected.size()) {
                Matcher matcher = expected.get(met).matcher(line);
                matcher.useAnchoringBounds(false).useTransparentBounds(true);
                matcher.region(from, line.length());
                if (!matcher.find() || !complete && matcher.requireEnd()) {
                    return;
                }
                from = matcher.end();
                met++;
            }
        }
    }

    /** The characters of a line, from UTF-8, without control sequences (ECMA-48, "CSI"). */
    private static final class LineText {
        private final StringBuilder line = new StringBuilder();
        private final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
        private final CharBuffer characters = CharBuffer.allocate(2 * Integer.BYTES);
        private boolean escape;
        private boolean sequence;

        /** Whether the line has become longer. */
        boolean add(int value) {
            if (sequence || escape) {
                skip(value);
                return false;
            }
            if (value == 0x1B) {
                escape = true;
                return false;
            }
            if (value == '\r' || value == 0) {
                return false;
            }
            int before = line.length();
            bytes.put((byte) value).flip();
            decoder.decode(bytes, characters, false);
            bytes.compact();
            line.append(characters.flip());
            characters.clear();
            if (line.length() > LONGEST) {
                line.delete(0, line.length() - LONGEST);
                return true;
            }
            return line.length() > before;
        }

        private void skip(int value) {
            if (escape) {
                escape = false;
                sequence = value == '['; // other sequences have two characters
            } else {
                sequence = value < '@' || value > '~';
            }
        }

        void clear() {
            line.setLength(0);
        }

        @Override
        public String toString() {
            return line.toString();
        }
    }
}
