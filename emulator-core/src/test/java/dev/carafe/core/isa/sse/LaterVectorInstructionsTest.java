package dev.carafe.core.isa.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.interpreter.Vm;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SSE3 to SSE4.2, AES, PCLMULQDQ, SHA and GFNI: XMM1 is the destination, XMM2 the source, XMM0 the
 * implicit operand, RCX the general register. Every row was executed on a processor.
 */
class LaterVectorInstructionsTest {
    private static final long RCX = 0x1122_3344_5566_7788L;
    private static final long[] XMM0 = {0x00FF_8000_017F_80FFL, 0x80FF_00FF_7F80_FF01L};

    /** XMM1 and XMM2, low halves first. */
    private static final Map<String, long[]> OPERANDS =
            Map.of(
                    "integers",
                    new long[] {
                        0x7F80_FF00_0182_0FF0L,
                        0x0123_4567_89AB_CDEFL,
                        0x8001_7F02_FFFE_8070L,
                        0xFEDC_BA98_7654_3210L
                    },
                    "singles",
                    new long[] {
                        0x3DCC_CCCD_4049_0FDBL,
                        0xBF80_0000_7F7F_FFFFL,
                        0xBE99_999A_3FC0_0000L,
                        0x4000_0000_4148_0000L
                    },
                    "doubles",
                    new long[] {
                        0x3FB9_9999_9999_999AL,
                        0xC009_21FB_5444_2D18L,
                        0x3FF8_0000_0000_0000L,
                        0x4000_0000_0000_0001L
                    },
                    "text",
                    new long[] {
                        0x6C6C_6568_006F_6C6CL,
                        0x0062_6163_0000_0000L,
                        0x6F6C_6C65_686C_6C65L,
                        0x6800_0000_6162_6364L
                    });

