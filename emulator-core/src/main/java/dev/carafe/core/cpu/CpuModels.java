package dev.carafe.core.cpu;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processors that {@code -cpu} names: what each one introduces itself as, and the features it
 * was built with, as QEMU defines them. A feature that is not implemented here stands in the table
 * all the same and is left out of the processor; {@code docs/cpu-models.md} says why.
 */
public final class CpuModels {
    static final String INTEL = "GenuineIntel";
    static final String AMD = "AuthenticAMD";

    private static final int FAMILY_AMD = 25; // that max takes with AMD's vendor name

    /** Features of the table that no processor here has, by QEMU's names. */
    static final Set<String> LEFT_OUT =
            Set.of(
                    "hle",
                    "rtm",
                    "svm",
                    "npt",
                    "nrip-save",
                    "osvw",
                    "sse4a",
                    "misalignsse",
                    "mmxext",
                    "fxsr-opt",
                    "cr8legacy");

    /**
     * One model.
     *
     * @param name as QEMU spells it
     * @param vendor twelve characters
     * @param family displayed family
     * @param model displayed model
     * @param modelId the brand string
     * @param level highest basic leaf of CPUID
     * @param extendedLevel highest extended leaf
     * @param requested names of the features, implemented or not
     */
    public record Row(
            String name,
            String vendor,
            int family,
            int model,
            int stepping,
            String modelId,
            int level,
            int extendedLevel,
            Set<String> requested) {
        /** The features that it really gets. */
        Set<Feature> features() {
            if (name.equals(CpuModel.MAX)) {
                return CpuModel.implemented();
            }
            Set<Feature> features = EnumSet.noneOf(Feature.class);
            for (String each : requested) {
                Feature.named(each).ifPresent(features::add);
            }
            features.retainAll(CpuModel.implemented());
            return features;
        }

        /** Features that the model has and Carafe does not, sorted. */
        public List<String> missing() {
            return requested.stream()
                    .filter(
                            each ->
                                    Feature.named(each)
                                            .filter(CpuModel.implemented()::contains)
                                            .isEmpty())
                    .sorted()
                    .toList();
        }
    }

    private static final String CORE_PROCESSOR = "Intel Core Processor (%s)";

    /** The default: what most runs have, so that making the others is not part of a start. */
    private static final Row MAX =
            new Row(
                    CpuModel.MAX,
                    INTEL,
                    6,
                    60,
                    3,
                    "Carafe virtual CPU",
                    0x1F,
                    0x8000_0008,
                    everything());

    private static final class Others {
        static final Map<String, Row> ROWS = rows();
    }

    /** Other names: QEMU's versions without transactional memory or with nothing else new. */
    private static final List<String> SUFFIXES = List.of("-v1", "-noTSX");

    private CpuModels() {}

    /** All of them, in the order of {@code -cpu help}; the first is the default. */
    public static List<Row> all() {
        List<Row> all = new ArrayList<>();
        all.add(MAX);
        all.addAll(Others.ROWS.values());
        return List.copyOf(all);
    }

    /** The model of that name, in any case of letters. */
    public static Optional<Row> named(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        for (String suffix : SUFFIXES) {
            String end = suffix.toLowerCase(Locale.ROOT);
            if (key.endsWith(end)) {
                key = key.substring(0, key.length() - end.length());
            }
        }
        return key.equals(CpuModel.MAX)
                ? Optional.of(MAX)
                : Optional.ofNullable(Others.ROWS.get(key));
    }

    /** Max with AMD's vendor name: a family that knows its features. */
    static Row withVendor(Row row, String vendor) {
        boolean amdMax = row.name().equals(CpuModel.MAX) && vendor.equals(AMD);
        return new Row(
                row.name(),
                vendor,
                amdMax ? FAMILY_AMD : row.family(),
                amdMax ? 1 : row.model(),
                amdMax ? 1 : row.stepping(),
                row.modelId(),
                row.level(),
                amdMax ? 0x8000_001E : row.extendedLevel(),
                row.requested());
    }

    private static Set<String> everything() {
        Set<String> names = new HashSet<>();
        for (Feature feature : CpuModel.implemented()) {
            names.add(feature.text());
        }
        return Set.copyOf(names);
    }

    private static Map<String, Row> rows() {
        Map<String, Row> rows = new LinkedHashMap<>();
        generic(rows);
        core(rows);
        epyc(rows);
        return rows;
    }

