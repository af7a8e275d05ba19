/* Three witnesses of the CPUs. SDM Vol. 3A, "Hierarchical Mapping of CPUID Extended Topology Leaf", "Local APIC Status and Location". */
#include "topology.h"

#include "boot.h"
#include "cmdline.h"
#include "lapic.h"
#include "log.h"
#include "smp.h"
#include "timer.h"
#include "x86.h"

#define LEVEL_SMT 1
#define APIC_BASE_BSP (1UL << 8)
#define APIC_BASE_ENABLED (1UL << 11)
#define APIC_BASE_ADDRESS 0x000FFFFFFFFFF000UL
#define CPUID_1_EDX_HTT (1U << 28)

static struct topology topology; /* written by the BSP before it starts others */
static u32 disagreements;        /* atomic */

static const char *const source_names[] = {"leaf 1Fh", "leaf 0Bh", "leaf 4", "leaf 1"};

const struct topology *topology_get(void) { return &topology; }
u32 topology_disagreements(void) { return __atomic_load_n(&disagreements, __ATOMIC_ACQUIRE); }

#define DISAGREE(...)                                                                              \
    do {                                                                                           \
        __atomic_fetch_add(&disagreements, 1, __ATOMIC_RELEASE);                                   \
        log_error("[CPU] " __VA_ARGS__);                                                           \
    } while (0)

/* Leaves 1Fh and 0Bh have the same shape: per level, how far to shift the APIC id for the level above. */
static void read_levels(u32 leaf) {
    for (u32 sub = 0;; sub++) {
        struct cpuid_result r = cpuid(leaf, sub);
        u32 level = r.ecx >> 8 & 0xFF;
        if (level == 0) return;
        if (level == LEVEL_SMT) topology.core_shift = r.eax & 31;
        topology.package_shift = r.eax & 31;
    }
}

static u32 bits_for(u32 count) {
    u32 bits = 0;
    while (1U << bits < count) bits++;
    return bits;
}

/* SDM Vol. 3A, "Hierarchical Mapping of CPUID Leaf 4": ids per package from leaf 1, cores per package from leaf 4. */
static void read_legacy_levels(bool has_leaf_4) {
    struct cpuid_result one = cpuid(1, 0);
    u32 logical = (one.edx & CPUID_1_EDX_HTT) != 0 ? one.ebx >> 16 & 0xFF : 1;
    u32 cores = has_leaf_4 && (cpuid(4, 0).eax & 31) != 0 ? (cpuid(4, 0).eax >> 26) + 1 : logical;
    topology.package_shift = bits_for(logical);
    topology.core_shift = topology.package_shift - bits_for(cores);
}

static void read_cpuid(void) {
    u32 most = cpuid(0, 0).eax;
    if (most >= 0x1F && cpuid(0x1F, 0).ebx != 0) topology.source = FROM_LEAF_1F;
    else if (most >= 0xB && cpuid(0xB, 0).ebx != 0) topology.source = FROM_LEAF_B;
    else topology.source = most >= 4 ? FROM_LEAF_4 : FROM_LEAF_1;
    if (topology.source == FROM_LEAF_1F) read_levels(0x1F);
    else if (topology.source == FROM_LEAF_B) read_levels(0xB);
    else read_legacy_levels(most >= 4);
}

static void read_madt(void) {
    const struct madt *madt = madt_get();
    topology.madt = madt;
    topology.active_cpus = madt->cpu_count;
    topology.lapic_address = madt->lapic_address;
    topology.ioapic_count = madt->ioapic_count;
    topology.flags = madt->flags;
    for (u32 irq = 0; irq < ISA_IRQS; irq++) topology.irq_map[irq] = madt->isa_gsi[irq];
}

static void list_processors(void) {
    topology.cpu_count = smp_cpu_count();
    for (u32 i = 0; i < topology.cpu_count; i++) {
        u32 id = cpus[i].lapic_id;
        topology.processors[i].apic_id = id;
        topology.processors[i].uid = cpus[i].processor_id;
        topology.processors[i].package = id >> topology.package_shift;
        topology.processors[i].core = (id & ((1U << topology.package_shift) - 1)) >> topology.core_shift;
        topology.processors[i].thread = id & ((1U << topology.core_shift) - 1);
    }
}

static bool madt_names(u32 apic_id, u32 uid) {
    for (u32 i = 0; i < topology.madt->cpu_count; i++) {
        if (topology.madt->cpus[i].apic_id == apic_id) return topology.madt->cpus[i].uid == uid;
    }
    return false;
}

