package dev.carafe.tools.trace;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.machine.RunControl;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.tools.symbols.Symbolizer;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where all processors spend their time: a sample of each every two milliseconds of virtual time,
 * as collapsed stacks ({@code CPU 0;kmain;idle 42}), which flame graphs are made from.
 *
 * <p>Processors that do not run yet are not counted; a halted one is under its own name.
 */
public final class Profile {
    private static final long PERIOD_NANOS = 2_000_000;
    private static final int MOST_STACKS = 1 << 18;

    private final Map<String, Long> samples = new TreeMap<>(); // guarded by this

    private Sampler present; // guarded by this; null: none

    /** Samples this machine from now on. */
    public synchronized void attach(Machine machine, Symbolizer symbols) {
        present = new Sampler(machine, symbols);
        present.arm();
    }

    /** The machine is about to go: it is not looked at any more. */
    public void detach() {
        Sampler last;
        synchronized (this) {
            last = present;
            present = null;
        }
        if (last != null) {
            last.stop();
        }
    }

    private final class Sampler {
        private final RunControl control;
        private final Timers timers;
        private final CallStacks stacks;
        private final Timer timer;
        private boolean stopped; // used while the machine stands still only

        Sampler(Machine machine, Symbolizer symbols) {
            control = machine.control();
            timers = machine.timers();
            stacks = new CallStacks(control.memory(), symbols);
            timer = timers.timer(this::expired);
        }

        void arm() {
            timer.arm(timers.now() + PERIOD_NANOS);
        }

        private void expired() {
            boolean goesOn = control.still(this::sampleAll);
            if (goesOn) {
                arm();
            }
        }

        private boolean sampleAll() {
            if (!stopped) {
                control.vcpus().forEach(this::sample);
            }
            return !stopped;
        }

        void stop() {
            control.still(() -> stopped = true);
        }

        private void sample(Vcpu vcpu) {
            Cpu cpu = vcpu.cpu();
            if (cpu.activity != Activity.RUNNING && cpu.activity != Activity.HALTED) {
                return;
            }
            List<String> stack = stacks.of(vcpu);
            StringBuilder line = new StringBuilder("CPU ").append(cpu.index);
            for (String function : stack.reversed()) {
                line.append(';').append(function.replace(';', ':'));
            }
            count(cpu.activity == Activity.HALTED ? line + ";[halted]" : line.toString());
        }
    }

    private synchronized void count(String stack) {
        if (samples.size() < MOST_STACKS || samples.containsKey(stack)) {
            samples.merge(stack, 1L, Long::sum);
        }
    }

    /** Writes all samples so far. */
    public synchronized void write(Writer writer) throws IOException {
        for (Map.Entry<String, Long> sample : samples.entrySet()) {
            writer.write(sample.getKey() + " " + sample.getValue() + "\n");
        }
    }
}
