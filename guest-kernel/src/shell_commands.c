#include "shell_commands.h"

#include "irq.h"
#include "log.h"
#include "memory.h"
#include "program.h"
#include "sched.h"
#include "smp.h"
#include "string.h"
#include "time.h"
#include "x86.h"

#define MOST_TASKS 128
#define TOP_MS 1000
#define TOP_LINES 12
#define MOST_COLUMNS 8

static const char *state_of(const struct task *task) {
    if (task->on_cpu != 0) return "running";
    switch (task->state) {
    case TASK_NEW: return "new";
    case TASK_READY: return "ready";
    case TASK_BLOCKED: return "blocked";
    default: return "ended";
    }
}

static u64 milliseconds(u64 cycles) { return cycles / (tsc_hz() / 1000); }

static void show_task(struct task *task, void *unused) {
    (void)unused;
    print_line("%5u %7s %4u %4u %9lu %9lu %9lu  %s", task->id, state_of(task), task->cpu, task->priority, milliseconds(task->cycles),
               task->switches, task->migrations, task->name);
}

void show_tasks(void) {
    print_line("   id   state  cpu prio   time/ms  switches     moves  name");
    task_for_each(show_task, NULL);
}

struct usage {
    u32 count;
    struct {
        u32 id;
        char name[TASK_NAME_SIZE];
        u64 cycles;
    } tasks[MOST_TASKS];
};

static void note_usage(struct task *task, void *argument) {
    struct usage *usage = argument;
    if (usage->count == MOST_TASKS) return;
    usage->tasks[usage->count].id = task->id;
    usage->tasks[usage->count].cycles = task->cycles;
    memcpy(usage->tasks[usage->count++].name, task->name, TASK_NAME_SIZE);
}

static u64 earlier_cycles(const struct usage *usage, u32 id) {
    for (u32 i = 0; i < usage->count; i++) {
        if (usage->tasks[i].id == id) return usage->tasks[i].cycles;
    }
    return 0;
}

static struct usage before, after; /* the shell's task only: too large for its stack */

void show_top(void) {
    before.count = after.count = 0;
    u64 begin = rdtsc();
    task_for_each(note_usage, &before);
    sched_sleep_ms(TOP_MS);
    task_for_each(note_usage, &after);
    u64 passed = rdtsc() - begin;
    for (u32 i = 0; i < after.count; i++) after.tasks[i].cycles -= earlier_cycles(&before, after.tasks[i].id);
    print_line("   id  cpu/%%  name");
    for (u32 line = 0; line < TOP_LINES; line++) {
        u32 most = 0;
        for (u32 i = 1; i < after.count; i++) {
            if (after.tasks[i].cycles > after.tasks[most].cycles) most = i;
        }
        if (after.count == 0 || after.tasks[most].cycles == 0) return;
        print_line("%5u %6lu  %s", after.tasks[most].id, after.tasks[most].cycles * 100 / passed, after.tasks[most].name);
        after.tasks[most].cycles = 0;
    }
}

static const char *cpu_state_name(u32 state) {
    static const char *const names[] = {"absent", "present", "starting", "arrived", "online", "leaving", "offline", "dead"};
    return state < ARRAY_LENGTH(names) ? names[state] : "?";
}

void show_cpus(void) {
    print_line("cpu apic    state queue  switches     ticks    stolen   arrived busy/%%");
    for (u32 i = 0; i < smp_cpu_count(); i++) {
        const struct cpu *cpu = &cpus[i];
        u64 cycles = cpu->cycles_busy + cpu->cycles_idle;
        print_line("%3u %4u %8s %5u %9lu %9lu %9lu %9lu %6lu", i, cpu->lapic_id, cpu_state_name(cpu->state), runqueues[i].size,
                   cpu->context_switches, cpu->timer_ticks, runqueues[i].stolen, runqueues[i].arrived,
                   cycles == 0 ? 0 : cpu->cycles_busy * 100 / cycles);
    }
}

void show_memory(void) {
    print_line("%lu KiB usable, %lu KiB free, %u tasks", memory_usable() >> 10, memory_free() >> 10, task_count());
}

static const char *vector_name(u32 vector) {
    switch (vector) {
    case VECTOR_NMI: return "NMI";
    case VECTOR_PF: return "page fault";
    case VECTOR_GP: return "#GP";
    case VECTOR_ISA + IRQ_COM1: return "COM1";
    case VECTOR_SYSCALL: return "INT 80h";
    case VECTOR_TIMER: return "timer";
    case VECTOR_IPI: return "reschedule IPI";
    case VECTOR_CALL: return "call IPI";
    case VECTOR_STOP: return "stop IPI";
    default: return "";
    }
}

void show_interrupts(void) {
    u32 columns = smp_cpu_count() < MOST_COLUMNS ? smp_cpu_count() : MOST_COLUMNS;
    for (u32 vector = 0; vector < VECTORS; vector++) {
        char line[MOST_COLUMNS * 12 + 1] = "";
        u64 total = 0;
        for (u32 cpu = 0; cpu < smp_cpu_count(); cpu++) {
            total += irq_count(cpu, (u8)vector);
            if (cpu < columns) format_text(line + cpu * 11, 12, " %10u", irq_count(cpu, (u8)vector));
        }
        if (total != 0) print_line("%02x:%s  %s", vector, line, vector_name(vector));
    }
}

void show_programs(void) {
    struct program program;
    for (u32 i = 0; program_at(i, &program); i++) print_line("%8lu  %s", program.size, program.name);
}
