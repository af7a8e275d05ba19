package dev.carafe.core.isa.system;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.StateComponent;
import dev.carafe.core.cpu.X87State;
import java.util.Arrays;

/**
 * Saving, restoring and initializing each state component (SDM Vol. 1, "XSAVE Area" and "Processor
 * Tracking of XSAVE-Managed State"). A component counts as in use when it differs from its initial
 * configuration.
 */
final class XsaveArea {
    private static final int CONTROL_INITIAL = 0x37F;
    private static final int ALL_EMPTY = 0xFFFF;
    private static final int XMM_BYTES = 16;
    private static final int USER = 3;

    private XsaveArea() {}

    /** Vector registers that the current mode has. */
    static int vectors(Cpu cpu) {
        return cpu.control.codeIs64() ? 16 : 8;
    }

    // ---- XINUSE

    /** The components that are not in their initial configuration. */
    static long inUse(Cpu cpu) {
        long bits = 0;
        for (StateComponent component : StateComponent.all()) {
            bits |= inUse(cpu, component) ? component.bit() : 0;
        }
        return bits;
    }

    private static boolean inUse(Cpu cpu, StateComponent component) {
        return switch (component) {
            case X87 -> x87InUse(cpu.x87);
            case SSE -> anyLane(cpu, 0);
            case AVX -> anyLane(cpu, 2);
            case PKRU -> cpu.system.pkru != 0;
            case CET_U -> (cpu.flow.configuration(true) | cpu.flow.stack(USER)) != 0;
            case CET_S -> (cpu.flow.stack(0) | cpu.flow.stack(1) | cpu.flow.stack(2)) != 0;
        };
    }

    private static boolean x87InUse(X87State x87) {
        boolean used =
                x87.controlWord != CONTROL_INITIAL
                        || x87.statusWord != 0
                        || x87.tagWord != ALL_EMPTY
                        || x87.opcode != 0
                        || x87.instructionPointer != 0
                        || x87.dataPointer != 0;
        for (int i = 0; i < X87State.REGISTERS && !used; i++) {
            used = x87.significand[i] != 0 || x87.signExponent[i] != 0;
        }
        return used;
    }

    private static boolean anyLane(Cpu cpu, int first) {
        long any = 0;
        for (int i = 0; i < cpu.xmm.length; i += Cpu.VECTOR_STRIDE) {
            any |= cpu.xmm[i + first] | cpu.xmm[i + first + 1];
        }
        return any != 0;
    }

    // ---- one component

    /**
     * @param area the area's address
     * @param at the component's, in the area's format
     */
    static void save(Cpu cpu, StateComponent component, long area, long at, boolean wide) {
        switch (component) {
            case X87 -> FpuState.saveX87(cpu, area, wide);
            case SSE -> FpuState.saveVectors(cpu, area, vectors(cpu));
            case AVX -> {
                for (int i = 0; i < vectors(cpu); i++) {
                    long to = at + (long) i * XMM_BYTES;
                    cpu.memory.store64(to, cpu.xmm[i * Cpu.VECTOR_STRIDE + 2]);
                    cpu.memory.store64(to + 8, cpu.xmm[i * Cpu.VECTOR_STRIDE + 3]);
                }
            }
            case PKRU -> cpu.memory.store64(at, Integer.toUnsignedLong(cpu.system.pkru));
            case CET_U -> {
                cpu.memory.store64(at, cpu.flow.configuration(true));
                cpu.memory.store64(at + 8, cpu.flow.stack(USER));
            }
            case CET_S -> {
                for (int level = 0; level < USER; level++) {
                    cpu.memory.store64(at + level * 8L, cpu.flow.stack(level));
                }
            }
        }
    }

    /**
     * #GP(0) where an area has what a component cannot take, before anything is restored from it.
     */
    static void check(Cpu cpu, StateComponent component, long at) {
        switch (component) {
            case CET_U -> {
                cpu.flow.checkConfiguration(cpu.memory.load64(at));
                cpu.flow.checkStack(cpu.memory.load64(at + 8));
            }
            case CET_S -> {
                for (int level = 0; level < USER; level++) {
                    cpu.flow.checkStack(cpu.memory.load64(at + level * 8L));
                }
            }
            default -> {}
        }
    }

    static void restore(Cpu cpu, StateComponent component, long area, long at, boolean wide) {
        switch (component) {
            case X87 -> FpuState.restoreX87(cpu, area, wide);
            case SSE -> FpuState.restoreVectors(cpu, area, vectors(cpu));
            case AVX -> {
                for (int i = 0; i < vectors(cpu); i++) {
                    long from = at + (long) i * XMM_BYTES;
                    cpu.xmm[i * Cpu.VECTOR_STRIDE + 2] = cpu.memory.load64(from);
                    cpu.xmm[i * Cpu.VECTOR_STRIDE + 3] = cpu.memory.load64(from + 8);
                }
            }
            case PKRU -> cpu.control.writePkru((int) cpu.memory.load32(at));
            case CET_U -> {
                cpu.flow.configure(true, cpu.memory.load64(at));
                cpu.flow.setStack(USER, cpu.memory.load64(at + 8));
            }
            case CET_S -> {
                for (int level = 0; level < USER; level++) {
                    cpu.flow.setStack(level, cpu.memory.load64(at + level * 8L));
                }
            }
        }
    }

    static void initialize(Cpu cpu, StateComponent component) {
        switch (component) {
            case X87 -> {
                cpu.x87.initialize();
                Arrays.fill(cpu.x87.significand, 0);
                Arrays.fill(cpu.x87.signExponent, 0);
            }
            case SSE -> clearLanes(cpu, 0);
            case AVX -> clearLanes(cpu, 2);
            case PKRU -> cpu.control.writePkru(0);
            case CET_U -> {
                cpu.flow.configure(true, 0);
                cpu.flow.setStack(USER, 0);
            }
            case CET_S -> {
                for (int level = 0; level < USER; level++) {
                    cpu.flow.setStack(level, 0);
                }
            }
        }
    }

    private static void clearLanes(Cpu cpu, int first) {
        for (int i = 0; i < vectors(cpu); i++) {
            cpu.xmm[i * Cpu.VECTOR_STRIDE + first] = 0;
            cpu.xmm[i * Cpu.VECTOR_STRIDE + first + 1] = 0;
        }
    }

    /** MXCSR is outside XINUSE, but for what the optimizing instructions write. */
    static long inUseWithMxcsr(Cpu cpu) {
        return inUse(cpu) | (cpu.mxcsr.get() != MxCsr.RESET ? StateComponent.SSE.bit() : 0);
    }
}