    @ParameterizedTest(name = "{0} {1} of {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | code | operands | what changes
            ADDSUBPD        | 660FD0CA       | doubles  | XMM1=BFF243F6A8885A2E BFF6666666666666, MXCSR=1FA0
            ADDSUBPS        | F20FD0CA       | singles  | XMM1=3F8000007F7FFFFF BE4CCCCE3FD21FB6, MXCSR=1FA0
            HADDPD          | 660F7CCA       | doubles  | XMM1=400C000000000001 C008552E8777604B, MXCSR=1FA0
            HADDPS          | F20F7CCA       | singles  | XMM1=416800003F99999A 7F7FFFFF404F7641, MXCSR=1FA0
            HSUBPD          | 660F7DCA       | doubles  | XMM1=BFE0000000000004 4009EEC82110F9E5, MXCSR=1FA0
            HSUBPS          | F20F7DCA       | singles  | XMM1=412800003FE66666 7F7FFFFF4042A975, MXCSR=1FA0
            MOVDDUP         | F20F12CA       | integers | XMM1=80017F02FFFE8070 80017F02FFFE8070
            MOVSHDUP        | F30F16CA       | integers | XMM1=FEDCBA98FEDCBA98 80017F0280017F02
            MOVSLDUP        | F30F12CA       | integers | XMM1=7654321076543210 FFFE8070FFFE8070
            PABSB           | 660F381CCA     | integers | XMM1=0224466876543210 80017F0201028070
            PABSD           | 660F381ECA     | integers | XMM1=0123456876543210 7FFE80FE00017F90
            PABSW           | 660F381DCA     | integers | XMM1=0124456876543210 7FFF7F0200027F90
            PALIGNR         | 660F3A0FCA05   | integers | XMM1=0001820FF0FEDCBA 987654321080017F
            PHADDD          | 660F3802CA     | integers | XMM1=7530ECA87FFFFF72 8ACF135681030EF0
            PHADDSW         | 660F3803CA     | integers | XMM1=B9747FFFFF03806E 468A80007E801172
            PHADDW          | 660F3801CA     | integers | XMM1=B974A864FF03806E 468A579A7E801172
            PHSUBD          | 660F3806CA     | integers | XMM1=777777787FFD016E 88888888820110F0
            PHSUBSW         | 660F3807CA     | integers | XMM1=BBBCBBBC7FFF8072 4444444480000E6E
            PHSUBW          | 660F3805CA     | integers | XMM1=BBBCBBBCFF018072 444444447F800E6E
            PMADDUBSW       | 660F3804CA     | integers | XMM1=FB12C34A774236FA C1007E81FEFB6180
            PMULHRSW        | 660F380BCA     | integers | XMM1=FFFDDA5E929CEC6B 8081FF020000F01E
            PSHUFB          | 660F3800CA     | integers | XMM1=00000000800082F0 000F0182000000F0
            PSIGNB          | 660F3808CA     | integers | XMM1=FFDDBB9989ABCDEF 8180FF00FF7EF1F0
            PSIGND          | 660F380ACA     | integers | XMM1=FEDCBA9989ABCDEF 807F0100FE7DF010
            PSIGNW          | 660F3809CA     | integers | XMM1=FEDDBA9989ABCDEF 8080FF00FE7EF010
            BLENDPD         | 660F3A0DCA02   | integers | XMM1=FEDCBA9876543210 7F80FF0001820FF0
            BLENDPS         | 660F3A0CCA06   | integers | XMM1=0123456776543210 80017F0201820FF0
            BLENDVPD        | 660F3815CA     | integers | XMM1=FEDCBA9876543210 7F80FF0001820FF0
            BLENDVPS        | 660F3814CA     | integers | XMM1=FEDCBA9889ABCDEF 7F80FF0001820FF0
            DPPD            | 660F3A41CA31   | doubles  | XMM1=0000000000000000 C0188861BAAA9380, MXCSR=1FA0
            DPPS            | 660F3A40CAF5   | singles  | XMM1=000000007F800000 000000007F800000, MXCSR=1FA8
            EXTRACTPS       | 660F3A17C902   | integers | RCX=89ABCDEF
            INSERTPS        | 660F3A21CA99   | integers | XMM1=0000000089ABCDEF 7654321000000000
            MPSADBW         | 660F3A42CA05   | integers | XMM1=01400154019801EE 01E401B901EB0102
            PACKUSDW        | 660F382BCA     | integers | XMM1=0000FFFF00000000 FFFF0000FFFFFFFF
            PBLENDVB        | 660F3810CA     | integers | XMM1=FEDC4598895432EF 7F017F0001828070
            PBLENDW         | 660F3A0ECA5A   | integers | XMM1=0123BA9889AB3210 8001FF00FFFE0FF0
            PCMPEQQ         | 660F3829CA     | integers | XMM1=0000000000000000 0000000000000000
            PEXTRB          | 660F3A14C909   | integers | RCX=CD
            PEXTRD          | 660F3A16C901   | integers | RCX=7F80FF00
            PEXTRQ          | 66480F3A16C901 | integers | RCX=123456789ABCDEF
            PEXTRW          | 660F3A15C905   | integers | RCX=89AB
            PHMINPOSUW      | 660F3841CA     | integers | XMM1=0000000000000000 0000000000043210
            PINSRB          | 660F3A20C90B   | integers | XMM1=0123456788ABCDEF 7F80FF0001820FF0
            PINSRD          | 660F3A22C902   | integers | XMM1=0123456755667788 7F80FF0001820FF0
            PINSRQ          | 66480F3A22C901 | integers | XMM1=1122334455667788 7F80FF0001820FF0
            PMAXSB          | 660F383CCA     | integers | XMM1=0123456776543210 7F017F0201FE0F70
            PMAXSD          | 660F383DCA     | integers | XMM1=0123456776543210 7F80FF0001820FF0
            PMAXUD          | 660F383FCA     | integers | XMM1=FEDCBA9889ABCDEF 80017F02FFFE8070
            PMAXUW          | 660F383ECA     | integers | XMM1=FEDCBA9889ABCDEF 8001FF00FFFE8070
            PMINSB          | 660F3838CA     | integers | XMM1=FEDCBA9889ABCDEF 8080FF00FF8280F0
            PMINSD          | 660F3839CA     | integers | XMM1=FEDCBA9889ABCDEF 80017F02FFFE8070
            PMINUD          | 660F383BCA     | integers | XMM1=0123456776543210 7F80FF0001820FF0
            PMINUW          | 660F383ACA     | integers | XMM1=0123456776543210 7F807F0201820FF0
            PMOVSXBW        | 660F3820CA     | integers | XMM1=FF800001007F0002 FFFFFFFEFF800070
            PMOVSXBD        | 660F3821CA     | integers | XMM1=FFFFFFFFFFFFFFFE FFFFFF8000000070
            PMOVSXBQ        | 660F3822CA     | integers | XMM1=FFFFFFFFFFFFFF80 0000000000000070
            PMOVSXWD        | 660F3823CA     | integers | XMM1=FFFF800100007F02 FFFFFFFEFFFF8070
            PMOVSXWQ        | 660F3824CA     | integers | XMM1=FFFFFFFFFFFFFFFE FFFFFFFFFFFF8070
            PMOVSXDQ        | 660F3825CA     | integers | XMM1=FFFFFFFF80017F02 FFFFFFFFFFFE8070
            PMOVZXBW        | 660F3830CA     | integers | XMM1=00800001007F0002 00FF00FE00800070
            PMOVZXBD        | 660F3831CA     | integers | XMM1=000000FF000000FE 0000008000000070
            PMOVZXBQ        | 660F3832CA     | integers | XMM1=0000000000000080 0000000000000070
            PMOVZXWD        | 660F3833CA     | integers | XMM1=0000800100007F02 0000FFFE00008070
            PMOVZXWQ        | 660F3834CA     | integers | XMM1=000000000000FFFE 0000000000008070
            PMOVZXDQ        | 660F3835CA     | integers | XMM1=0000000080017F02 00000000FFFE8070
            PMULDQ          | 660F3828CA     | integers | XMM1=C94E4627E5618CF0 FFFFFDBD90FEF900
            PMULLD          | 660F3840CA     | integers | XMM1=23E20B28E5618CF0 FC82FE0090FEF900
            PTEST           | 660F3817CA     | integers | nothing
            ROUNDPD         | 660F3A09CA01   | doubles  | XMM1=4000000000000000 3FF0000000000000, MXCSR=1FA0
            ROUNDPS         | 660F3A08CA00   | singles  | XMM1=4000000041400000 8000000040000000, MXCSR=1FA0
            ROUNDSD         | 660F3A0BCA0A   | doubles  | XMM1=C00921FB54442D18 4000000000000000
            ROUNDSS         | 660F3A0ACA04   | singles  | XMM1=BF8000007F7FFFFF 3DCCCCCD40000000, MXCSR=1FA0
            PCMPESTRI       | 660F3A61CA00   | text     | RCX=1, flags=C1
            PCMPESTRI       | 660F3A61CA44   | text     | RCX=6, flags=C1
            PCMPESTRI       | 660F3A61CA1A   | text     | RCX=0, flags=8C1
            PCMPESTRI       | 660F3A61CA4D   | text     | RCX=8, flags=80
            PCMPESTRI       | 660F3A61CA38   | text     | RCX=0, flags=8C1
            PCMPESTRI       | 660F3A61CA70   | text     | RCX=8, flags=8C1
            PCMPESTRI       | 660F3A61CA0C   | text     | RCX=10, flags=C0
            PCMPESTRI       | 660F3A61CA65   | text     | RCX=7, flags=881
            PCMPESTRM       | 660F3A60CA00   | text     | XMM0=0000000000000000 00000000000000EE, flags=C1
            PCMPESTRM       | 660F3A60CA44   | text     | XMM0=0000000000000000 00FFFF0000FFFF00, flags=C1
            PCMPESTRM       | 660F3A60CA1A   | text     | XMM0=0000000000000000 00000000000001FD, flags=8C1
            PCMPESTRM       | 660F3A60CA4D   | text     | XMM0=0000000000000000 0000000000000000, flags=80
            PCMPESTRM       | 660F3A60CA38   | text     | XMM0=0000000000000000 000000000000FFFD, flags=8C1
            PCMPESTRM       | 660F3A60CA70   | text     | XMM0=00000000000000FF 000000FF000000FF, flags=8C1
            PCMPESTRM       | 660F3A60CA0C   | text     | XMM0=0000000000000000 0000000000000000, flags=C0
            PCMPESTRM       | 660F3A60CA65   | text     | XMM0=FFFF000000000000 0000FFFFFFFFFFFF, flags=881
            PCMPGTQ         | 660F3837CA     | integers | XMM1=FFFFFFFFFFFFFFFF FFFFFFFFFFFFFFFF
            PCMPISTRI       | 660F3A63CA00   | text     | RCX=1, flags=C1
            PCMPISTRI       | 660F3A63CA44   | text     | RCX=6, flags=C1
            PCMPISTRI       | 660F3A63CA1A   | text     | RCX=0, flags=8C1
            PCMPISTRI       | 660F3A63CA4D   | text     | RCX=8, flags=C0
            PCMPISTRI       | 660F3A63CA38   | text     | RCX=0, flags=8C1
            PCMPISTRI       | 660F3A63CA70   | text     | RCX=B, flags=8C1
            PCMPISTRI       | 660F3A63CA0C   | text     | RCX=5, flags=C1
            PCMPISTRI       | 660F3A63CA65   | text     | RCX=2, flags=8C1
            PCMPISTRM       | 660F3A62CA00   | text     | XMM0=0000000000000000 00000000000000E6, flags=C1
            PCMPISTRM       | 660F3A62CA44   | text     | XMM0=0000000000000000 00FFFF0000FFFF00, flags=C1
            PCMPISTRM       | 660F3A62CA1A   | text     | XMM0=0000000000000000 0000000000000FFD, flags=8C1
            PCMPISTRM       | 660F3A62CA4D   | text     | XMM0=0000000000000000 0000000000000000, flags=C0
            PCMPISTRM       | 660F3A62CA38   | text     | XMM0=0000000000000000 000000000000FFFD, flags=8C1
            PCMPISTRM       | 660F3A62CA70   | text     | XMM0=00000000FFFFFFFF 000000FFFF0000FF, flags=8C1
            PCMPISTRM       | 660F3A62CA0C   | text     | XMM0=0000000000000000 0000000000000020, flags=C1
            PCMPISTRM       | 660F3A62CA65   | text     | XMM0=0000000000000000 0000FFFFFFFFFFFF, flags=8C1
            AESDEC          | 660F38DECA     | integers | XMM1=E546415B408A78B6 013F258EAA94E237
            AESDECLAST      | 660F38DFCA     | integers | XMM1=F7E63A927F454F71 7233845094F0E867
            AESENC          | 660F38DCCA     | integers | XMM1=845C3879CEAED6C6 46176B42FC24FA57
            AESENCLAST      | 660F38DDCA     | integers | XMM1=5911CC1DA4475CCF FC27C261839C96FC
            AESIMC          | 660F38DBCA     | integers | XMM1=39937DD7B11BF55F 13490FA925CAA3BD
            AESKEYGENASSIST | 660F3ADFCA1B   | integers | XMM1=46BB86EFBB86F446 77CD7CC9CD7CD277
            PCLMULQDQ       | 660F3A44CA10   | integers | XMM1=2AF0BB110F910111 994278DD61FE1F00
            SHA1MSG1        | 0F38C9CA       | integers | XMM1=7EA3BA678829C21F 815C459877D63DE0
            SHA1MSG2        | 0F38CACA       | integers | XMM1=EEEEEEEE135565DA 00FCFEE1DED9C23D
            SHA1NEXTE       | 0F38C8CA       | integers | XMM1=BF258BF176543210 80017F02FFFE8070
            SHA1RNDS4       | 0F3ACCCA02     | integers | XMM1=C777148C4378C733 B9A4DF352EF8FD0D
            SHA256MSG1      | 0F38CCCA       | integers | XMM1=5F3F5858A92BBC5D BCDECB4C325111EE
            SHA256MSG2      | 0F38CDCA       | integers | XMM1=D2AFEAF87809C00A 49A1D69BA0D9B0DC
            SHA256RNDS2     | 0F38CBCA       | integers | XMM1=53FF22D5FD60834A 2FCAD601771D6371
            GF2P8AFFINEINVQB | 660F3ACFCA63   | integers | XMM1=63F5C905FA0AC993 2E38D76375FDB87D
            GF2P8AFFINEQB   | 660F3ACECA63   | integers | XMM1=6363636363636363 FD128C63752E49A6
            GF2P8MULB       | 660F38CFCA     | integers | XMM1=FEA12B74F8A72D72 FF807600FF02C1E2
            """)
    void changeWhatAProcessorChanges(String name, String code, String operands, String changes) {
        long[] values = OPERANDS.get(operands);
        try (Vm vm = Vm.bare()) {
            Cpu cpu = vm.cpu;
            cpu.flags.set(0);
            cpu.mxcsr.set(MxCsr.RESET);
            put(cpu, 0, XMM0[0], XMM0[1]);
            put(cpu, 1, values[0], values[1]);
            put(cpu, 2, values[2], values[3]);
            vm.set(Registers.RAX, 5).set(Registers.RCX, RCX).set(Registers.RDX, 9);

            vm.execute(code);

            StringJoiner after = new StringJoiner(", ").setEmptyValue("nothing");
            register(after, cpu, 0, XMM0[0], XMM0[1]);
            register(after, cpu, 1, values[0], values[1]);
            value(after, "RCX", RCX, vm.reg(Registers.RCX));
            value(after, "flags", 0, cpu.flags.get());
            value(after, "MXCSR", MxCsr.RESET, cpu.mxcsr.get());
            assertEquals(changes, after.toString());
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | code | vector at an address that is odd
            PHADDW     | 660F38010E   | 13
            PSHUFB     | 660F38000E   | 13
            HADDPS     | F20F7C0E     | 13
            PTEST      | 660F38170E   | 13
            MOVNTDQA   | 660F382A0E   | 13
            AESENC     | 660F38DC0E   | 13
            PCLMULQDQ  | 660F3A440E00 | 13
            GF2P8MULB  | 660F38CF0E   | 13
            LDDQU      | F20FF00E     | -1
            MOVDDUP    | F20F120E     | -1
            PCMPISTRI  | 660F3A630E00 | -1
            PCMPESTRM  | 660F3A600E00 | -1
            PMOVSXBW   | 660F38200E   | -1
            PINSRQ     | 66480F3A220E00 | -1
            PEXTRD     | 660F3A160E00 | -1
            INSERTPS   | 660F3A210E00 | -1
            SHA256MSG1 | 0F38CC0E     | -1
            """)
    void wantAlignmentWhereAProcessorDoes(String name, String code, int vector) {
        try (Vm vm = Vm.bare()) {
            vm.set(Registers.RSI, Vm.DATA + 1).execute(code);

            assertEquals(vector, vm.vector());
        }
    }

