/*
 * Processes. A task with user code keeps the trap frame of its last way into the kernel at the top of its kernel stack; a new
 * one gets a frame made by hand there, and leaves the kernel by it like any other.
 */
#include "process.h"

#include "cpu.h"
#include "elf.h"
#include "fpu.h"
#include "log.h"
#include "prof.h"
#include "program.h"
#include "sched.h"
#include "space.h"
#include "string.h"
#include "tlb.h"
#include "x86.h"

#define SELECTOR_RING3 3
#define RFLAGS_FIXED 0x2UL
#define STACK_SIZE (64 * PAGE_SIZE)
#define STACK_TOP (USER_END - 16 * PAGE_SIZE)
#define TEXT_SIZE 128 /* of a program's name or argument */

void task_leave_by(struct trap_frame *frame);

static struct trap_frame *first_frame(const struct task *task) { return (struct trap_frame *)task->stack_top - 1; }

/* The kernel side of a new task with user code. */
static void enter_user(void *unused) {
    (void)unused;
    cli();
    sched_end_if_killed();
    task_leave_by(first_frame(task_current()));
}

static void set_frame(struct trap_frame *frame, u64 rip, u64 rsp, u64 rdi) {
    memset(frame, 0, sizeof *frame);
    frame->rip = rip;
    frame->rsp = rsp;
    frame->rdi = rdi;
    frame->cs = SELECTOR_USER_CODE | SELECTOR_RING3;
    frame->ss = SELECTOR_USER_DATA | SELECTOR_RING3;
    frame->rflags = RFLAGS_FIXED | RFLAGS_IF;
}

/* A space with the program in it and the argument on its stack. */
static struct space *load(const char *name, const char *argument, struct trap_frame *frame) {
    struct program program;
    if (!program_find(name, &program)) {
        log_error("no program '%s'", name);
        return NULL;
    }
    struct space *space = space_create();
    if (space == NULL) return NULL;
    u64 entry, length = strlen(argument) + 1;
    const char *wrong = elf_load(space, program.file, program.size, &entry);
    u64 text = (STACK_TOP - length) & ~15UL;
    if (wrong == NULL && !space_map_at(space, STACK_TOP - STACK_SIZE, STACK_SIZE, AREA_READ | AREA_WRITE)) wrong = "covers the stack";
    if (wrong == NULL && !space_fill(space, text, argument, length)) wrong = "does not fit into memory";
    if (wrong != NULL) {
        log_error("program '%s' %s", name, wrong);
        space_release(space);
        return NULL;
    }
    set_frame(frame, entry, text, text);
    return space;
}

/* Takes the space over, in success and in failure. */
static struct task *create(const struct task_options *options, struct space *space, const struct trap_frame *frame, const void *fpu) {
    void *area = fpu_area_alloc();
    struct task *task = area == NULL ? NULL : task_create(options, enter_user, NULL);
    if (task == NULL) {
        if (area != NULL) fpu_area_free(area);
        space_release(space);
        return NULL;
    }
    if (fpu != NULL) fpu_copy(area, fpu);
    *first_frame(task) = *frame;
    task->space = space;
    __atomic_store_n(&task->fpu, area, __ATOMIC_RELEASE); /* from here on it can be killed */
    return task;
}

struct task *process_create(const char *program, const char *argument, const struct cpu_mask *allowed) {
    struct trap_frame frame;
    struct space *space = load(program, argument, &frame);
    if (space == NULL) return NULL;
    struct task_options options = {.name = program, .priority = PRIORITY_NORMAL, .allowed = allowed};
    return create(&options, space, &frame, NULL);
}

struct task *process_start(const char *program, const char *argument) {
    struct task *task = process_create(program, argument, NULL);
    if (task != NULL) sched_wake(task);
    return task;
}

i64 process_run(const char *program, const char *argument) {
    struct task *task = process_start(program, argument);
    return task == NULL ? -1 : task_join(task);
}

/* The caller's registers are in its save area only while it does not run. */
static i64 start_copy(struct space *space, const struct trap_frame *frame) {
    struct task *parent = task_current();
    struct task_options options = {.name = parent->name, .priority = parent->priority, .allowed = &parent->allowed};
    u64 flags = irq_save();
    fpu_save(parent->fpu);
    irq_restore(flags);
    struct task *child = create(&options, space, frame, parent->fpu);
    if (child == NULL) return -1;
    u32 id = child->id; /* it may end before we are back */
    sched_wake(child);
    return id;
}

i64 process_fork(const struct trap_frame *frame) {
    struct space *space = space_fork(task_current()->space);
    if (space == NULL) return -1;
    struct trap_frame copy = *frame;
    copy.rax = 0;
    return start_copy(space, &copy);
}

i64 process_thread(const struct trap_frame *frame, u64 start, u64 stack) {
    struct space *space = task_current()->space;
    u64 words[3]; /* RIP, RDI, RSI */
    if (!space_read(space, words, start, sizeof words) || words[0] >= USER_END || stack >= USER_END) return -1;
    struct trap_frame fresh;
    set_frame(&fresh, words[0], stack, words[1]);
    fresh.rsi = words[2];
    fresh.rflags = frame->rflags;
    space_hold(space);
    return start_copy(space, &fresh);
}

static void replace_space(struct task *task, struct space *space) {
    struct space *old = task->space;
    u64 flags = irq_save();
    task->space = space;
    tlb_load(space);
    fpu_area_reset(task->fpu);
    fpu_restore(task->fpu);
    irq_restore(flags);
    space_release(old);
}

i64 process_exec(struct trap_frame *frame, u64 program, u64 argument) {
    struct task *task = task_current();
    char name[TEXT_SIZE], text[TEXT_SIZE];
    if (!space_read_text(task->space, name, program, sizeof name)) return -1;
    if (!space_read_text(task->space, text, argument, sizeof text)) return -1;
    struct trap_frame fresh;
    struct space *space = load(name, text, &fresh);
    if (space == NULL) return -1;
    replace_space(task, space);
    for (u32 i = 0; i < TASK_NAME_SIZE - 1; i++) task->name[i] = name[i < strlen(name) ? i : strlen(name)];
    *frame = fresh;
    return (i64)fresh.rax;
}

static void end_by_exception(const struct trap_frame *frame, u64 address) {
    struct task *task = task_current();
    if (frame->vector == VECTOR_PF) {
        log_info("task %u (%s): page fault at %lx, error code %lx, rip %lx: ended", task->id, task->name, address, frame->error, frame->rip);
    } else {
        log_info("task %u (%s): exception %lu, error code %lx, rip %lx: ended", task->id, task->name, frame->vector, frame->error, frame->rip);
    }
    task_end(STATUS_EXCEPTION(frame->vector));
}

static void on_exception(struct trap_frame *frame) {
    u64 address = read_cr2(); /* before another fault changes it */
    if ((frame->cs & SELECTOR_RING3) == 0) trap_fatal(frame);
    sti();
    PROF_START(PROF_FAULT);
    bool helped = frame->vector == VECTOR_PF && space_fault(task_current()->space, address, frame->error);
    PROF_END(PROF_FAULT);
    if (!helped) end_by_exception(frame, address);
    cli();
    sched_end_if_killed();
}

void process_init(void) {
    static const u8 vectors[] = {VECTOR_DE, VECTOR_DB, VECTOR_BP, 4, 5, VECTOR_UD, VECTOR_NM, VECTOR_NP, VECTOR_SS, VECTOR_GP, VECTOR_PF, 16, 17, 19};
    for (u32 i = 0; i < ARRAY_LENGTH(vectors); i++) trap_set_handler(vectors[i], on_exception);
}
