package dev.carafe.devices.dma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageTest {
    @Test
    void pageRegistersKeepWhatIsWritten() {
        RegisterStorage pages = new RegisterStorage(15);
        pages.write(0, 4, 0x4433_2211L);
        assertEquals(0x3322, pages.read(1, 2));
        assertEquals(0xFF00, pages.read(14, 2), "behind the end nothing answers");
    }

    @Test
    void postCodesAreShownWhenTheyChange() {
        List<Integer> shown = new ArrayList<>();
        PostPort port = new PostPort(shown::add);
        port.write(0, 1, 0x12);
        port.write(0, 1, 0x12);
        port.write(0, 1, 0x34);
        assertEquals(List.of(0x12, 0x34), shown);
        assertEquals(0x34, port.read(0, 1));
    }
}
