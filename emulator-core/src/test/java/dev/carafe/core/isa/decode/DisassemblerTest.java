package dev.carafe.core.isa.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machine code at address 1000h, and its text. */
class DisassemblerTest {
    private static final OpcodeIndex ALL = OpcodeTables.loadText().index(feature -> true);

    @ParameterizedTest(name = "{1} is {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            CODE64 | 01 5C 88 10             | add dword ptr [rax+rcx*4+0x10],ebx
            CODE64 | F0 48 0F B1 0F          | lock cmpxchg qword ptr [rdi],rcx
            CODE64 | 64 48 8B 04 25 28 00 00 00 | mov rax,qword ptr fs:[0x28]
            CODE64 | 88 E0                   | mov al,ah
            CODE64 | 40 88 E0                | mov al,spl
            CODE64 | 45 88 C1                | mov r9b,r8b
            CODE64 | 8B 05 10 00 00 00       | mov eax,dword ptr [rip+0x10]
            CODE64 | E8 FB 0F 00 00          | call 0x2000
            CODE64 | EB FE                   | jmp 0x1000
            CODE64 | C8 20 00 01             | enter 0x20,0x1
            CODE64 | D1 E0                   | shl eax,1
            CODE64 | 44 0F 20 C0             | mov rax,cr8
            CODE64 | 66 41 0F 6F 00          | movdqa xmm0,xmmword ptr [r8]
            CODE64 | C4 E2 70 F2 C2          | andn eax,ecx,edx
            CODE32 | EA 78 56 34 12 08 00    | jmp far 0x8:0x12345678
            CODE16 | 8B 42 FE                | mov ax,word ptr [bp+si-0x2]
            CODE16 | 8E 1E 34 12             | mov ds,word ptr [0x1234]
            CODE32 | 06                      | push es
            """)
    void writesIntelNotation(CodeMode mode, String code, String text) {
        byte[] bytes = HexFormat.of().parseHex(code.replace(" ", ""));
        int[] next = {0};
        Instruction instruction =
                new Decoder(ALL).decode(mode, () -> Byte.toUnsignedInt(bytes[next[0]++]));

        assertEquals(text, Disassembler.text(instruction, 0x1000 + bytes.length));
    }
}
