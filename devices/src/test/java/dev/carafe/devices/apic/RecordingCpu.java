package dev.carafe.devices.apic;

import dev.carafe.core.interrupt.CpuSignals;
import java.util.ArrayList;
import java.util.List;

/** A vCPU that only remembers what was signalled to it. */
final class RecordingCpu implements CpuSignals {
    final List<String> events = new ArrayList<>();
    volatile boolean interrupt;

    @Override
    public void interrupt(boolean asserted) {
        interrupt = asserted;
    }

    @Override
    public void nmi() {
        events.add("NMI");
    }

    @Override
    public void smi() {
        events.add("SMI");
    }

    @Override
    public void init() {
        events.add("INIT");
    }

    @Override
    public void startup(int vector) {
        events.add("SIPI " + vector);
    }
}
