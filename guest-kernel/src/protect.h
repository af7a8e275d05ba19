/* What keeps the kernel from ring 3's pages, and ring 3 from the kernel's tables, where the processor offers it. */
#ifndef PROTECT_H
#define PROTECT_H

#include "types.h"

#define CR4_UMIP (1UL << 11) /* ring 3 cannot read GDTR, IDTR, LDTR, TR, CR0 */
#define CR4_SMEP (1UL << 20) /* ring 0 cannot execute pages of ring 3 */
#define CR4_SMAP (1UL << 21) /* nor load from them or store to them, unless RFLAGS.AC is set */

/* Switches on, on this CPU, what CPUID offers of the three. */
void protect_cpu_init(void);
/* Those that CPUID offers, as bits of CR4. */
u64 protect_offered(void);

#endif
