/* Who is there, who came, and does everybody know who it is. */
#include "boot.h"
#include "ipi.h"
#include "lapic.h"
#include "log.h"
#include "sipi.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "topology.h"
#include "work.h"
#include "x86.h"

#define ABSENT_TIMEOUT_US 50000
#define HIGHEST_XAPIC_ID 0xFE

SUITE_TEST(topology, 10, "MADT, loader, CPUID and local APIC name the same processors") {
    const struct topology *t = topology_get();
    TEST_CHECK(topology_disagreements() == 0, "%u disagreements, see above", topology_disagreements());
    TEST_CHECK(t->cpu_count == t->active_cpus, "%u CPUs listed, %u active", t->cpu_count, t->active_cpus);
    for (u32 i = 0; i < t->cpu_count; i++) {
        for (u32 k = 0; k < i; k++) {
            TEST_CHECK(t->processors[i].apic_id != t->processors[k].apic_id, "CPUs %u and %u have one APIC id", k, i);
        }
    }
}

SUITE_TEST(ap_boot, 11, "every processor is online, once, by ap=limine or ap=sipi") {
    u64 slowest = 0;
    TEST_CHECK(smp_online_count() == smp_cpu_count(), "%u of %u online", smp_online_count(), smp_cpu_count());
    FOR_EACH_ONLINE_CPU(i) {
        TEST_CHECK(cpu_mask_has(smp_online_mask(), i), "CPU %u is online and not in the mask", i);
        if (i > 0 && cpus[i].start_cycles > slowest) slowest = cpus[i].start_cycles;
    }
    test_figure(smp_uses_sipi() ? "ap-start-sipi" : "ap-start-limine", slowest, "cycles at most");
}

SUITE_TEST(ap_boot_own_address, 12, "writing the boot CPU's own goto_address does nothing") {
    const struct limine_mp *mp = mp_request.response;
    if (mp == NULL || smp_uses_sipi()) {
        test_skip("the loader started nobody");
        return;
    }
    for (u32 i = 0; i < mp->cpu_count; i++) {
        if (mp->cpus[i]->lapic_id == mp->bsp_lapic_id) TEST_CHECK(mp->cpus[i]->goto_address != 0, "it was not written");
    }
}

static void never(struct cpu *cpu) { TEST_CHECK(false, "APIC id %u answered", cpu->lapic_id); }

static bool is_taken(u32 id) {
    for (u32 i = 0; i < smp_cpu_count(); i++) {
        if (cpus[i].lapic_id == id) return true;
    }
    return false;
}

SUITE_TEST(ap_boot_absent, 13, "a processor that is not there is reported, not waited for") {
    static struct cpu ghost;
    u32 id = HIGHEST_XAPIC_ID;
    while (id > 0 && is_taken(id)) id--;
    ghost.lapic_id = id;
    u64 begin = rdtsc();
    TEST_CHECK(!sipi_start(&ghost, never, ABSENT_TIMEOUT_US), "APIC id %u started", id);
    TEST_CHECK(rdtsc() - begin >= tsc_hz() / 1000000 * ABSENT_TIMEOUT_US, "nobody waited for it");
    TEST_CHECK(ghost.state == CPU_DEAD, "its state is %u", ghost.state);
}

static void check_identity(void *argument) {
    u32 *seen = argument; /* one more for each CPU; atomic */
    struct cpu *cpu = this_cpu();
    TEST_CHECK(cpu->self == cpu && cpu == &cpus[cpu->index], "GS leads to %lx", (u64)cpu);
    TEST_CHECK(cpu->lapic_id == lapic_id(), "CPU %u has APIC id %u, its local APIC says %u", cpu->index, cpu->lapic_id, lapic_id());
    TEST_CHECK((u64)cpu == rdmsr(MSR_GS_BASE), "GS base is %lx", rdmsr(MSR_GS_BASE));
    __atomic_fetch_add(seen, 1, __ATOMIC_RELAXED);
}

SUITE_TEST(percpu, 14, "GS leads each processor to its own data") {
    u32 seen = 0;
    u32 ran = ipi_call_mask(NULL, check_identity, &seen);
    TEST_CHECK(ran == smp_online_count() && seen == ran, "%u of %u CPUs looked", seen, smp_online_count());
}

#define LINES 20

static void write_lines(void *argument) {
    (void)argument;
    for (u32 i = 1; i <= LINES; i++) print_line("# line %u of %u from CPU %u, all of it at once", i, LINES, cpu_index());
}

/* Whoever reads the serial line can see whether it passed: GuestSuiteTest does. */
SUITE_TEST(log_lines, 17, "lines that all processors print at once stay whole") {
    TEST_CHECK(work_run_all(write_lines, NULL, 0), "a CPU did not finish");
}
