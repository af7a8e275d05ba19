/* What the shell's commands print. */
#ifndef SHELL_COMMANDS_H
#define SHELL_COMMANDS_H

void show_tasks(void);
/* Who used the CPUs in the next second. */
void show_top(void);
void show_cpus(void);
void show_memory(void);
void show_interrupts(void);
void show_programs(void);

#endif
