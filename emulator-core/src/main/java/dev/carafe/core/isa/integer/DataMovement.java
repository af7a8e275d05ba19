package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.ENDBR32;
import static dev.carafe.core.isa.Operation.ENDBR64;
import static dev.carafe.core.isa.Operation.LEA;
import static dev.carafe.core.isa.Operation.MOV;
import static dev.carafe.core.isa.Operation.MOVDIRI;
import static dev.carafe.core.isa.Operation.MOVNTI;
import static dev.carafe.core.isa.Operation.NOP;
import static dev.carafe.core.isa.Operation.PREFETCH;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Unchanged;

/** Moves that compute nothing (SDM Vol. 2, MOV, LEA), and instructions that do nothing. */
public final class DataMovement {
    private DataMovement() {}

    /** LEA's source is the address itself. */
    @Semantics({MOV, LEA, MOVNTI, MOVDIRI})
    @Unchanged
    public static long move(long source) {
        return source;
    }

    /** NOP in all its forms does not touch its operand; PREFETCH may, and never faults. */
    @Semantics({NOP, PREFETCH, ENDBR32, ENDBR64})
    public static void nothing() {}
}
