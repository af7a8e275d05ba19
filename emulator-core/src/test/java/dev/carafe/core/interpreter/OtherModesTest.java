package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Segments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 32-bit protected mode and 16-bit real mode; see {@link Row} for the notation. */
class OtherModesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            40                   | rax=FFFFFFFF flags=3                 | rax=0 flags=57
            66 48                | rax=10000                            | rax=1FFFF
            8B 03                | rbx=D000 m0=1122334455667788         | rax=55667788
            66 8B 03             | rax=0 rbx=D000 m0=1122334455667788   | rax=7788
            67 8B 07             | rbx=1D000 m0=99                      | rax=99
            67 8B 40 10          | rbx=C000 rsi=FF0 m0=98               | rax=98
            67 8B 02             | rbp=8000 rsi=FFF8 s-8=97             | rax=97
            67 8D 42 10          | rbp=FFF0 rsi=FFFF                    | rax=FFFF
            A1 00 D0 00 00       | m0=55                                | rax=55
            67 A1 00 D0          | m0=56                                | rax=56
            50                   | rax=12345678 s-8=0                   | rsp=7FFC s-8=1234567800000000
            66 50                | rax=12345678 s-8=0                   | rsp=7FFE s-8=5678000000000000
            54                   |                                      | rsp=7FFC s-8=800000000000
            5C                   | s0=1234                              | rsp=1234
            60                   | rax=1 rcx=2 rdx=3 rbx=4 rbp=6 rsi=7 rdi=8 | rsp=7FE0 s-8=100000002 s-10=300000004 s-18=800000000006 s-20=700000008
            61                   | s0=700000008 s8=900000006 s10=300000004 s18=100000002 | rdi=8 rsi=7 rbp=6 rsp=8020 rbx=4 rdx=3 rcx=2 rax=1
            66 60                | rax=11111 rsp=8000 rdi=9             | rsp=7FF0
            62 03                | rax=5 rbx=D000 m0=A00000001          | rip=5002
            62 03                | rax=B rbx=D000 m0=A00000001          | vector=5 rip=5000
            CE                   | flags=2                              | rip=5001
            CE                   | flags=802                            | vector=4 rip=5001
            C8 10 00 00          | rbp=99                               | rbp=7FFC rsp=7FEC
            C9                   | rbp=8010 s10=77                      | rsp=8014 rbp=77
            E8 00 00 00 00       | s-8=0                                | rsp=7FFC s-8=500500000000
            66 E8 00 00          | s-8=0                                | rsp=7FFE s-8=5004000000000000
            C2 08 00             | s0=5003                              | rsp=800C rip=5003
            E2 00                | rcx=0                                | rcx=FFFFFFFF
            67 E2 00             | rcx=10000                            | rcx=1FFFF
            67 E3 01 90          | rcx=10000                            | rip=5004
            0F B1 0B             | rax=1 rcx=2 rbx=D000 m0=1            | m0=2
            D6                   | rax=12345600 flags=3                 | rax=123456FF flags=3
            D6                   | rax=123456FF flags=D6                | rax=12345600 flags=D6
            27                   | rax=9 flags=12                       | rax=F
            37                   | rax=A                                | rax=100
            D4 0A                | rax=63                               | rax=909
            D5 0A                | rax=909                              | rax=63
            AC                   | rsi=D000 m0=5A                       | rax=5A rsi=D001
            6C                   | rdx=80 rdi=D000 m0=0                 | m0=FF rdi=D001
            F3 66 6D             | rdx=80 rdi=D000 rcx=2 m0=0           | m0=FFFFFFFF rdi=D004 rcx=0
            6E                   | rdx=80 rsi=D000                      | rsi=D001
            F3 6F                | rdx=80 rsi=D000 rcx=3                | rsi=D00C rcx=0
            E5 80                | rax=0                                | rax=FFFFFFFF
            0F 1A 06             | rsi=FFFFFFFF                         | rip=5003
            0F 38 F0 03          | rbx=D000 m0=11223344                 | rax=44332211
            0F 28 03             | rbx=D000 m0=1 m8=2                   | x0=1 y0=2
            F2 0F 11 03          | rbx=D000 x0=5                        | m0=5
            D7                   | rbx=D000 rax=1 m0=2211               | rax=22
            82 C0 01             | rax=FF                               | rax=0
            """)
    void protectedMode(String code, String before, String after) {
        try (Vm vm = Vm.protectedMode()) {
            Row.set(vm, before == null ? "" : before);
            vm.execute(code);
            assertEquals(after.contains("vector"), vm.fault() != null, code);
            Row.check(vm, code, after);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            8B 07                | rbx=D000 rax=FFFF0000 m0=1234         | rax=FFFF1234
            66 8B 07             | rbx=D000 m0=12345678                  | rax=12345678
            67 66 8B 03          | rbx=D000 m0=12345678                  | rax=12345678
            8B 40 FF             | rbx=C000 rsi=1001 m0=77               | rax=77
            8A 46 00             | rbp=8000 s0=77                        | rax=77
            8D 41 10             | rbx=FFFF rdi=2                        | rax=11
            A1 00 D0             | m0=99                                 | rax=99
            50                   | rax=12345678 s-8=0                    | rsp=7FFE s-8=5678000000000000
            66 50                | rax=12345678 s-8=0                    | rsp=7FFC s-8=1234567800000000
            54                   | s-8=0                                 | rsp=7FFE s-8=8000000000000000
            60                   | rax=1 rcx=2 rdx=3 rbx=4 rbp=6 rsi=7 rdi=8 | rsp=7FF0 s-8=1000200030004 s-10=8000000600070008
            61                   | rdx=0 s0=9999000600070008 s8=1000200030004 | rax=1 rcx=2 rdx=3 rbx=4 rbp=6 rsi=7 rdi=8 rsp=8010
            E8 00 00             | s-8=0                                 | rsp=7FFE s-8=5003000000000000
            C3                   | s0=5001                               | rsp=8002 rip=5001
            C2 04 00             | s0=5003                               | rsp=8006 rip=5003
            E2 00                | rcx=FFFF0000                          | rcx=FFFFFFFF
            67 E2 00             | rcx=0                                 | rcx=FFFFFFFF
            E3 01 90             | rcx=FFFF0000                          | rip=5003
            F3 A4                | rsi=D000 rdi=D008 rcx=3 m0=332211 m8=0 | m8=332211 rcx=0 rsi=D003 rdi=D00B
            F3 66 AB             | rdi=D000 rcx=2 rax=12345678           | m0=1234567812345678 rdi=D008
            C8 04 00 00          | rbp=99                                | rbp=7FFE rsp=7FFA
            C8 00 00 01          | rbp=99 s-8=0                          | rbp=7FFE rsp=7FFC s-8=997FFE00000000
            66 C8 04 00 00       | rbp=1FFF0 rsp=18000                   | rbp=17FFC rsp=17FF8
            C9                   | rbp=8010 s10=77                       | rsp=8012 rbp=77
            62 07                | rax=9 rbx=D000 m0=80001               | vector=5 rip=5000
            D7                   | rbx=D000 rax=1 m0=2211                | rax=22
            0F 22 C0             | rax=10                                | rip=5003
            66 0F B7 C3          | rbx=12345678                          | rax=5678
            CC                   |                                       | vector=3 rip=5001 rsp=8000
            F7 F1                | rcx=0                                 | vector=0 rip=5000
            """)
    void realMode(String code, String before, String after) {
        try (Vm vm = Vm.realMode()) {
            Row.set(vm, before == null ? "" : before);
            vm.execute(code);
            assertEquals(after.contains("vector"), vm.fault() != null, code);
            Row.check(vm, code, after);
        }
    }

    @Test
    void segmentsMoveDataAndStackInRealMode() {
        try (Vm vm = Vm.realMode()) {
            vm.cpu.segments.load(Segments.ES, 0xD00);
            vm.cpu.segments.load(Segments.SS, 0x100);
            vm.put64(Vm.DATA, 0x77).set(RBX, 0).execute("26 8B 07 50");

            assertEquals(0x77, vm.reg(RAX));
            assertEquals(0x77, vm.machine.get16(0x1000 + Vm.STACK - 2));
        }
    }

    @Test
    void aLimitIsCheckedAndStackOffsetsWrap() {
        try (Vm vm = Vm.realMode()) {
            assertEquals(
                    13, vm.set(RBX, 0xFFFF).execute("8B 07").vector(), "a word at the last byte");
        }
        try (Vm vm = Vm.realMode()) {
            vm.set(RSP, 0xFFFF_0000L).set(RAX, 0x1234).execute("50");
            assertEquals(0xFFFF_FFFEL, vm.reg(RSP));
            assertEquals(0x1234, vm.machine.get16(0xFFFE));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "E9 00 10 00 00, 0",
        "E8 00 20 00 00, 0",
        "FF E0, 0",
        "FF D0, 0",
        "50 C3, 1",
        "0F 84 00 10 00 00, 0"
    })
    void aJumpBeyondTheCodeSegmentFaultsAtTheJump(String code, int offset) {
        try (Vm vm = Vm.protectedMode()) {
            vm.cpu.segments.limit[Segments.CS] = 0x5FFF;
            vm.flags(0x42).set(RAX, 0x6000).execute(code);

            assertEquals(13, vm.vector());
            assertEquals(Vm.CODE + offset, vm.fault().rip());
            assertEquals(Vm.STACK - 4 * offset, vm.fault().rsp());
        }
    }
}
