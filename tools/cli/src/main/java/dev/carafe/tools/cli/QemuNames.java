package dev.carafe.tools.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names that QEMU has and Carafe has nothing for: a command line with them is meant seriously, one
 * with any other name holds a mistake.
 */
final class QemuNames {
    /** Beginnings of the names of real processors that Carafe does not imitate one by one. */
    private static final List<String> MODELS =
            List.of(
                    "486",
                    "athlon",
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
                    "phenom");

    private static final Set<String> FEATURES =
            Set.of(
                    ("""
                    3dnow 3dnowext 3dnowprefetch abm ace2 ace2-en acpi adx aes amd-no-ssb amd-ssbd amd-
                    stibp amx-bf16 amx-int8 amx-tile arch-lbr avic avx-vnni avx512-4fmaps avx512-4vnniw
                    avx512-bf16 avx512-fp16 avx512-vp2intersect avx512-vpopcntdq avx512bitalg avx512bw
                    avx512cd avx512dq avx512er avx512f avx512ifma avx512pf avx512vbmi avx512vbmi2
                    avx512vl avx512vnni bus-lock-detect cid clzero core-capability cr8legacy dca
                    decodeassists ds ds-cpl dtes64 est extapic ffxsr flushbyasid fma4 full-width-write
                    fxsr-opt hle ia64 ibpb ibrs ibrs-all ibs intel-pt intel-pt-lip lbrv lmce lwp mds-no
                    misalignsse mmxext mpx nodeid-msr npt nrip-save osvw pause-filter pbe pcommit
                    perfctr-core perfctr-nb pfthreshold phe phe-en pmm pmm-en pn pschange-mc-no rdctl-no
                    rsba rtm sgx sgx-debug sgx-exinfo sgx-kss sgx-mode64 sgx-provisionkey sgx-tokenkey
                    sgx1 sgx2 sgxlc skinit skip-l1dfl-vmentry smx split-lock-detect ss ssb-no sse4a svm
                    svm-lock svme-addr-chk taa-no tbm tce tm tm2 tsc-scale tsx-ctrl tsx-ldtrk v-vmsave-
                    vmload vgif virt-ssbd vmcb-clean vmx waitpkg wdt x2avic xcrypt xcrypt-en xfd xop
                    xsaveerptr xstore xstore-en xtpr kvmclock kvmclock-stable-bit
                    """)
                            .strip()
                            .split("\s+"));

    /** Beginnings of the names of what only a hypervisor offers. */
    private static final List<String> PARAVIRTUAL = List.of("kvm-", "hv-", "vmx-");

    private QemuNames() {}

    static boolean isModel(String name) {
        return MODELS.stream().anyMatch(name::startsWith);
    }

    static boolean isFeature(String name) {
        String feature = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return FEATURES.contains(feature) || PARAVIRTUAL.stream().anyMatch(feature::startsWith);
    }
}
