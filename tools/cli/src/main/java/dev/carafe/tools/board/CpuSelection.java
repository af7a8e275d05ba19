package dev.carafe.tools.board;

import java.util.Map;

/**
 * The processor asked for.
 *
 * @param model its name, as in {@code -cpu help}
 * @param features features switched on (true) or off by name, on top of the model's
 */
public record CpuSelection(String model, Map<String, Boolean> features) {
    public CpuSelection {
        features = Map.copyOf(features);
    }
}
