package dev.carafe.tools.cli;

import dev.carafe.tools.board.CpuSelection;
import dev.carafe.tools.cli.Properties.Property;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code -cpu NAME[,+feature][,-feature][,feature=on|off]}. */
final class CpuOption {
    /** Everything that Carafe models. */
    static final String BEST = "max";

    static final CpuSelection DEFAULT = new CpuSelection(BEST, Map.of());

    /** Names that mean what they say here. */
    private static final List<String> MODELS = List.of(BEST, "host", "qemu64", "kvm64");

    /**
     * Beginnings of QEMU's other names: real processors, which Carafe does not imitate one by one.
     */
    private static final List<String> REAL =
            List.of(
                    "486",
                    "Broadwell",
                    "Cascadelake",
                    "Conroe",
                    "Cooperlake",
                    "Denverton",
                    "Dhyana",
                    "EPYC",
                    "Haswell",
                    "Icelake",
                    "IvyBridge",
                    "KnightsMill",
                    "Nehalem",
                    "Opteron",
                    "Penryn",
                    "SandyBridge",
                    "SapphireRapids",
                    "Skylake",
                    "Snowridge",
                    "Westmere",
                    "base",
                    "core2duo",
                    "coreduo",
                    "kvm32",
                    "n270",
                    "pentium",
                    "phenom",
                    "qemu32");

    /** Switches of QEMU's that are not features of a processor. */
    private static final List<String> SWITCHES =
            List.of(
                    "check",
                    "enforce",
                    "migratable",
                    "kvm",
                    "pmu",
                    "hypervisor",
                    "host-cache-info",
                    "l3-cache");

    private final String option;
    private final String value;

    private CpuOption(String option, String value) {
        this.option = option;
        this.value = value;
    }

    /** Whether the name stands for a processor that is not modelled as itself. */
    static boolean isApproximated(CpuSelection cpu) {
        return !MODELS.contains(cpu.model());
    }

    static List<String> models() {
        return MODELS;
    }

    static CpuSelection parse(String option, String value) {
        return new CpuOption(option, value).parse();
    }

    private CpuSelection parse() {
        List<Property> properties = Properties.parse(value);
        String model = properties.getFirst().key();
        if (!MODELS.contains(model) && REAL.stream().noneMatch(model::startsWith)) {
            throw UsageError.of(
                    option,
                    value,
                    "unable to find CPU model '" + model + "', -cpu help lists them");
        }
        Map<String, Boolean> features = new HashMap<>();
        for (Property property : properties.subList(1, properties.size())) {
            take(property, features);
        }
        return new CpuSelection(model, features);
    }

    private void take(Property property, Map<String, Boolean> features) {
        String key = property.key();
        if (SWITCHES.contains(key)) {
            return;
        }
        if (property.isFlag()
                && key.length() > 1
                && (key.charAt(0) == '+' || key.charAt(0) == '-')) {
            features.put(key.substring(1), key.charAt(0) == '+');
            return;
        }
        String state = property.isFlag() ? "on" : property.value();
        if (key.isEmpty() || !state.equals("on") && !state.equals("off")) {
            throw UsageError.of(
                    option,
                    value,
                    "'" + key + "' is not +feature, -feature, feature=on or feature=off");
        }
        features.put(key, state.equals("on"));
    }
}
