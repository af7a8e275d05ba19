package dev.carafe.firmware;

/** What the user may choose about booting, beside the machine. */
public record BootOptions(
        long entropySeed, ModuleSource moduleSource, String loaderName, String loaderVersion) {
    public static BootOptions standard() {
        return new BootOptions(0x4361_7261_6665L, ModuleSource.NONE, "Carafe", "1.0");
    }

    public BootOptions withEntropySeed(long seed) {
        return new BootOptions(seed, moduleSource, loaderName, loaderVersion);
    }

    public BootOptions withModuleSource(ModuleSource source) {
        return new BootOptions(entropySeed, source, loaderName, loaderVersion);
    }
}
