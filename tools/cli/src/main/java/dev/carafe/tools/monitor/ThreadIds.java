package dev.carafe.tools.monitor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The host's numbers of the threads that run processors, as far as the host tells: Linux does, by
 * {@code /proc}. The process's number stands for those that are not known.
 */
final class ThreadIds {
    private static final String THREAD_NAME = "vcpu-";

    private final Map<Integer, Long> byCpu = new HashMap<>();

    private ThreadIds() {}

    static ThreadIds read() {
        ThreadIds ids = new ThreadIds();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                String name = Files.readString(task.resolve("comm")).strip();
                if (name.startsWith(THREAD_NAME)) {
                    ids.byCpu.put(
                            Integer.parseInt(name.substring(THREAD_NAME.length())),
                            Long.parseLong(task.getFileName().toString()));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Another system than Linux, or a thread that has just ended: what is known stays.
        }
        return ids;
    }

    long of(int cpu) {
        return byCpu.getOrDefault(cpu, ProcessHandle.current().pid());
    }
}
