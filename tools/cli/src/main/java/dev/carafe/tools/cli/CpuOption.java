package dev.carafe.tools.cli;

import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuModels;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Feature;
import dev.carafe.tools.board.CpuPlan;
import dev.carafe.tools.board.CpuSelection;
import dev.carafe.tools.board.CpuSelection.Strictness;
import dev.carafe.tools.cli.Properties.Property;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code -cpu NAME[,+feature][,-feature][,feature[=on|off]][,vendor=...]}, as QEMU reads it: a
 * feature with a sign wins over one without, and a minus over a plus.
 */
final class CpuOption {
    /** Everything that Carafe models. */
    static final String BEST = CpuModel.MAX;

    static final CpuSelection DEFAULT = new CpuSelection(BEST, Map.of());

    /** QEMU's name for the processor it runs on. */
    private static final String HOST = "host";

    /** Properties with a value that is no switch. */
    private static final Set<String> VALUES =
            Set.of(
                    "vendor",
                    "family",
                    "model",
                    "stepping",
                    "model-id",
                    "level",
                    "xlevel",
                    "phys-bits",
                    "tsc-frequency");

    /** Properties of QEMU's that change nothing here. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "migratable",
                    "kvm",
                    "host-cache-info",
                    "host-phys-bits",
                    "host-phys-bits-limit",
                    "l3-cache",
                    "legacy-cache",
                    "min-level",
                    "min-xlevel",
                    "full-cpuid-auto-level",
                    "cpuid-0xb",
                    "tcg-cpuid",
                    "vmware-cpuid-freq",
                    "fill-mtrr-mask",
                    "x-force-features",
                    "ht");

    private final String option;
    private final String value;
    private final Map<String, Boolean> features = new HashMap<>();
    private final Map<String, Boolean> signed = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private boolean check = true;
    private boolean enforce;

    private CpuOption(String option, String value) {
        this.option = option;
        this.value = value;
    }

    /** Whether the name stands for a processor that is not modelled as itself. */
    static boolean isApproximated(CpuSelection cpu) {
        return !cpu.model().equals(HOST) && CpuModels.named(cpu.model()).isEmpty();
    }

    static CpuSelection parse(String option, String value) {
        return new CpuOption(option, value).parse();
    }

    private CpuSelection parse() {
        List<Property> properties = Properties.parse(value);
        String model = properties.getFirst().key();
        boolean known =
                model.equals(HOST)
                        || CpuModels.named(model).isPresent()
                        || QemuNames.isModel(model);
        if (!known) {
            throw UsageError.of(
                    option,
                    value,
                    "unable to find CPU model '" + model + "', -cpu help lists them");
        }
        for (Property property : properties.subList(1, properties.size())) {
            take(property);
        }
        features.putAll(signed);
        Strictness strictness =
                enforce ? Strictness.REFUSE : check ? Strictness.WARN : Strictness.SILENT;
        CpuSelection selection = new CpuSelection(model, features, values, strictness);
        try {
            CpuPlan.of(selection, CpuTopology.ofCores(1));
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage());
        }
        return selection;
    }

    private void take(Property property) {
        String key = property.key();
        boolean sign = key.length() > 1 && (key.charAt(0) == '+' || key.charAt(0) == '-');
        if (property.isFlag() && sign) {
            String feature = known(key.substring(1));
            signed.merge(feature, key.charAt(0) == '+', Boolean::logicalAnd);
            return;
        }
        String name = key.replace('_', '-');
        switch (name) {
            case "check" -> check = isOn(property);
            case "enforce" -> enforce = isOn(property);
            case "tsc-freq" -> values.put("tsc-frequency", hertz(property));
            default -> {
                if (VALUES.contains(name) && !property.isFlag()) {
                    values.put(name, property.value());
                } else if (!WITHOUT_EFFECT.contains(name)) {
                    boolean on = isOn(property);
                    features.put(known(key), on);
                }
            }
        }
    }

    private String known(String feature) {
        if (Feature.named(feature).isEmpty() && !QemuNames.isFeature(feature)) {
            throw UsageError.of(
                    option, value, "'" + feature + "' is no feature or property of a processor");
        }
        return feature;
    }

    private boolean isOn(Property property) {
        String state = property.isFlag() ? "on" : property.value();
        return switch (property.key().isEmpty() ? "" : state) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default ->
                    throw UsageError.of(
                            option,
                            value,
                            "'"
                                    + property.key()
                                    + "' is not +feature, -feature, feature=on or feature=off");
        };
    }

    /** {@code 2.5G}: what QEMU calls a metric suffix. */
    private String hertz(Property property) {
        String text = property.isFlag() ? "" : property.value();
        int end = text.length();
        double factor = 1;
        if (end > 0) {
            int suffix = "kMGT".indexOf(text.charAt(end - 1));
            factor = suffix < 0 ? 1 : Math.pow(1000, suffix + 1);
            end -= suffix < 0 ? 0 : 1;
        }
        try {
            return Long.toString(Math.round(Double.parseDouble(text.substring(0, end)) * factor));
        } catch (NumberFormatException e) {
            throw UsageError.of(option, value, "'" + text + "' is not a frequency");
        }
    }
}
