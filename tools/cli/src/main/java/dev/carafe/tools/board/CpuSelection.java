package dev.carafe.tools.board;

import java.util.Map;

/**
 * The processor asked for.
 *
 * @param model its name, as in {@code -cpu help}
 * @param features features switched on (true) or off by name, on top of the model's
 * @param properties what else is not the model's: {@code vendor}, {@code family}, {@code model-id}
 *     and others, by QEMU's names
 * @param strictness what a feature that cannot be had leads to
 */
public record CpuSelection(
        String model,
        Map<String, Boolean> features,
        Map<String, String> properties,
        Strictness strictness) {
    /** QEMU's {@code check} and {@code enforce}. */
    public enum Strictness {
        SILENT,
        WARN,
        REFUSE
    }

    public CpuSelection {
        features = Map.copyOf(features);
        properties = Map.copyOf(properties);
    }

    /** With the model's own identity, and a warning for each feature that cannot be had. */
    public CpuSelection(String model, Map<String, Boolean> features) {
        this(model, features, Map.of(), Strictness.WARN);
    }
}
