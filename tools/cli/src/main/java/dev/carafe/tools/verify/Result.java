package dev.carafe.tools.verify;

/**
 * What came of a case: how it ended, the state then, and the blocks of the data area that differ
 * from the pattern.
 */
final class Result {
    private static final int MOST_BLOCKS = Layout.DATA_BYTES / Layout.BLOCK;

    /** How it ended. */
    enum Ending {
        /** The instruction was executed. */
        EXECUTED,
        /** An exception or trap was delivered. */
        EXCEPTION,
        /** It did not end. */
        HUNG
    }

    Ending ending;
    int vector;
    long errorCode;
    long cr2;
    long rip; // in the frame of an exception
    final ProcessorState state = new ProcessorState();
    int blockCount;
    final int[] blockOffsets = new int[MOST_BLOCKS]; // see Layout.dataOffset
    final byte[] blocks = new byte[Layout.DATA_BYTES];
}
