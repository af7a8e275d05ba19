/* The shell: a line is read, its first word looked up, the rest handed on. One task, bound to the boot CPU. */
#include "shell.h"

#include "hotplug.h"
#include "lock.h"
#include "log.h"
#include "power.h"
#include "process.h"
#include "prof.h"
#include "sched.h"
#include "serial_input.h"
#include "shell_commands.h"
#include "string.h"
#include "syscall.h"
#include "x86.h"

#define LINE_SIZE 120
#define MOST_JOBS 16

static struct spinlock input_lock = SPINLOCK("shell input", RANK_WAIT); /* guards input, which the interrupt wakes */
static struct wait_queue input;

static struct task *jobs[MOST_JOBS]; /* programs in the background; the shell's task only */

static void on_input(void) {
    SPIN_GUARD(&input_lock);
    wait_wake_all(&input);
}

static char next_character(void) {
    int c;
    u64 flags = spin_lock(&input_lock);
    while ((c = serial_input_read()) < 0) wait_sleep(&input, &input_lock);
    spin_unlock(&input_lock, flags);
    return (char)c;
}

static void read_line(char *line) {
    u32 length = 0;
    for (;;) {
        char c = next_character();
        if (c == '\r' || c == '\n') break;
        if ((c == '\b' || c == 0x7F) && length > 0) {
            length--;
            print("\b \b");
        } else if (c >= ' ' && c < 0x7F && length < LINE_SIZE - 1) {
            line[length++] = c;
            print("%c", c);
        }
    }
    line[length] = 0;
    print("\n");
}

/* Ends the first word and returns what follows it. */
static char *split(char *line) {
    while (*line != 0 && *line != ' ') line++;
    while (*line == ' ') *line++ = 0;
    return line;
}

/* A decimal number, or all ones where it is none. */
static u32 number(const char *text) {
    u32 value = 0;
    if (*text == 0) return NO_CPU;
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9' || value > 100000) return NO_CPU;
        value = value * 10 + (u32)(*text - '0');
    }
    return value;
}

static bool same(const char *a, const char *b) { return strlen(a) == strlen(b) && memcmp(a, b, strlen(a)) == 0; }

static void run(char *program) {
    char *argument = split(program);
    i64 status = process_run(program, argument);
    print_line("%s ended with status %ld", program, status);
}

static void start(char *program) {
    char *argument = split(program);
    u32 slot = 0;
    while (slot < MOST_JOBS && jobs[slot] != NULL) slot++;
    if (slot == MOST_JOBS) {
        print_line("%u programs run in the background already", MOST_JOBS);
        return;
    }
    jobs[slot] = process_start(program, argument);
    if (jobs[slot] != NULL) print_line("task %u", jobs[slot]->id);
}

static void tell_of_ended(void) {
    for (u32 slot = 0; slot < MOST_JOBS; slot++) {
        if (jobs[slot] == NULL || !task_has_ended(jobs[slot])) continue;
        u32 id = jobs[slot]->id;
        print_line("task %u ended with status %ld", id, task_join(jobs[slot]));
        jobs[slot] = NULL;
    }
}

static void kill_task(char *argument) {
    if (!task_kill(number(argument))) print_line("no program with the id '%s'", argument);
}

static void offline(char *argument) {
    if (!cpu_offline(number(argument))) print_line("CPU '%s' does not go offline", argument);
}

static void online(char *argument) {
    if (!cpu_online(number(argument))) print_line("CPU '%s' does not come online", argument);
}

static void profile(char *argument) {
    if (same(argument, "on") || same(argument, "off")) prof_enable(same(argument, "on"));
    else if (same(argument, "reset")) prof_reset();
    else prof_print();
}

static void debug(char *argument) {
    sched_set_debug(same(argument, "sched"));
    syscall_set_debug(same(argument, "syscall"));
}

static void ps(char *argument) { (void)argument, show_tasks(); }
static void top(char *argument) { (void)argument, show_top(); }
static void show_all_cpus(char *argument) { (void)argument, show_cpus(); }
static void mem(char *argument) { (void)argument, show_memory(); }
static void irq(char *argument) { (void)argument, show_interrupts(); }
static void programs(char *argument) { (void)argument, show_programs(); }
static void leave(char *argument) { (void)argument, power_end(true); }
static void help(char *argument);

static const struct {
    const char *name, *what;
    void (*run)(char *argument);
} commands[] = {
    {"ps", "the tasks", ps},
    {"top", "who uses the CPUs in the next second", top},
    {"cpus", "the CPUs", show_all_cpus},
    {"mem", "memory", mem},
    {"irq", "interrupts by vector and CPU", irq},
    {"prof", "prof on, off, reset; prof prints the table", profile},
    {"programs", "what can be run", programs},
    {"run", "run NAME ARGUMENT: a program, until it ends", run},
    {"start", "start NAME ARGUMENT: the same in the background", start},
    {"kill", "kill ID: ends a program", kill_task},
    {"offline", "offline N: takes a CPU out", offline},
    {"online", "online N: brings it back", online},
    {"debug", "debug sched, debug syscall, debug off", debug},
    {"exit", "powers the machine off", leave},
    {"help", "this list", help},
};

static void help(char *argument) {
    (void)argument;
    for (u32 i = 0; i < ARRAY_LENGTH(commands); i++) print_line("%8s  %s", commands[i].name, commands[i].what);
}

static void execute(char *line) {
    while (*line == ' ') line++;
    if (*line == 0) return;
    char *argument = split(line);
    for (u32 i = 0; i < ARRAY_LENGTH(commands); i++) {
        if (!same(line, commands[i].name)) continue;
        commands[i].run(argument);
        return;
    }
    print_line("no command '%s'; help lists them", line);
}

void shell_run(void *unused) {
    (void)unused;
    char line[LINE_SIZE];
    serial_input_set_hook(on_input);
    for (;;) {
        tell_of_ended();
        print("> ");
        read_line(line);
        execute(line);
    }
}
