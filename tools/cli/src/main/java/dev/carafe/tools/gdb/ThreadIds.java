package dev.carafe.tools.gdb;

/** Thread ids: vCPU n is thread n + 1 of process 1, as QEMU numbers them. */
final class ThreadIds {
    /** Any thread will do. */
    static final int ANY = -2;

    /** All threads. */
    static final int ALL = -1;

    private static final int PROCESS = 1;
    private static final String EVERY = "-1";

    private boolean processes; // the client writes and reads process ids too

    void useProcesses() {
        processes = true;
    }

    String of(int vcpu) {
        return processes ? "p%02x.%02x".formatted(PROCESS, vcpu + 1) : "%02x".formatted(vcpu + 1);
    }

    /**
     * The number of a vCPU, ANY or ALL.
     *
     * @param count of vCPUs
     */
    static int parse(String text, int count) {
        if (!text.startsWith("p")) {
            return thread(text, count);
        }
        int point = text.indexOf('.');
        String process = text.substring(1, point < 0 ? text.length() : point);
        if (!process.equals(EVERY) && Hex.number(process) > PROCESS) {
            throw new PacketError();
        }
        return point < 0 ? ALL : thread(text.substring(point + 1), count);
    }

    private static int thread(String text, int count) {
        if (text.equals(EVERY)) {
            return ALL;
        }
        long number = Hex.number(text);
        if (number == 0) {
            return ANY;
        }
        if (number < 0 || number > count) {
            throw new PacketError();
        }
        return (int) number - 1;
    }
}
