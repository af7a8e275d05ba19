/* Programs as tasks: starting, copying, replacing, and how user code ends. */
#ifndef PROCESS_H
#define PROCESS_H

#include "task.h"
#include "trap.h"

/* A task that will run the program with an argument text, a child of the caller's and not ready yet; NULL with a logged reason. */
struct task *process_create(const char *program, const char *argument, const struct cpu_mask *allowed);
/* The same, ready; NULL with a logged reason. */
struct task *process_start(const char *program, const char *argument);
/* Runs a program and returns its status. */
i64 process_run(const char *program, const char *argument);

/* System calls, with the caller's trap frame. */
i64 process_fork(const struct trap_frame *frame);
i64 process_thread(const struct trap_frame *frame, u64 start, u64 stack);
i64 process_exec(struct trap_frame *frame, u64 program, u64 argument);

/* Sets the handlers of exceptions that user code may raise. Once. */
void process_init(void);

#endif