/* The loader's list against the firmware's: the same processors, under the same names. */
static void compare_lists(void) {
    const struct limine_mp *mp = mp_request.response;
    if (!topology.madt->found) DISAGREE("there is no MADT");
    if (mp == NULL) return;
    if (mp->cpu_count != topology.active_cpus) {
        DISAGREE("the loader names %lu CPUs, the MADT %u", mp->cpu_count, topology.active_cpus);
    }
    for (u32 i = 0; i < mp->cpu_count; i++) {
        u32 id = mp->cpus[i]->lapic_id, uid = mp->cpus[i]->processor_id;
        if (!madt_names(id, uid)) DISAGREE("the loader names a CPU with APIC id %u and processor id %u, the MADT does not", id, uid);
    }
    if (mp->bsp_lapic_id != topology.bootstrap_id) {
        DISAGREE("the loader says APIC id %u boots, CPUID says %u", mp->bsp_lapic_id, topology.bootstrap_id);
    }
}

void topology_discover(void) {
    topology.bootstrap_id = initial_apic_id();
    read_madt();
    read_cpuid();
    list_processors();
    compare_lists();
}

void topology_check_self(const struct cpu *cpu) {
    u32 from_cpuid = initial_apic_id(), from_lapic = lapic_id();
    u64 base = rdmsr(MSR_APIC_BASE);
    if (from_cpuid != from_lapic) DISAGREE("CPU %u: APIC id %u in CPUID, %u in the local APIC", cpu->index, from_cpuid, from_lapic);
    if (from_cpuid != cpu->lapic_id) DISAGREE("CPU %u was listed with APIC id %u, CPUID says %u", cpu->index, cpu->lapic_id, from_cpuid);
    if ((base & APIC_BASE_ENABLED) == 0) DISAGREE("CPU %u: IA32_APIC_BASE says disabled", cpu->index);
    if (((base & APIC_BASE_BSP) != 0) != (cpu->index == 0)) DISAGREE("CPU %u: wrong BSP flag in IA32_APIC_BASE %lx", cpu->index, base);
    if (topology.madt->found && (base & APIC_BASE_ADDRESS) != topology.lapic_address) {
        DISAGREE("CPU %u: IA32_APIC_BASE says %lx, the MADT %lx", cpu->index, base & APIC_BASE_ADDRESS, topology.lapic_address);
    }
}

static void print_wires(void) {
    const struct madt *madt = topology.madt;
    for (u32 i = 0; i < madt->ioapic_count; i++) {
        log_info("[CPU] I/O APIC %u at %lx, interrupts from %u", madt->ioapics[i].id, madt->ioapics[i].address, madt->ioapics[i].gsi_base);
    }
    for (u32 irq = 0; irq < ISA_IRQS; irq++) {
        if (topology.irq_map[irq] == irq && madt->isa_flags[irq] == 0) continue;
        log_info("[CPU] ISA IRQ %u is interrupt %u, flags %x", irq, topology.irq_map[irq], madt->isa_flags[irq]);
    }
    for (u32 i = 0; i < madt->nmi_count; i++) {
        if (madt->nmis[i].uid == MADT_ALL_PROCESSORS) log_info("[CPU] NMI at LINT%u of every CPU", madt->nmis[i].lint);
        else log_info("[CPU] NMI at LINT%u of processor %u", madt->nmis[i].lint, madt->nmis[i].uid);
    }
}

static void print_all(void) {
    log_info("[CPU] boot CPU has APIC id %u, %u active in the MADT, flags %x", topology.bootstrap_id, topology.active_cpus, topology.flags);
    log_info("[CPU] local APICs at %lx, %s mode, timer clock %lu Hz by %s", topology.lapic_address, lapic_is_x2apic() ? "x2APIC" : "xAPIC",
             topology.bus_hz, timer_reference());
    log_info("[CPU] CPUID %s: APIC id >> %u is the core, >> %u the package", source_names[topology.source], topology.core_shift,
             topology.package_shift);
    for (u32 i = 0; i < topology.cpu_count; i++) {
        log_info("[CPU] %u: APIC id %u, processor id %u, package %u core %u thread %u", i, topology.processors[i].apic_id,
                 topology.processors[i].uid, topology.processors[i].package, topology.processors[i].core, topology.processors[i].thread);
    }
    print_wires();
}

void topology_report(void) {
    topology.bus_hz = timer_hz() * 16;
    if (cmdline_lists("debug", "cpu")) print_all();
    u32 problems = topology_disagreements();
    if (problems == 0) log_info("[CPU] MADT, loader and CPUID agree on %u CPUs", topology.cpu_count);
    else log_info("[CPU] MADT, loader and CPUID disagree in %u points", problems);
}
