package dev.carafe.devices.dma;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import java.util.HexFormat;

/**
 * Registers that keep what is written: the 8237 DMA controllers' (00h to 0Fh, C0h to DFh) and their
 * page registers' (81h to 8Fh).
 *
 * <p>Not modelled: DMA transfers, the byte pointer flip-flop.
 */
public final class RegisterStorage implements ByteDevice, Stateful<RegisterStorage.State> {
    private static final int STATE_VERSION = 1;

    private final byte[] registers; // guarded by this

    /** Makes {@code length} registers that read 0. */
    public RegisterStorage(int length) {
        registers = new byte[length];
    }

    @Override
    public synchronized int readByte(int offset) {
        return offset >= 0 && offset < registers.length ? registers[offset] & 0xFF : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset >= 0 && offset < registers.length) {
            registers[offset] = (byte) value;
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, HexFormat.of().formatHex(registers));
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "register storage");
        byte[] saved = HexFormat.of().parseHex(state.registers);
        System.arraycopy(saved, 0, registers, 0, Math.min(saved.length, registers.length));
    }

    /** The registers in hexadecimal. */
    public record State(int version, String registers) {}
}
