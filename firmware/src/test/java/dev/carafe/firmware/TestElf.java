package dev.carafe.firmware;

import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.bytes.LittleEndian;
import java.util.ArrayList;
import java.util.List;

/** Makes small ELF files, right ones and wrong ones. */
public final class TestElf {
    public static final long BASE = 0xFFFF_FFFF_8000_0000L;

    private record Load(
            int type,
            int flags,
            long virtual,
            long physical,
            byte[] bytes,
            long memory,
            long alignment) {}

    private record Section(String name, int type, long address, byte[] bytes, int link) {}

    private final boolean wide;
    private final List<Load> loads = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private int type = 2;
    private int machine;
    private long entry;

    private TestElf(boolean wide) {
        this.wide = wide;
        machine = wide ? 62 : 3;
    }

    public static TestElf elf64() {
        return new TestElf(true);
    }

    public static TestElf elf32() {
        return new TestElf(false);
    }

    public TestElf type(int value) {
        type = value;
        return this;
    }

    public TestElf machine(int value) {
        machine = value;
        return this;
    }

    public TestElf entry(long value) {
        entry = value;
        return this;
    }

    /** Read, write and execute, page-aligned, no bss. */
    public TestElf load(long virtual, byte[] bytes) {
        return load(virtual, virtual & 0x7FFF_FFFF, bytes, bytes.length, 7, 0x1000);
    }

    public TestElf load(
            long virtual, long physical, byte[] bytes, long memory, int flags, long alignment) {
        loads.add(new Load(1, flags, virtual, physical, bytes, memory, alignment));
        return this;
    }

    /** A PT_NOTE with bytes of its own. */
    public TestElf note(byte[] bytes) {
        loads.add(new Load(4, 4, 0, 0, bytes, bytes.length, 4));
        return this;
    }

    /** A PT_DYNAMIC that names bytes which a PT_LOAD already holds. */
    public TestElf dynamic(long virtual, int size) {
        loads.add(new Load(2, 4, virtual, virtual, new byte[0], size, 8));
        return this;
    }

    public TestElf section(String name, int sectionType, long address, byte[] bytes, int link) {
        sections.add(new Section(name, sectionType, address, bytes, link));
        return this;
    }

    public byte[] build() {
        int header = wide ? 64 : 52;
        int programHeader = wide ? 56 : 32;
        ByteWriter out = new ByteWriter(4096);
        out.u8(0x7F).ascii("ELF").u8(wide ? 2 : 1).u8(1).u8(1).zeros(9);
        out.u16(type).u16(machine).u32(1);
        number(out, entry);
        number(out, header);
        number(out, 0); // section headers, patched below
        out.u32(0).u16(header).u16(programHeader).u16(loads.size());
        out.u16(wide ? 64 : 40).u16(0).u16(0);
        int content = header + programHeader * loads.size() + 63 & -64;
        for (Load load : loads) {
            programHeader(out, load, content);
            content += load.bytes().length + 63 & -64;
        }
        out.align(64);
        for (Load load : loads) {
            out.bytes(load.bytes()).align(64);
        }
        if (!sections.isEmpty()) {
            sections(out);
        }
        return out.toByteArray();
    }

    private void programHeader(ByteWriter out, Load load, int offset) {
        out.u32(load.type());
        if (wide) {
            out.u32(load.flags()).u64(offset).u64(load.virtual()).u64(load.physical());
            out.u64(load.bytes().length).u64(load.memory()).u64(load.alignment());
        } else {
            out.u32(offset).u32((int) load.virtual()).u32((int) load.physical());
            out.u32(load.bytes().length)
                    .u32((int) load.memory())
                    .u32(load.flags())
                    .u32((int) load.alignment());
        }
    }

    private void sections(ByteWriter out) {
        ByteWriter names = new ByteWriter(64).u8(0);
        int[] nameAt = new int[sections.size()];
        int[] contentAt = new int[sections.size()];
        for (int i = 0; i < nameAt.length; i++) {
            nameAt[i] = names.size();
            names.string(sections.get(i).name());
            contentAt[i] = out.align(16).size();
            out.bytes(sections.get(i).bytes());
        }
        int namesAt = out.align(16).size();
        out.bytes(names.toByteArray());
        int table = out.align(16).size();
        sectionHeader(out, 0, 0, 0, 0, 0, 0); // the null section
        for (int i = 0; i < nameAt.length; i++) {
            Section s = sections.get(i);
            sectionHeader(
                    out,
                    nameAt[i],
                    s.type(),
                    s.address(),
                    contentAt[i],
                    s.bytes().length,
                    s.link());
        }
        sectionHeader(out, 0, 3, 0, namesAt, names.size(), 0);
        if (wide) {
            out.patch64(40, table)
                    .patch16(60, sections.size() + 2)
                    .patch16(62, sections.size() + 1);
        } else {
            out.patch32(32, table)
                    .patch16(48, sections.size() + 2)
                    .patch16(50, sections.size() + 1);
        }
    }

    private void sectionHeader(
            ByteWriter out, int name, int kind, long address, int offset, int size, int link) {
        out.u32(name).u32(kind);
        number(out, 0);
        number(out, address);
        number(out, offset);
        number(out, size);
        out.u32(link).u32(0);
        number(out, 1);
        number(out, 0);
    }

    private void number(ByteWriter out, long value) {
        if (wide) {
            out.u64(value);
        } else {
            out.u32((int) value);
        }
    }

    public static byte[] words(long... words) {
        byte[] bytes = new byte[words.length * 8];
        for (int i = 0; i < words.length; i++) {
            LittleEndian.put64(bytes, i * 8, words[i]);
        }
        return bytes;
    }
}
