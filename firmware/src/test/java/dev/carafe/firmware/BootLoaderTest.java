package dev.carafe.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.elf.ElfFile;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which protocol a kernel gets, and that no file whatsoever breaks a loader. */
class BootLoaderTest {
    private static final int MULTIBOOT = 0x1BADB002;
    private static final long[] TAG = {0xf9562b2d5c95a6c8L, 0x6a7b384944536bdcL, 3};
    private static final long[] HHDM_REQUEST = {
        0xc7b1dd30df4c8b88L, 0x0a82e883a194f07bL, 0x48dcf1cb8ad2b852L, 0x63984e959a98244bL, 0, 0
    };

    @Test
    void requestsOrATagMeanLimineEvenBesideAMultibootHeader() throws BootException {
        assertEquals("Limine", protocol(higherHalf(TestElf.words(TAG))));
        assertEquals("Limine", protocol(higherHalf(TestElf.words(HHDM_REQUEST))));
        assertEquals("Limine", protocol(higherHalf(withMultibootHeader(TAG))));
    }

    @Test
    void aMultibootHeaderMeansMultiboot() throws BootException {
        byte[] file = TestElf.elf64().load(0x100000, withMultibootHeader()).build();

        assertEquals("Multiboot", protocol(file));
        assertEquals(
                "Multiboot",
                protocol(TestElf.elf32().load(0x100000, withMultibootHeader()).build()));
    }

    @Test
    void aBareHigherHalfKernelIsALimineKernelOfRevisionZero() throws BootException {
        assertEquals("Limine", protocol(higherHalf(new byte[16])));
    }

    @Test
    void everythingElseIsRefusedInOneSentence() {
        assertEquals("'kernel' is not bootable: it is empty", refusal(new byte[0]));
        assertEquals(
                "'kernel' is not bootable: its 5 bytes are neither an ELF file nor a Linux kernel, nor have a Multiboot header",
                refusal("hello".getBytes()));
        assertEquals(
                "'kernel' is not bootable: it is a 64-bit ELF file with entry point 0x400000 that has neither"
                        + " Limine requests nor a Multiboot header",
                refusal(TestElf.elf64().entry(0x400000).load(0x400000, new byte[8]).build()));
        assertEquals(
                "'kernel' is not bootable: it is for ELF machine 183",
                refusal(TestElf.elf64().machine(183).load(0x400000, new byte[8]).build()));
    }

    @Test
    void factsAreTextOnlyWhenAsked() throws BootException {
        BootImage image = boot(higherHalf(TestElf.words(TAG)));

        assertEquals("kernel: /kernel", image.facts().lines().get(0));
        assertEquals("base revision: 0x3", image.facts().lines().get(1));
    }

    @Test
    void damagedFilesNeverDoMoreThanRefuse() {
        long[] words = new long[96];
        long[] dynamic = {7, 0x100, 8, 48, 6, 0x180, 36, 0x140, 35, 16, 0, 0};
        System.arraycopy(dynamic, 0, words, 0, dynamic.length);
        System.arraycopy(TAG, 0, words, 0x40, 3);
        System.arraycopy(HHDM_REQUEST, 0, words, 0x43, 6);
        words[0x20] = 0x280;
        words[0x21] = 8;
        long[] modules = {
            0xc7b1dd30df4c8b88L,
            0x0a82e883a194f07bL,
            0x3e7e279702be32afL,
            0xca1c4f3bd1280ceeL,
            1,
            0,
            1
        };
        System.arraycopy(modules, 0, words, 0x49, modules.length);
        byte[] image = TestElf.words(words);
        byte[][] seeds = {
            TestElf.elf64()
                    .type(3)
                    .load(0, image)
                    .dynamic(0, 96)
                    .section("x", 2, 0, new byte[48], 1)
                    .build(),
            higherHalf(image),
            TestElf.elf32().load(0x100000, withMultibootHeader()).build(),
            TestElf.elf64()
                    .load(0x100000, withMultibootHeader())
                    .section("y", 3, 0, new byte[9], 0)
                    .build(),
            new ByteWriter(64)
                    .u32(MULTIBOOT)
                    .u32(1 << 16)
                    .u32(-MULTIBOOT - (1 << 16))
                    .u32(0x100000)
                    .u32(0x100000)
                    .u32(0)
                    .u32(0)
                    .u32(0x100020)
                    .zeros(64)
                    .toByteArray(),
        };
        Random random = new Random(42);
        int booted = 0;
        for (int i = 0; i < 100_000; i++) {
            if (survives(mutate(seeds[i % seeds.length], random))) {
                booted++;
            }
        }
        assertEquals(true, booted > 10_000, "most mutations should reach deep: " + booted);
    }

    private static boolean survives(byte[] file) {
        try {
            boot(file).bsp();
            ElfFile.parse(file, "k").symbols().functionAt(0x1000);
            return true;
        } catch (BootException refused) {
            return refused.getMessage().isEmpty();
        }
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] file =
                random.nextInt(16) == 0
                        ? Arrays.copyOf(seed, random.nextInt(seed.length))
                        : seed.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && file.length > 0; i++) {
            int at =
                    random.nextInt(2) == 0
                            ? random.nextInt(Math.min(256, file.length))
                            : random.nextInt(file.length);
            file[at] =
                    switch (random.nextInt(4)) {
                        case 0 -> (byte) 0xFF;
                        case 1 -> (byte) 0x7F;
                        case 2 -> (byte) (file[at] ^ 1 << random.nextInt(8));
                        default -> (byte) random.nextInt();
                    };
        }
        return file;
    }

    private static byte[] withMultibootHeader(long... more) {
        return new ByteWriter(64)
                .bytes(TestElf.words(more))
                .u32(MULTIBOOT)
                .u32(0)
                .u32(-MULTIBOOT)
                .u32(0)
                .toByteArray();
    }

    private static byte[] higherHalf(byte[] content) {
        return TestElf.elf64().entry(TestElf.BASE).load(TestElf.BASE, content).build();
    }

    private static String protocol(byte[] file) throws BootException {
        return boot(file).protocol();
    }

    private static String refusal(byte[] file) {
        return assertThrows(BootException.class, () -> boot(file)).getMessage();
    }

    private static BootImage boot(byte[] file) throws BootException {
        MachineDescription machine = MachineDescription.builder().ramBytes(16 << 20).build();
        return BootLoader.load(file, "kernel", "", List.of(), machine, BootOptions.standard());
    }
}
