package dev.carafe.tools.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds per guest instruction, for loops that each spend their time in one cost centre. */
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
public class InterpreterBenchmark {
    private static final int INSTRUCTIONS = 1_000_000;

    /** The loops; README.md says which cost each stands for. */
    public enum Loop {
        /** Eight ADD RAX, RDX. */
        DISPATCH("4801D0 4801D0 4801D0 4801D0 4801D0 4801D0 4801D0 4801D0 EBE6"),
        /** Four MOV RAX, [RBX], four MOV [RBX], RAX. */
        TLB_HIT("488B03 488B03 488B03 488B03 488903 488903 488903 488903 EBE6"),
        /** INVLPG [RBX], then MOV RAX, [RBX]. */
        PAGE_WALK("0F013B 488B03 EBF8"),
        /** LOCK XADD [RBX], RDX. */
        LOCK("F0480FC113 F0480FC113 EBF4"),
        /** INT 80h; the handler is IRETQ. */
        INTERRUPT("CD80 EBFC"),
        /** DEC RCX, JNZ. */
        BRANCH("48FFC9 75FB EBF9"),
        /** Four IN AL, DX behind MOV EDX, 3F8h. */
        DEVICE_READ("BAF8030000 EC EC EC EC EBFA"),
        /**
         * MOV BYTE [RIP], 90h, which is the NOP behind it: the page's code is dropped and decoded
         * again.
         */
        DECODE("C6050000000090 90 EBF6");

        private final String code;

        Loop(String code) {
            this.code = code;
        }
    }

    @Param Loop loop;

    private BenchVcpu vcpu;

    @Setup
    public void makeProcessor() {
        vcpu = new BenchVcpu(loop.code);
        vcpu.cpu.regs[1] = -1; // RCX
    }

    @Benchmark
    @OperationsPerInvocation(INSTRUCTIONS)
    public long instruction() {
        vcpu.run(INSTRUCTIONS);
        return vcpu.cpu.rip;
    }
}
