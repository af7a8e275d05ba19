/* The profiler: patching the probes, counting, sampling. SDM Vol. 3A, "Handling Self- and Cross-Modifying Code". */
#include "prof.h"

#include "boot.h"
#include "ipi.h"
#include "log.h"
#include "memory.h"
#include "paging.h"
#include "smp.h"
#include "spinlock.h"
#include "string.h"
#include "symbols.h"
#include "time.h"
#include "x86.h"

#define PATCH_SIZE 5
#define JMP_REL32 0xE9
#define RENDEZVOUS_US 5000000
#define SAMPLE_SLOTS (PAGE_SIZE / sizeof(struct sample))
#define SAMPLE_GRAIN 16 /* bytes of code that count as one place */
#define TOP_PLACES 12
#define MAX_PLACES 128

struct counter {
    u64 count, cycles, longest;
};

struct sample {
    u64 place;
    u64 count;
};

/* Each CPU writes its own, with interrupts off or by atomic additions; prof_print reads all. */
static struct counter counters[MAX_CPUS][PROF_POINTS];
static struct sample *samples[MAX_CPUS]; /* a hash table for each CPU; allocated by prof_enable before it is used */
static u64 user_samples[MAX_CPUS], lost_samples[MAX_CPUS];

static bool enabled; /* atomic */

static const char *const names[PROF_POINTS] = {"schedule", "syscall", "page fault", "shootdown", "file look-up", "user page filled"};
static const u8 nop[PATCH_SIZE] = {0x0F, 0x1F, 0x44, 0x00, 0x00};

extern const struct prof_site prof_sites_begin[], prof_sites_end[]; /* linker.ld */

struct rendezvous {
    u32 master;
    u32 expected, arrived, done; /* atomic */
    bool on, patched;
};

/* The kernel's text is read-only where it runs; the direct map has it writable. */
static void patch(const struct prof_site *site, bool on) {
    u8 code[PATCH_SIZE];
    memcpy(code, nop, sizeof code);
    if (on) {
        u32 distance = (u32)(site->target - (site->code + PATCH_SIZE));
        code[0] = JMP_REL32;
        memcpy(code + 1, &distance, sizeof distance);
    }
    memcpy(phys_to_hhdm(virt_to_phys((void *)site->code)), code, PATCH_SIZE);
}

/* On all CPUs, interrupts off: nobody executes a probe while one of them writes; then each serializes before it goes on. */
static void meet(void *argument) {
    struct rendezvous *r = argument;
    __atomic_fetch_add(&r->arrived, 1, __ATOMIC_ACQ_REL);
    if (cpu_index() != r->master) {
        while (__atomic_load_n(&r->done, __ATOMIC_ACQUIRE) == 0) pause();
    } else {
        r->patched = WAIT_UNTIL(__atomic_load_n(&r->arrived, __ATOMIC_ACQUIRE) >= r->expected, RENDEZVOUS_US);
        for (const struct prof_site *site = prof_sites_begin; r->patched && site < prof_sites_end; site++) patch(site, r->on);
        __atomic_store_n(&r->done, 1, __ATOMIC_RELEASE);
    }
    cpuid(0, 0); /* SDM Vol. 3A, "Serializing Instructions" */
}

void prof_enable(bool on) {
    FOR_EACH_ONLINE_CPU(cpu) {
        if (on && samples[cpu] == NULL) samples[cpu] = pages_alloc(1);
    }
    u64 flags = irq_save(); /* the master must not move to another CPU */
    struct rendezvous r = {.master = cpu_index(), .expected = smp_online_count(), .on = on};
    ipi_call_mask(NULL, meet, &r);
    irq_restore(flags);
    if (r.patched) __atomic_store_n(&enabled, on, __ATOMIC_RELEASE);
    else log_error("the profiler stays %s: a CPU did not come to the meeting", on ? "off" : "on");
}

bool prof_enabled(void) { return __atomic_load_n(&enabled, __ATOMIC_ACQUIRE); }

void prof_start(enum prof_point point, u64 *began) {
    (void)point;
    *began = rdtsc();
}

/* A probe that was patched in between its two ends has not begun: 0. */
void prof_end(enum prof_point point, u64 began) {
    if (began == 0) return;
    u64 cycles = rdtsc() - began;
    IRQ_GUARD();
    struct counter *counter = &counters[cpu_index()][point];
    counter->count++;
    counter->cycles += cycles;
    if (cycles > counter->longest) counter->longest = cycles;
}

