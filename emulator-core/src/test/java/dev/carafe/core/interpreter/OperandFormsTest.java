package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Segments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How operands are found, in 64-bit code: see {@link Row} for the notation. Code lies at 5000h, RBX
 * names the data at D000h.
 */
class OperandFormsTest {
    private final Vm vm = Vm.bare().set(RBX, Vm.DATA);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # high-byte registers, and what REX makes of them
            00 E0                | rax=0102                             | rax=0103
            88 E7                | rax=AA11 rbx=0                       | rbx=AA00
            40 88 E7             | rdi=1122 rsp=8000                    | rdi=1100
            40 88 E0             | rax=FFFF rsp=8000                    | rax=FF00
            B4 7F                | rax=0                                | rax=7F00
            80 E5 0F             | rcx=FFFF                             | rcx=0FFF
            86 E0                | rax=1234                             | rax=3412
            0F B6 C4             | rax=FFFFFFFFFFFF34FF                 | rax=34
            0F BE CC             | rax=8000                             | rcx=FFFFFF80
            8A 23                | m0=99 rax=0                          | rax=9900
            # widths: 32 bits clear the upper half, 16 and 8 bits leave it
            01 D8                | rax=FFFFFFFF00000001 rbx=1           | rax=2
            66 01 D8             | rax=112233445566FFFF rbx=1           | rax=1122334455660000
            00 D8                | rax=11FF rbx=1                       | rax=1100
            48 63 C3             | rbx=80000000                         | rax=FFFFFFFF80000000
            # RIP-relative, also with an immediate behind the displacement
            48 8B 05 F9 7F 00 00 | m0=1234                              | rax=1234
            C7 05 F6 7F 00 00 78 56 34 12 | m0=0                        | m0=12345678
            80 05 F9 7F 00 00 01 | m0=FF                                | m0=0
            48 8D 05 FF FF FF 7F |                                      | rax=80005006
            48 8D 05 00 00 00 80 |                                      | rax=FFFFFFFF80005007
            67 48 8D 05 00 00 00 80 |                                   | rax=80005008
            8D 05 00 00 00 80    |                                      | rax=80005006
            # SIB
            48 8B 04 CB          | rcx=2 m10=77                         | rax=77
            48 8D 44 8B 10       | rbx=100 rcx=3                        | rax=11C
            48 8D 04 4D 10 00 00 00 | rcx=FFFFFFFFFFFFFFFF              | rax=E
            48 8D 04 24          |                                      | rax=8000
            4A 8D 04 23          | rbx=100 r12=5                        | rax=105
            49 8D 04 24          | r12=1234                             | rax=1234
            49 8D 45 00          | r13=4321                             | rax=4321
            48 8B 04 25 00 D0 00 00 | m0=55                             | rax=55
            48 8B 43 80          | rbx=D080 m0=66                       | rax=66
            # 32-bit addresses wrap
            67 48 8B 03          | rbx=FFFFFFFF0000D000 m0=11           | rax=11
            67 8D 04 0B          | rbx=FFFFFFFF rcx=2                   | rax=1
            67 48 8B 44 0B 10    | rbx=FFFFFFF0 rcx=D000 m0=22          | rax=22
            # moffs and 64-bit immediates
            48 A1 00 D0 00 00 00 00 00 00 | m0=1122334455667788          | rax=1122334455667788
            A1 00 D0 00 00 00 00 00 00 | m0=1122334455667788             | rax=55667788
            67 A0 00 D0 00 00    | rax=FFFF m0=88                       | rax=FF88
            48 A3 00 D0 00 00 00 00 00 00 | rax=FEDCBA9876543210         | m0=FEDCBA9876543210
            66 A3 00 D0 00 00 00 00 00 00 | rax=FFFF3210 m0=0            | m0=3210
            48 B8 EF CD AB 89 67 45 23 01 |                              | rax=123456789ABCDEF
            48 C7 C0 FF FF FF FF |                                      | rax=FFFFFFFFFFFFFFFF
            48 83 C0 80          | rax=80                               | rax=0
            48 81 C3 00 00 00 80 | rbx=80000000                         | rbx=0
            # conditional
            0F 44 C3             | rax=FFFFFFFF12345678 rbx=1 flags=2   | rax=12345678
            0F 44 C3             | rax=0 rbx=FFFFFFFF00000001 flags=42  | rax=1
            66 0F 44 C3          | rax=FFFFFFFF12345678 rbx=1 flags=2   | rax=FFFFFFFF12345678
            0F 94 03             | m0=FFFF flags=42                     | m0=FF01
            0F 9F C4             | rax=FFFF flags=2                     | rax=01FF
            # exchanges
            87 D8                | rax=FFFFFFFF00000001 rbx=2           | rax=2 rbx=1
            90                   | rax=FFFFFFFF00000001                 | rax=FFFFFFFF00000001
            49 90                | rax=1 r8=2                           | rax=2 r8=1
            48 87 0B             | rcx=5 m0=6                           | rcx=6 m0=5
            0F C1 D8             | rax=3 rbx=4                          | rax=7 rbx=3
            48 0F C1 C0          | rax=3                                | rax=6
            F0 48 0F C1 0B       | rcx=5 m0=FFFFFFFFFFFFFFFF            | rcx=FFFFFFFFFFFFFFFF m0=4 flags=13
            48 0F B1 0B          | rax=7 rcx=9 m0=7                     | m0=9 rax=7 flags=46
            F0 48 0F B1 0B       | rax=7 rcx=9 m0=8                     | m0=8 rax=8 flags=97
            # a 32-bit CMPXCHG keeps the upper half of the register that it does not write
            0F B1 CB             | rax=FFFFFFFF00000007 rbx=FFFFFFFF00000007 rcx=9 | rbx=9 rax=FFFFFFFF00000007
            0F B1 CB             | rax=7 rbx=FFFFFFFF00000008 rcx=9     | rbx=FFFFFFFF00000008 rax=8
            0F C7 0B             | rdx=1 rax=2 rcx=3 rbx=D000 m0=0000000100000002 | m0=30000D000 flags=42
            F0 0F C7 0B          | rdx=1 rax=2 m0=0000000900000008      | rdx=9 rax=8 flags=2
            48 0F C7 0B          | rdx=1 rax=2 rcx=3 m0=2 m8=1          | m0=D000 m8=3 flags=42
            F0 48 0F C7 0B       | rdx=1 rax=2 m0=7 m8=6                | rax=7 rdx=6 m0=7 m8=6 flags=2
            48 0F C7 4B 08       |                                      | vector=D
            # bit strings: a register offset reaches beyond the operand, an immediate one does not
            48 0F A3 0B          | rcx=43 m8=8 flags=2                  | flags=3
            48 0F AB 0B          | rcx=43 m8=0                          | m8=8
            48 0F B3 4B 10       | rcx=FFFFFFFFFFFFFFFF m8=FFFFFFFFFFFFFFFF | m8=7FFFFFFFFFFFFFFF
            0F BB 4B 08          | rcx=FFFFFFFF m0=0 m8=0               | m0=8000000000000000
            48 0F BA 2B 43       | m0=0 m8=0                            | m0=8 m8=0
            48 0F A3 CB          | rbx=8 rcx=43 flags=2                 | flags=3
            # byte order, tables, strings
            0F C8                | rax=FFFFFFFF11223344                 | rax=44332211
            48 0F C8             | rax=1122334455667788                 | rax=8877665544332211
            48 0F 38 F0 03       | m0=1122334455667788                  | rax=8877665544332211
            66 0F 38 F1 03       | rax=1234 m0=0                        | m0=3412
            D7                   | rax=FFFFFFFFFFFFFF03 m0=44332211     | rax=FFFFFFFFFFFFFF44
            AC                   | rsi=D000 m0=5A rax=FF00              | rax=FF5A rsi=D001
            FD 48 AD FC          | rsi=D008 m8=99                       | rax=99 rsi=D000
            FD AA                | rdi=D001 rax=77 m0=0 flags=2         | m0=7700 rdi=D000 flags=402
            F3 48 AB             | rdi=D000 rcx=2 rax=5                 | m0=5 m8=5 rcx=0 rdi=D010
            F3 A4                | rcx=0 rsi=1 rdi=2                    | rsi=1 rdi=2
            F3 A6                | rsi=D000 rdi=D008 rcx=8 m0=11223344 m8=11203344 | rcx=5 rsi=D003 rdi=D00B flags=2
            F2 AE                | rdi=D000 rcx=8 rax=33 m0=11223344    | rcx=6 rdi=D002 flags=46
            # BMI2
            C4 E2 F3 F6 C3       | rdx=FFFFFFFFFFFFFFFF rbx=2 flags=97  | rax=1 rcx=FFFFFFFFFFFFFFFE flags=97
            C4 E2 73 F6 C3       | rdx=80000000 rbx=4 rax=FFFFFFFFFFFFFFFF | rax=2 rcx=0
            F3 0F B8 C3          | rbx=F0F0                             | rax=8
            """)
    void anOperandIsFoundReadAndWritten(String code, String before, String after) {
        vm.set(RBX, Vm.DATA);
        Row.set(vm, before);
        vm.execute(code);
        assertEquals(after.contains("vector"), vm.fault() != null, code);
        Row.check(vm, code, after);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "48 8B 05 FF FF FF 7F, 80005006",
        "48 8B 05 00 00 00 80, FFFFFFFF80005007",
        "48 01 05 00 00 00 80, FFFFFFFF80005007"
    })
    void ripRelativeOperandsReachTwoGigabytesInBothDirections(String code, String address) {
        for (int i = 0; i < 2; i++) {
            vm.set(RSP, Vm.STACK).execute(code);
            assertEquals(14, vm.vector());
            assertEquals(Long.parseUnsignedLong(address, 16), vm.cpu.control.cr2());
            assertEquals(Vm.CODE, vm.fault().rip());
        }
    }

    @Test
    void onlyFsAndGsAddTheirBaseIn64BitCode() {
        vm.cpu.segments.setBase(Segments.FS, 0x1000);
        vm.cpu.segments.setBase(Segments.GS, 0x2000);
        vm.cpu.segments.setBase(Segments.DS, 0x5000);
        vm.put64(Vm.DATA, 1).put64(Vm.DATA + 0x1000, 2).put64(Vm.DATA + 0x2000, 3);

        assertEquals(1, vm.execute("48 8B 03").reg(RAX));
        assertEquals(2, vm.execute("64 48 8B 03").reg(RAX));
        assertEquals(3, vm.execute("65 48 8B 03").reg(RAX));
        assertEquals(1, vm.execute("3E 48 8B 03").reg(RAX));
        assertEquals(2, vm.execute("64 48 A1 00 D0 00 00 00 00 00 00").reg(RAX));
        assertEquals(3, vm.set(RSI, Vm.DATA).execute("65 48 AD").reg(RAX));
        assertEquals(Vm.DATA, vm.execute("65 48 8D 03").reg(RAX), "LEA takes no segment");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            54                   |                                      | rsp=7FF8 s-8=8000
            5C                   | s0=1234                              | rsp=1234
            FF 34 24             | s0=77                                | rsp=7FF8 s-8=77
            8F 44 24 08          | s0=55                                | rsp=8008 s10=55
            8F 04 24             | s0=55                                | rsp=8008 s8=55
            66 50                | rax=1234 s-8=0                       | rsp=7FFE s-8=1234000000000000
            6A FF                |                                      | s-8=FFFFFFFFFFFFFFFF
            68 00 00 00 80       |                                      | s-8=FFFFFFFF80000000
            66 58                | rax=FFFFFFFF s0=1234                 | rsp=8002 rax=FFFF1234
            C9                   | rbp=8010 s10=99                      | rsp=8018 rbp=99
            C8 20 00 00          | rbp=99                               | rbp=7FF8 rsp=7FD8 s-8=99
            C8 08 00 01          | rbp=99                               | rbp=7FF8 rsp=7FE8 s-8=99 s-10=7FF8
            C8 00 00 02          | rbp=8020 s18=AB                      | rbp=7FF8 rsp=7FE8 s-10=AB s-18=7FF8
            E8 00 00 00 00       |                                      | rsp=7FF8 s-8=5005
            FF D0                | rax=5002                             | rsp=7FF8 s-8=5002
            FF 13                | m0=5002                              | rsp=7FF8 s-8=5002
            FF 14 24             | s0=5003                              | rsp=7FF8 s-8=5003
            C3                   | s0=5001                              | rsp=8008 rip=5001
            C2 10 00             | s0=5003                              | rsp=8018 rip=5003
            9C                   | flags=CD7                            | s-8=CD7
            9D                   | s0=CD7 flags=2                       | flags=CD7
            E2 01 90             | rcx=2                                | rcx=1 rip=5003
            67 E2 01 90          | rcx=FFFFFFFF00000001                 | rcx=0
            E3 01 90             | rcx=0                                | rip=5003
            67 E3 02 EB 00       | rcx=FFFFFFFF00000000                 | rip=5005
            E1 00                | rcx=2 flags=42                       | rcx=1 flags=42
            E0 00                | rcx=1 flags=2                        | rcx=0 flags=2
            """)
    void theStackAndNearJumps(String code, String before, String after) {
        vm.set(RSP, Vm.STACK);
        Row.set(vm, before);
        vm.execute(code);
        assertEquals(-1, vm.vector());
        Row.check(vm, code, after);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # between registers the rest stays, from memory it is cleared
            F2 0F 10 C1          | x0=1 y0=2 x1=3 y1=4                  | x0=3 y0=2
            F2 0F 10 03          | x0=1 y0=2 m0=7                       | x0=7 y0=0
            F2 0F 11 03          | x0=1 y0=2 m8=5                       | m0=1 m8=5
            F3 0F 10 C1          | x0=1111111122222222 y0=2 x1=33333333 | x0=1111111133333333 y0=2
            F3 0F 11 C8          | x0=1111111122222222 y0=2 x1=33333333 | x0=1111111133333333 y0=2
            F3 0F 10 03          | x0=1111111122222222 y0=2 m0=5555555566666666 | x0=66666666 y0=0
            F3 0F 11 03          | x0=1111111122222222 m0=5555555566666666 | m0=5555555522222222
            # whole registers, in both directions
            0F 10 03             | m0=1 m8=2 x0=9 y0=9                  | x0=1 y0=2 m0=1 m8=2
            0F 11 03             | x0=1 y0=2                            | m0=1 m8=2
            0F 28 03             | m0=1 m8=2 x0=9 y0=9                  | x0=1 y0=2 m0=1 m8=2
            0F 29 03             | x0=1 y0=2                            | m0=1 m8=2
            0F 28 C1             | x1=1 y1=2                            | x0=1 y0=2
            0F 29 C8             | x1=1 y1=2                            | x0=1 y0=2
            66 0F 10 43 01       | m0=1100 m8=22                        | x0=2200000000000011 y0=0
            66 0F 28 03          | m0=1 m8=2                            | x0=1 y0=2 m0=1
            66 0F 6F 03          | m0=1 m8=2                            | x0=1 y0=2 m0=1
            66 0F 7F 03          | x0=1 y0=2                            | m0=1 m8=2
            F3 0F 6F 43 01       | m0=1100 m8=22                        | x0=2200000000000011 y0=0
            F3 44 0F 7F 7B 08    | x15=5 y15=6                          | m8=5 m10=6
            # halves
            0F 12 03             | x0=1 y0=2 m0=3                       | x0=3 y0=2
            0F 13 03             | x0=1 y0=2                            | m0=1
            0F 16 03             | x0=1 y0=2 m0=3                       | x0=1 y0=3
            0F 17 03             | x0=1 y0=2                            | m0=2
            0F 16 C1             | x0=1 y0=2 x1=3 y1=4                  | x0=1 y0=3
            0F 12 C1             | x0=1 y0=2 x1=3 y1=4                  | x0=4 y0=2
            66 0F 12 03          | x0=1 y0=2 m0=3                       | x0=3 y0=2
            66 0F 17 03          | x0=1 y0=2                            | m0=2
            # between general and vector registers
            66 0F 6E C3          | rbx=FFFFFFFF80000000 x0=1 y0=2       | x0=80000000 y0=0
            66 48 0F 6E C3       | rbx=FFFFFFFF80000000 x0=1 y0=2       | x0=FFFFFFFF80000000 y0=0
            66 0F 7E C3          | rbx=FFFFFFFFFFFFFFFF x0=1122334455667788 | rbx=55667788
            66 48 0F 7E C3       | x0=1122334455667788                  | rbx=1122334455667788
            66 0F 7E 03          | x0=1122334455667788 m0=FFFFFFFFFFFFFFFF | m0=FFFFFFFF55667788
            F3 0F 7E C1          | x0=1 y0=2 x1=3 y1=4                  | x0=3 y0=0
            F3 0F 7E 03          | x0=1 y0=2 m0=3                       | x0=3 y0=0
            66 0F D6 C8          | x0=1 y0=2 x1=3 y1=4                  | x0=3 y0=0
            66 0F D6 03          | x0=1 y0=2 m8=9                       | m0=1 m8=9
            66 0F D7 C0          | x0=8000000000000080 y0=80            | rax=181
            # shifts by immediates
            66 0F 71 F0 04       | x0=FFFF1234FFFF1234 y0=1             | x0=FFF02340FFF02340 y0=10
            66 0F 71 F0 10       | x0=FFFF1234FFFF1234 y0=1             | x0=0 y0=0
            66 0F 71 E0 FF       | x0=8000123400000000 y0=1             | x0=FFFF000000000000 y0=0
            66 0F 73 F8 09       | x0=1122334455667788 y0=FF            | x0=0 y0=2233445566778800
            66 0F 73 D8 08       | x0=1 y0=2                            | x0=2 y0=0
            66 0F 70 C1 1B       | x1=1111111122222222 y1=3333333344444444 | x0=4444444433333333 y0=2222222211111111
            F2 0F 58 C1          | x0=3FF0000000000000 y0=7 x1=4000000000000000 | x0=4008000000000000 y0=7
            F3 0F 58 C1          | x0=FFFFFFFF3F800000 x1=40000000      | x0=FFFFFFFF40400000
            F2 48 0F 2D C0       | x0=4004000000000000                  | rax=2
            F2 0F 2C C0          | x0=7FF0000000000000 rax=0            | rax=80000000
            """)
    void vectorMoves(String code, String before, String after) {
        vm.set(RBX, Vm.DATA);
        Row.set(vm, before);
        vm.execute(code);
        assertEquals(-1, vm.vector());
        Row.check(vm, code, after);
    }

    @Test
    void vectorStateIsSavedAndRestored() {
        for (int i = 0; i < 16; i++) {
            vm.cpu.xmm[i * 4] = i * 3 + 1;
            vm.cpu.xmm[i * 4 + 1] = i * 5 + 2;
        }
        vm.put64(Vm.DATA + 0x400, 0x1F80_0000_7F80L & 0xFFFF)
                .execute("0F AE 93 00 04 00 00 0F AE 03"); // LDMXCSR, FXSAVE
        assertEquals(0x7F80, vm.machine.get32(Vm.DATA + 24));
        for (int i = 0; i < 16; i++) {
            assertEquals(i * 3 + 1, vm.get64(Vm.DATA + 160 + 16 * i));
            assertEquals(i * 5 + 2, vm.get64(Vm.DATA + 168 + 16 * i));
        }
        vm.put64(Vm.DATA + 160, 99);
        vm.execute("0F AE 0B"); // FXRSTOR
        assertEquals(99, vm.cpu.xmm[0]);
        assertEquals(-1, vm.vector());
        assertEquals(13, vm.execute("0F AE 4B 08").vector(), "not aligned");
    }
}
