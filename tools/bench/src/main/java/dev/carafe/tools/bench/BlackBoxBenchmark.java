package dev.carafe.tools.bench;

import dev.carafe.core.cpu.RareEvents;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds per event that the black box records. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgs = {
            "-XX:+UseSerialGC",
            "-XX:-UseCompressedOops",
            "--enable-native-access=ALL-UNNAMED"
        })
public class BlackBoxBenchmark {
    private static final int SOME = 1000;
    private static final int VECTOR = 0x80;

    private BenchVcpu vcpu;

    /** A processor in a page of code, so that what it has executed is looked up there. */
    @Setup
    public void makeProcessor() {
        vcpu = new BenchVcpu("CD80 CD80 EBFA"); // INT 80h, INT 80h, JMP
        vcpu.run(SOME);
        vcpu.cpu.rip = BenchVcpu.CODE;
    }

    /** What the other two do beside recording. */
    @Benchmark
    public long nothing() {
        vcpu.cpu.rip ^= 2;
        return vcpu.cpu.rare.count();
    }

    /** INT 80h at one place, again and again. */
    @Benchmark
    public long repeated() {
        return record();
    }

    /** INT 80h at two places in turns. */
    @Benchmark
    public long different() {
        vcpu.cpu.rip ^= 2;
        return record();
    }

    private long record() {
        vcpu.cpu.rare.record(RareEvents.Kind.SOFTWARE_INTERRUPT, vcpu.cpu.rip, VECTOR, 0);
        return vcpu.cpu.rare.count();
    }
}