    @Test
    void alignmentIsLookedAtBeforeTheSegmentsLimit() {
        try (Vm vm = Vm.protectedMode()) {
            vm.set(Registers.RBP, 0xFFFF_FFFFL).execute("660F38404500"); // PMULLD xmm0, [ebp]

            assertEquals(ExceptionVector.GENERAL_PROTECTION, vm.vector());
        }
    }

    @Test
    void anEndThatIsNotCanonicalComesBeforeAMissingPage() {
        try (Vm vm = Vm.bare()) {
            vm.set(Registers.RSI, 0x7FFF_FFFF_FFF1L).execute("660F1006"); // MOVUPD xmm0, [rsi]

            assertEquals(ExceptionVector.GENERAL_PROTECTION, vm.vector());
        }
    }

    @Test
    void aMaskedStoreFaultsQuadwordByQuadwordWhateverTheMask() {
        try (Vm vm = Vm.bare()) {
            vm.set(Registers.RDI, 0x7FFF_FFFF_FFF4L).execute("660FF7C1"); // MASKMOVDQU xmm0, xmm1
            assertEquals(ExceptionVector.PAGE_FAULT, vm.vector());
            assertEquals(0x7FFF_FFFF_FFF4L, vm.cpu.control.cr2());

            vm.set(Registers.RDI, 0x7FFF_FFFF_FFFBL).execute("660FF7C1");
            assertEquals(ExceptionVector.GENERAL_PROTECTION, vm.vector());
        }
    }

    private static void put(Cpu cpu, int register, long low, long high) {
        cpu.xmm[register * Cpu.VECTOR_STRIDE] = low;
        cpu.xmm[register * Cpu.VECTOR_STRIDE + 1] = high;
    }

    private static void register(StringJoiner after, Cpu cpu, int register, long low, long high) {
        long newLow = cpu.xmm[register * Cpu.VECTOR_STRIDE];
        long newHigh = cpu.xmm[register * Cpu.VECTOR_STRIDE + 1];
        if (newLow != low || newHigh != high) {
            after.add("XMM%d=%016X %016X".formatted(register, newHigh, newLow));
        }
    }

    private static void value(StringJoiner after, String name, long before, long now) {
        if (now != before) {
            after.add("%s=%X".formatted(name, now));
        }
    }
}
