package dev.carafe.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandardInputTest {
    private final StringBuilder guest = new StringBuilder();
    private final List<String> answers = new ArrayList<>();
    private int offers;
    private int refusals;
    private int breaks;
    private int quits;

    private final Receiver device =
            new Receiver() {
                @Override
                public boolean offer(int value) {
                    if (offers++ < refusals) {
                        return false;
                    }
                    guest.append((char) value);
                    return true;
                }

                @Override
                public void sendBreak() {
                    breaks++;
                }
            };

    @Test
    void everyByteArrivesInOrderEvenWhenTheDeviceWasFull() {
        refusals = 3;
        type("0123456789", false);

        assertEquals("0123456789", guest.toString());
    }

    @Test
    void withoutEscapesCtrlAIsAKeyLikeAnyOther() {
        type("\u0001x", false);

        assertEquals("\u0001x", guest.toString());
        assertEquals(0, quits);
    }

    @Test
    void ctrlAThenXEndsTheRunAndNothingTypedLaterIsRead() {
        type("a\u0001xb", true);

        assertEquals(1, quits);
        assertEquals("a", guest.toString());
    }

    @Test
    void commandsAreAnsweredToThePersonAndTheBreakGoesToTheDevice() {
        type("\u0001h\u0001c\u0001bq", true);

        assertEquals(List.of(StandardInput.HELP, StandardInput.NO_MONITOR), answers);
        assertEquals(1, breaks);
        assertEquals("q", guest.toString());
    }

    @Test
    void aBrokenInputEndsQuietlyLikeItsEnd() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("gone");
                    }
                };
        input(broken, false).run();

        assertEquals("", guest.toString());
    }

    @Test
    void aGuestThatTakesNothingAnyMoreCanStillBeEnded() {
        refusals = Integer.MAX_VALUE;
        input(bytes("a line for a guest that hangs\r\u0001x"), true).run();

        assertEquals(1, quits);
        assertEquals("", guest.toString());
    }

    private void type(String text, boolean escape) {
        StandardInput input = input(bytes(text), escape);
        input.run();
        while (input.mayBring()) {
            Thread.onSpinWait(); // until everything is delivered
        }
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private StandardInput input(InputStream stream, boolean escape) {
        StandardInput input = new StandardInput(stream, escape, answers::add, () -> quits++);
        input.connect(device);
        return input;
    }
}
