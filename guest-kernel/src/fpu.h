/* The x87, SSE and AVX registers of tasks that have user code; the kernel itself uses none. SDM Vol. 1, "Managing State Using the XSAVE Feature Set". */
#ifndef FPU_H
#define FPU_H

#include "types.h"

/* Turns on, on this CPU, what the processor offers and this file saves: with XSAVE where it exists, else FXSAVE. */
void fpu_cpu_init(void);
/* A save area with the state after FNINIT; NULL when memory is out. */
void *fpu_area_alloc(void);
void fpu_area_free(void *area);
void fpu_area_reset(void *area);
void fpu_save(void *area);
void fpu_restore(const void *area);
void fpu_copy(void *to, const void *from);
/* "XSAVE" or "FXSAVE", and the size of an area. */
const char *fpu_method(u32 *size);

#endif