void prof_count(enum prof_point point) {
    IRQ_GUARD();
    counters[cpu_index()][point].count++;
}

void prof_sample(u64 rip, bool user) {
    if (!prof_enabled()) return;
    u32 cpu = cpu_index();
    if (user) {
        user_samples[cpu]++;
        return;
    }
    struct sample *table = samples[cpu];
    if (table == NULL) return; /* came online later */
    u64 place = rip / SAMPLE_GRAIN;
    for (u64 i = 0; i < SAMPLE_SLOTS; i++) {
        struct sample *slot = &table[(place + i) % SAMPLE_SLOTS];
        if (slot->count != 0 && slot->place != place) continue;
        slot->place = place;
        slot->count++;
        return;
    }
    lost_samples[cpu]++;
}

void prof_reset(void) {
    memset(counters, 0, sizeof counters);
    memset(user_samples, 0, sizeof user_samples);
    memset(lost_samples, 0, sizeof lost_samples);
    for (u32 cpu = 0; cpu < MAX_CPUS; cpu++) {
        if (samples[cpu] != NULL) memset(samples[cpu], 0, PAGE_SIZE);
    }
}

u64 prof_total(enum prof_point point) {
    u64 total = 0;
    for (u32 cpu = 0; cpu < MAX_CPUS; cpu++) total += __atomic_load_n(&counters[cpu][point].count, __ATOMIC_RELAXED);
    return total;
}

static void print_points(void) {
    print_line("           probe      count       cycles    average    longest");
    for (u32 point = 0; point < PROF_POINTS; point++) {
        struct counter sum = {0};
        for (u32 cpu = 0; cpu < MAX_CPUS; cpu++) {
            const struct counter *c = &counters[cpu][point];
            sum.count += c->count, sum.cycles += c->cycles;
            if (c->longest > sum.longest) sum.longest = c->longest;
        }
        u64 average = sum.count == 0 ? 0 : sum.cycles / sum.count;
        print_line("%16s %10lu %12lu %10lu %10lu", names[point], sum.count, sum.cycles, average, sum.longest);
    }
}

static void print_cpus(void) {
    print_line("cpu  interrupts   switches       busy cycles       idle cycles  interrupt cycles");
    FOR_EACH_ONLINE_CPU(i) {
        const struct cpu *cpu = &cpus[i];
        print_line("%3u %11lu %10lu %17lu %17lu %17lu", i, cpu->interrupts, cpu->context_switches, cpu->cycles_busy, cpu->cycles_idle,
                   cpu->cycles_interrupt);
    }
}

struct place {
    const char *name;
    u64 count;
};

static void add_place(struct place *places, u32 *count, const char *name, u64 samples_here) {
    for (u32 i = 0; i < *count; i++) {
        if (places[i].name != name) continue;
        places[i].count += samples_here;
        return;
    }
    if (*count < MAX_PLACES) places[(*count)++] = (struct place){name, samples_here};
}

static void collect(struct place *places, u32 *count) {
    for (u32 cpu = 0; cpu < MAX_CPUS; cpu++) {
        if (user_samples[cpu] != 0) add_place(places, count, "(user code)", user_samples[cpu]);
        for (u64 i = 0; samples[cpu] != NULL && i < SAMPLE_SLOTS; i++) {
            u64 offset;
            if (samples[cpu][i].count == 0) continue;
            const char *name = symbol_find(samples[cpu][i].place * SAMPLE_GRAIN + SAMPLE_GRAIN - 1, &offset);
            add_place(places, count, name != NULL ? name : "(unknown)", samples[cpu][i].count);
        }
    }
}

static void print_samples(void) {
    static struct place places[MAX_PLACES]; /* the shell's or the suite's task only: too large for a stack */
    u32 count = 0;
    collect(places, &count);
    print_line("samples  where");
    for (u32 line = 0; line < TOP_PLACES; line++) {
        struct place *most = NULL;
        for (u32 i = 0; i < count; i++) {
            if (places[i].count != 0 && (most == NULL || places[i].count > most->count)) most = &places[i];
        }
        if (most == NULL) return;
        print_line("%7lu  %s", most->count, most->name);
        most->count = 0;
    }
}

void prof_print(void) {
    print_points();
    print_cpus();
    print_samples();
}
