package dev.carafe.junit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Memory of a machine by the kernel's symbols, as its first processor sees it. */
public final class VmMemory {
    private final Vm vm;

    VmMemory(Vm vm) {
        this.vm = vm;
    }

    public byte[] read(String symbol, int length) {
        return vm.cpu(0).read(vm.symbol(symbol), length);
    }

    public void write(String symbol, byte[] bytes) {
        vm.cpu(0).write(vm.symbol(symbol), bytes);
    }

    /** Eight bytes, little-endian. */
    public long readLong(String symbol) {
        return buffer(read(symbol, Long.BYTES)).getLong();
    }

    /** Four bytes, little-endian. */
    public int readInt(String symbol) {
        return buffer(read(symbol, Integer.BYTES)).getInt();
    }

    public void writeLong(String symbol, long value) {
        write(symbol, buffer(new byte[Long.BYTES]).putLong(value).array());
    }

    public void writeInt(String symbol, int value) {
        write(symbol, buffer(new byte[Integer.BYTES]).putInt(value).array());
    }

    /** Bytes up to a zero, or {@code most}. */
    public String readString(String symbol, int most) {
        byte[] bytes = read(symbol, most);
        int length = 0;
        while (length < most && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
