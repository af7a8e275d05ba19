package dev.carafe.core.fault;

/**
 * An exception of the guest on its way from the instruction that caused it to event delivery. It is
 * a fault: the instruction has changed nothing yet. Carries no stack trace; one costs less than a
 * page walk.
 */
public final class CpuFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Not an exception of the guest: the instruction wants to be executed by itself, so that debug
     * conditions are seen. Nothing has changed. Compared by identity.
     */
    public static final CpuFault ALONE = of(-1);

    private final int vector;
    private final int errorCode;
    private final long address;
    private final boolean nonCanonical;

    /**
     * @param vector see {@link ExceptionVector}
     * @param errorCode what is pushed, where the vector has one
     * @param address CR2 for #PF, otherwise 0
     */
    private CpuFault(int vector, int errorCode, long address) {
        this(vector, errorCode, address, false);
    }

    private CpuFault(int vector, int errorCode, long address, boolean nonCanonical) {
        super(null, null, false, false);
        this.vector = vector;
        this.errorCode = errorCode;
        this.address = address;
        this.nonCanonical = nonCanonical;
    }

    public static CpuFault of(int vector) {
        return new CpuFault(vector, 0, 0);
    }

    public static CpuFault of(int vector, int errorCode) {
        return new CpuFault(vector, errorCode, 0);
    }

    public static CpuFault invalidOpcode() {
        return of(ExceptionVector.INVALID_OPCODE);
    }

    /** #GP with a selector-shaped error code, or 0. */
    public static CpuFault generalProtection(int errorCode) {
        return of(ExceptionVector.GENERAL_PROTECTION, errorCode);
    }

    /**
     * A data access to a non-canonical address: #GP(0), which becomes #SS(0) when the operand lies
     * on the stack.
     */
    public static CpuFault nonCanonical() {
        return new CpuFault(ExceptionVector.GENERAL_PROTECTION, 0, 0, true);
    }

    /** What this fault is for an operand in the stack segment. */
    public CpuFault onStack() {
        return nonCanonical ? of(ExceptionVector.STACK_FAULT, 0) : this;
    }

    public static CpuFault pageFault(int errorCode, long linear) {
        return new CpuFault(ExceptionVector.PAGE_FAULT, errorCode, linear);
    }

    public int vector() {
        return vector;
    }

    public int errorCode() {
        return errorCode;
    }

    /** The linear address that faulted, for #PF. */
    public long address() {
        return address;
    }

    @Override
    public String getMessage() {
        return ExceptionVector.name(vector) + "(0x" + Integer.toHexString(errorCode) + ")";
    }
}
