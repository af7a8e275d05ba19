package dev.carafe.core.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Ways to get address space full of zeros that costs memory only where it is touched; figures in
 * ADR 0002.
 *
 * <p>A private mapping of a sparse file that is deleted at once starts sooner than a call into the
 * C library; nothing is ever written to the file. The C library's anonymous mapping has no file's
 * pages behind it, which matters for big guests where temporary files live in memory. Each stands
 * in for the other; where neither works, the JVM's own allocation does, which touches every byte.
 */
final class Reservation {
    /** Up to this size start-up time counts more. */
    private static final long SMALL = 1L << 30;

    private static final Path PERSISTENT_TEMPORARY =
            Path.of("/var/tmp"); // on disk where /tmp may be in memory
    private static final int NAMES = 1000;

    private static final int PROT_READ_WRITE = 0x3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022; // Linux
    private static final long MAP_FAILED = -1;

    private Reservation() {}

    static MemorySegment reserve(long size, Arena arena) {
        Optional<MemorySegment> reserved =
                size <= SMALL
                        ? sparseFile(size, arena).or(() -> anonymous(size, arena))
                        : anonymous(size, arena).or(() -> sparseFile(size, arena));
        return reserved.orElseGet(() -> arena.allocate(size, Tlb.PAGE_SIZE));
    }

    static Optional<MemorySegment> sparseFile(long size, Arena arena) {
        Path directory =
                Files.isWritable(PERSISTENT_TEMPORARY)
                        ? PERSISTENT_TEMPORARY
                        : Path.of(System.getProperty("java.io.tmpdir", "."));
        for (int i = 0; i < NAMES; i++) {
            Path file = directory.resolve("carafe-" + i + ".ram");
            try (FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                Files.delete(file);
                return Optional.of(channel.map(FileChannel.MapMode.PRIVATE, 0, size, arena));
            } catch (FileAlreadyExistsException e) {
                continue; // another machine is at it now, or a JVM was killed in between
            } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** mmap(2); the constants are those of Linux on its 64-bit architectures. */
    @SuppressWarnings("restricted") // the address and size come from a successful mmap
    static Optional<MemorySegment> anonymous(long size, Arena arena) {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return Optional.empty();
        }
        try {
            MethodHandle mmap =
                    function(
                            "mmap",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG));
            long address =
                    (long)
                            mmap.invokeExact(
                                    0L,
                                    size,
                                    PROT_READ_WRITE,
                                    MAP_PRIVATE_ANONYMOUS_NORESERVE,
                                    -1,
                                    0L);
            if (address == MAP_FAILED) {
                return Optional.empty();
            }
            return Optional.of(
                    MemorySegment.ofAddress(address).reinterpret(size, arena, Reservation::unmap));
        } catch (Throwable e) { // invokeExact declares it; native access may be forbidden
            return Optional.empty();
        }
    }

    private static void unmap(MemorySegment segment) {
        try {
            MethodHandle munmap =
                    function(
                            "munmap",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG));
            int result = (int) munmap.invokeExact(segment.address(), segment.byteSize());
            if (result != 0) {
                throw new AssertionError("munmap refused " + segment);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted") // the descriptors are those of the C library
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
