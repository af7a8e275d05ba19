package dev.carafe.tools.board;

import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuModelBuilder;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A processor made of what the command line asked for.
 *
 * @param model every processor's model
 * @param warnings features that were asked for and cannot be had, one sentence each
 */
public record CpuPlan(CpuModel model, List<String> warnings) {
    /**
     * @throws IllegalArgumentException when a value makes no sense, or when everything has to be
     *     had and something cannot, in one sentence for the user
     */
    public static CpuPlan of(CpuSelection selection, CpuTopology topology) {
        CpuModelBuilder builder =
                CpuModelBuilder.of(selection.model())
                        .or(() -> CpuModelBuilder.of(CpuModel.MAX))
                        .orElseThrow();
        String prefix = "-cpu " + selection.model() + ": ";
        for (var property : new TreeMap<>(selection.properties()).entrySet()) {
            try {
                set(builder, property.getKey(), property.getValue());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        prefix + property.getKey() + "=" + property.getValue() + ": " + reason(e));
            }
        }
        List<String> wanting = new ArrayList<>();
        boolean strict = selection.strictness() == CpuSelection.Strictness.REFUSE;
        if (strict) {
            builder.missing().forEach(feature -> wanting.add(prefix + notImplemented(feature)));
        }
        for (Map.Entry<String, Boolean> each : new TreeMap<>(selection.features()).entrySet()) {
            Optional<Feature> feature = Feature.named(each.getKey());
            if (feature.isPresent()) {
                builder.feature(feature.get(), each.getValue());
            } else if (each.getValue()) {
                wanting.add(prefix + notImplemented(each.getKey()));
            }
        }
        builder.unavailable().forEach(sentence -> wanting.add(prefix + sentence));
        if (strict && !wanting.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wanting));
        }
        boolean tell = selection.strictness() == CpuSelection.Strictness.WARN;
        return new CpuPlan(builder.build(topology), tell ? wanting : List.of());
    }

    private static String notImplemented(String feature) {
        return "feature '" + feature + "' is not implemented";
    }

    private static String reason(IllegalArgumentException e) {
        return e instanceof NumberFormatException ? "is not a number" : e.getMessage();
    }

    private static void set(CpuModelBuilder builder, String key, String value) {
        switch (key) {
            case "vendor" -> builder.vendor(value);
            case "family" -> builder.family(Integer.decode(value));
            case "model" -> builder.model(Integer.decode(value));
            case "stepping" -> builder.stepping(Integer.decode(value));
            case "model-id" -> builder.modelId(value);
            case "level" -> builder.level((int) (long) Long.decode(value));
            case "xlevel" -> builder.extendedLevel((int) (long) Long.decode(value));
            case "phys-bits" -> builder.physicalBits(Integer.decode(value));
            case "tsc-frequency" -> builder.tscHertz(Long.decode(value));
            default -> throw new AssertionError("property " + key + " was accepted");
        }
    }
}
