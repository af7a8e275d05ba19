package dev.carafe.core.cpu;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a processor model from a row of {@link CpuModels} and what is to differ from it. A feature
 * that is not implemented, or needs one that is absent, stays out; {@link #unavailable} tells.
 */
public final class CpuModelBuilder {
    public static final int VENDOR_LENGTH = 12;

    /** Longest brand string. */
    public static final int MODEL_ID_LENGTH = 47;

    /** Features that mean something in AMD's leaves only. */
    private static final Set<Feature> AMD_ONLY = EnumSet.of(Feature.TOPOEXT, Feature.CMP_LEGACY);

    private CpuModels.Row row;
    private final Set<Feature> features;
    private final Set<Feature> added = EnumSet.noneOf(Feature.class);
    private final Set<Feature> removed = EnumSet.noneOf(Feature.class);
    private int family = -1;
    private int model = -1;
    private int stepping = -1;
    private String modelId;
    private int level = -1; // as the model and its features have it
    private int extendedLevel;
    private int physicalBits = CpuModel.PHYSICAL_BITS;
    private long tscHertz = CpuModel.DEFAULT_TSC_HERTZ;

    private CpuModelBuilder(CpuModels.Row row) {
        this.row = row;
        features = row.features();
    }

    /** A model as it is; empty when the name is unknown. */
    public static Optional<CpuModelBuilder> of(String name) {
        return CpuModels.named(name).map(CpuModelBuilder::new);
    }

    /** Removing wins over adding, in any order. */
    public CpuModelBuilder feature(Feature feature, boolean on) {
        (on ? added : removed).add(feature);
        return this;
    }

    /**
     * @throws IllegalArgumentException unless it has twelve ASCII characters
     */
    public CpuModelBuilder vendor(String vendor) {
        if (vendor.length() != VENDOR_LENGTH
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(vendor)) {
            throw new IllegalArgumentException(
                    "a vendor has %d characters".formatted(VENDOR_LENGTH));
        }
        row = CpuModels.withVendor(row, vendor);
        return this;
    }

    /**
     * @throws IllegalArgumentException unless it is 0 to 270
     */
    public CpuModelBuilder family(int value) {
        family = checked("family", value, 0xF + 0xFF);
        return this;
    }

    /**
     * @throws IllegalArgumentException unless it is 0 to 255
     */
    public CpuModelBuilder model(int value) {
        model = checked("model", value, 0xFF);
        return this;
    }

    /**
     * @throws IllegalArgumentException unless it is 0 to 15
     */
    public CpuModelBuilder stepping(int value) {
        stepping = checked("stepping", value, 0xF);
        return this;
    }

    /**
     * @throws IllegalArgumentException when it is too long
     */
    public CpuModelBuilder modelId(String text) {
        if (text.length() > MODEL_ID_LENGTH
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "a model-id has at most %d characters".formatted(MODEL_ID_LENGTH));
        }
        modelId = text;
        return this;
    }

    public CpuModelBuilder level(int value) {
        level = value;
        return this;
    }

    public CpuModelBuilder extendedLevel(int value) {
        extendedLevel = value;
        return this;
    }

    /**
     * @throws IllegalArgumentException unless it is 32 to 52
     */
    public CpuModelBuilder physicalBits(int bits) {
        if (bits < 32 || bits > 52) {
            throw new IllegalArgumentException("phys-bits is 32 to 52");
        }
        physicalBits = bits;
        return this;
    }

    /**
     * @throws IllegalArgumentException unless it is 1 MHz to 9 GHz
     */
    public CpuModelBuilder tscHertz(long hertz) {
        if (hertz < 1_000_000 || hertz > 9_000_000_000L) {
            throw new IllegalArgumentException("tsc-frequency is 1000000 to 9000000000");
        }
        tscHertz = hertz;
        return this;
    }

    private static int checked(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("%s is 0 to %d".formatted(what, most));
        }
        return value;
    }

    /** Features that were asked for and stay out, with the reason, one sentence each. */
    public List<String> unavailable() {
        List<String> sentences = new ArrayList<>();
        if (added.isEmpty()) {
            return sentences;
        }
        Set<Feature> present = resolved();
        for (Feature each : added) {
            if (!removed.contains(each) && !present.contains(each)) {
                sentences.add(
                        "feature '%s' %s"
                                .formatted(
                                        each.text(),
                                        FeatureDependencies.lacking(each, present)
                                                .filter(x -> CpuModel.implemented().contains(each))
                                                .map(x -> "needs '%s'".formatted(x.text()))
                                                .orElse("is not implemented")));
            }
        }
        return sentences;
    }

    /** Features of the model itself that Carafe does not have. */
    public List<String> missing() {
        return row.missing();
    }

    private Set<Feature> resolved() {
        Set<Feature> all = EnumSet.copyOf(features);
        if (!row.vendor().equals(CpuModels.AMD)) {
            all.removeAll(AMD_ONLY);
        }
        all.addAll(added);
        all.retainAll(CpuModel.implemented());
        all.removeAll(removed);
        while (all.removeIf(each -> FeatureDependencies.lacking(each, all).isPresent())) {
            // what rested on a removed one may carry others
        }
        return all;
    }

    public CpuModel build(CpuTopology topology) {
        Set<Feature> present = resolved();
        int signature =
                signature(
                        family < 0 ? row.family() : family,
                        model < 0 ? row.model() : model,
                        stepping < 0 ? row.stepping() : stepping);
        var identity =
                new CpuModel.Identity(
                        row.vendor(),
                        signature,
                        modelId == null ? row.modelId() : modelId,
                        level < 0 ? levelFor(present) : level,
                        extendedLevel == 0 ? extendedLevelFor(present) : extendedLevel);
        return new CpuModel(row.name(), identity, present, topology, tscHertz, physicalBits);
    }

    /** CPUID.01H:EAX (SDM Vol. 2A, "CPUID": version information). */
    private static int signature(int family, int model, int stepping) {
        int familyBits = family > 0xF ? 0xF00 | family - 0xF << 20 : family << 8;
        return familyBits | (model & 0xF) << 4 | model >> 4 << 16 | stepping;
    }

    /** A leaf with features that are there can be read, whatever the model began with. */
    private int levelFor(Set<Feature> present) {
        int needed = row.level();
        for (Feature each : present) {
            if (each.leaf() <= 0xFFFF && each.leaf() > needed) {
                needed = each.leaf();
            }
        }
        return Math.max(needed, present.contains(Feature.XSAVE) ? 0xD : 0);
    }

    private int extendedLevelFor(Set<Feature> present) {
        int needed = row.extendedLevel();
        for (Feature each : present) {
            if (each.leaf() < 0 && each.leaf() > needed) {
                needed = each.leaf();
            }
        }
        return needed;
    }
}
