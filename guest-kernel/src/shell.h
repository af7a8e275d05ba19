/* Commands for people on the serial line. */
#ifndef SHELL_H
#define SHELL_H

/* The body of a task; ends the machine at "exit". */
__attribute__((noreturn)) void shell_run(void *unused);

#endif
