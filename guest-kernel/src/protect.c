/*
 * SMEP, SMAP and UMIP. SDM Vol. 3A, "Determination of Access Rights", "Control Registers"; Vol. 2, "CPUID", leaf 7.
 *
 * The kernel never uses a user's address: it walks the page tables itself and copies by the direct map (space.c), so that a page
 * that is not there, or is shared, is made ready first. So there is no place that needs STAC and CLAC, and RFLAGS.AC is always
 * clear in the kernel: SYSCALL clears it by IA32_FMASK, and trap_entry.S where ring 3 had set it.
 */
#include "protect.h"

#include "x86.h"

#define LEAF_FEATURES 7
#define EBX_SMEP (1U << 7)
#define EBX_SMAP (1U << 20)
#define ECX_UMIP (1U << 2)

u64 protect_offered(void) {
    if (cpuid(0, 0).eax < LEAF_FEATURES) return 0;
    struct cpuid_result features = cpuid(LEAF_FEATURES, 0);
    return ((features.ebx & EBX_SMEP) != 0 ? CR4_SMEP : 0) | ((features.ebx & EBX_SMAP) != 0 ? CR4_SMAP : 0) |
           ((features.ecx & ECX_UMIP) != 0 ? CR4_UMIP : 0);
}

void protect_cpu_init(void) { write_cr4(read_cr4() | protect_offered()); }
