package dev.carafe.junit;

import dev.carafe.core.machine.DebugMemory;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.gdb.NamedRegisters;
import java.util.OptionalLong;

/**
 * A processor of a machine. Reading and writing hold the machine for a moment where it runs;
 * several of them belong together only while it is {@linkplain Vm#pause paused}, or in a
 * breakpoint's action.
 */
public final class VmCpu {
    private final PcBoard board;
    private final Vcpu vcpu;
    private final NamedRegisters registers = new NamedRegisters();

    VmCpu(PcBoard board, Vcpu vcpu) {
        this.board = board;
        this.vcpu = vcpu;
    }

    public int index() {
        return vcpu.index();
    }

    /** A register of at most 64 bits by GDB's name: rax, rip, eflags, cs, cr3, fs_base, efer. */
    public long register(String name) {
        OptionalLong value = board.control().still(() -> registers.read(vcpu.cpu(), name));
        return value.orElseThrow(
                () -> new IllegalArgumentException("there is no register " + name));
    }

    /** Changes a register. */
    public void setRegister(String name, long value) {
        if (!board.control().still(() -> registers.write(vcpu.cpu(), name, value))) {
            throw new IllegalArgumentException(
                    "register " + name + " does not take 0x" + Long.toHexString(value));
        }
    }

    /** Instructions that it has executed; exact while the machine stands still. */
    public long executed() {
        return vcpu.executed();
    }

    /** Where it is: {@code function+0x1c (file.c:12)} as far as the kernel's file says so. */
    public String place() {
        return board.symbols().describe(register("rip"));
    }

    /** Reads memory by linear address, as this processor's page tables have it now. */
    public byte[] read(long address, int length) {
        byte[] bytes = new byte[length];
        int count = board.control().still(() -> memory().read(vcpu, address, bytes));
        if (count < length) {
            throw unreachable(address + count);
        }
        return bytes;
    }

    /** Changes memory by linear address, whatever its pages' rights are. */
    public void write(long address, byte[] bytes) {
        int count = board.control().still(() -> memory().write(vcpu, address, bytes));
        if (count < bytes.length) {
            throw unreachable(address + count);
        }
    }

    private static IllegalArgumentException unreachable(long address) {
        return new IllegalArgumentException("no memory is at 0x" + Long.toHexString(address));
    }

    private DebugMemory memory() {
        return board.control().memory();
    }

    @Override
    public String toString() {
        return "CPU " + index() + " at " + place();
    }
}
