package dev.carafe.firmware;

/** Finds files that the kernel itself asks for. The one door to the host's files. */
public interface ModuleSource {
    /** Knows no files. */
    ModuleSource NONE =
            new ModuleSource() {
                @Override
                public byte[] read(String path) {
                    return null;
                }
            };

    /**
     * @param path relative to the directory of the kernel
     * @return the content, or null if there is no such file
     */
    byte[] read(String path);
}
