/* NMIs between CPUs, which reach a CPU even with interrupts off. SDM Vol. 3A, "Nonmaskable Interrupt (NMI)". */
#ifndef NMI_H
#define NMI_H

#include "trap.h"

enum nmi_reason {
    NMI_DUMP = 1 << 0, /* note where you are, go on */
    NMI_STOP = 1 << 1, /* note where you are, stay here */
};

/* Once, on the BSP: the handler, and the panic's way to stop the others. */
void nmi_init(void);
void nmi_send(u32 cpu, enum nmi_reason reason);
/* Stops a CPU for good; where it was, NULL where it does not answer. */
const struct trap_frame *nmi_stop(u32 cpu);
/* One line for every other online CPU: where it is, or that it does not answer. */
void nmi_dump_others(void);
/* The frame that a CPU noted at its last NMI of ours; NULL where it took none. */
const struct trap_frame *nmi_frame(u32 cpu);

#endif