    private static void add(Map<String, Row> rows, Row row) {
        rows.put(row.name().toLowerCase(Locale.ROOT), row);
    }

    private static Set<String> plus(Map<String, Row> rows, String model, String features) {
        List<String> names = new ArrayList<>(List.of(features.split(" ")));
        if (!model.isEmpty()) {
            names.addAll(rows.get(model.toLowerCase(Locale.ROOT)).requested());
        }
        return Set.copyOf(names);
    }

    private static void generic(Map<String, Row> rows) {
        Set<String> i386 =
                plus(
                        rows,
                        "",
                        "apic cmov cx8 de fpu fxsr hypervisor mce mmx msr pae pat pge pse sep sse"
                                + " sse2 sse3 tsc");
        String virtual = "QEMU Virtual CPU version 2.5+";
        add(rows, new Row("qemu32", INTEL, 6, 6, 3, virtual, 4, 0x8000_0004, i386));
        Set<String> x8664 = plus(rows, "qemu32", "clflush cx16 lm mca mtrr nx pse36 syscall");
        add(
                rows,
                new Row("kvm64", INTEL, 15, 6, 1, "Common KVM processor", 13, 0x8000_0008, x8664));
        Set<String> qemu64 = plus(rows, "kvm64", "lahf-lm svm");
        add(rows, new Row(CpuModel.QEMU64, AMD, 15, 107, 1, virtual, 13, 0x8000_000A, qemu64));
    }

    /** Intel's processors: each one has what the one before had. */
    private static void core(Map<String, Row> rows) {
        step(
                rows,
                "kvm64",
                "Penryn",
                23,
                3,
                "Intel Core 2 Duo P9xxx (Penryn Class Core 2)",
                "lahf-lm ssse3 sse4.1");
        step(
                rows,
                "Penryn",
                "Nehalem",
                26,
                3,
                "Intel Core i7 9xx (Nehalem Class Core i7)",
                "sse4.2 popcnt");
        step(
                rows,
                "Nehalem",
                "Westmere",
                44,
                1,
                "Westmere E56xx/L56xx/X56xx (Nehalem-C)",
                "aes arat pclmulqdq");
        step(
                rows,
                "Westmere",
                "SandyBridge",
                42,
                1,
                "Intel Xeon E312xx (Sandy Bridge)",
                "avx rdtscp tsc-deadline x2apic xsave xsaveopt");
        step(
                rows,
                "SandyBridge",
                "IvyBridge",
                58,
                9,
                "Intel Xeon E3-12xx v2 (Ivy Bridge)",
                "erms f16c fsgsbase rdrand smep");
        step(
                rows,
                "IvyBridge",
                "Haswell",
                60,
                4,
                CORE_PROCESSOR.formatted("Haswell"),
                "abm avx2 bmi1 bmi2 fma hle invpcid movbe pcid rtm");
        step(
                rows,
                "Haswell",
                "Broadwell",
                61,
                2,
                CORE_PROCESSOR.formatted("Broadwell"),
                "3dnowprefetch adx rdseed smap");
        step(
                rows,
                "Broadwell",
                "Skylake-Client",
                94,
                3,
                CORE_PROCESSOR.formatted("Skylake"),
                "xgetbv1 xsavec");
    }

    private static void step(
            Map<String, Row> rows,
            String before,
            String name,
            int model,
            int stepping,
            String modelId,
            String features) {
        int level = model == 23 ? 10 : model == 26 || model == 44 ? 11 : 13;
        Set<String> all = plus(rows, before, features);
        add(rows, new Row(name, INTEL, 6, model, stepping, modelId, level, 0x8000_0008, all));
    }

    private static void epyc(Map<String, Row> rows) {
        Set<String> features =
                plus(
                        rows,
                        "kvm64",
                        "3dnowprefetch abm adx aes arat avx avx2 bmi1 bmi2 clflushopt cr8legacy"
                                + " f16c fma fsgsbase fxsr-opt lahf-lm misalignsse mmxext monitor"
                                + " movbe npt nrip-save osvw pclmulqdq pdpe1gb popcnt rdrand rdseed"
                                + " rdtscp sha-ni smap smep sse4.1 sse4.2 sse4a ssse3 svm topoext"
                                + " xgetbv1 xsave xsavec xsaveopt");
        add(rows, new Row("EPYC", AMD, 23, 1, 2, "AMD EPYC Processor", 13, 0x8000_001E, features));
    }
}
