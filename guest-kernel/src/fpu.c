/*
 * Saved and restored at every switch from or to a task with user code: no trap on first use, so no CPU holds the registers of a
 * task that another CPU runs. SDM Vol. 3A, "System Programming for Instruction Set Extensions and Processor Extended States".
 */
#include "fpu.h"

#include "memory.h"
#include "string.h"
#include "x86.h"

#define CR0_EM (1UL << 2)
#define CR0_NE (1UL << 5)
#define CR4_OSFXSR (1UL << 9)
#define CR4_OSXMMEXCPT (1UL << 10)
#define CR4_OSXSAVE (1UL << 18)
#define CPUID_1_ECX_XSAVE (1U << 26)
#define XCR0_X87 1U
#define XCR0_SSE 2U
#define XCR0_AVX 4U
#define XCR0_AVX512 0xE0U
#define LEGACY_SIZE 512 /* SDM Vol. 1, "Legacy Region of an XSAVE Area"; the FXSAVE image is the same */
#define LEGACY_FCW 0
#define LEGACY_MXCSR 24
#define FCW_INITIAL 0x37F
#define MXCSR_INITIAL 0x1F80
#define NO_XCR0 0

/* Written by the BSP before there are tasks, then the same on every CPU. */
static u32 xcr0 = NO_XCR0;
static u32 area_size = LEGACY_SIZE;

static void choose_components(void) {
    u32 offered = cpuid(0xD, 0).eax;
    u32 chosen = XCR0_X87 | XCR0_SSE;
    if ((offered & XCR0_AVX) != 0) chosen |= XCR0_AVX;
    if ((chosen & XCR0_AVX) != 0 && (offered & XCR0_AVX512) == XCR0_AVX512) chosen |= XCR0_AVX512;
    xcr0 = chosen;
}

void fpu_cpu_init(void) {
    bool has_xsave = (cpuid(1, 0).ecx & CPUID_1_ECX_XSAVE) != 0;
    write_cr0((read_cr0() & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE);
    write_cr4(read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT | (has_xsave ? CR4_OSXSAVE : 0));
    if (has_xsave) {
        if (xcr0 == NO_XCR0) choose_components();
        asm volatile("xsetbv" : : "c"(0), "a"(xcr0), "d"(0) : "memory");
        area_size = cpuid(0xD, 0).ebx; /* of the components that XCR0 now enables */
    }
    asm volatile("fninit" : : : "memory");
}

static u32 area_pages(void) { return (u32)((area_size + PAGE_SIZE - 1) / PAGE_SIZE); }

void *fpu_area_alloc(void) {
    if (memory_free() < area_pages() * PAGE_SIZE) return NULL;
    void *area = pages_alloc(area_pages());
    fpu_area_reset(area);
    return area;
}

void fpu_area_free(void *area) { pages_free(area, area_pages()); }

void fpu_area_reset(void *area) {
    memset(area, 0, area_size); /* XSTATE_BV = 0: every component in its initial state */
    *(u16 *)((u8 *)area + LEGACY_FCW) = FCW_INITIAL;
    *(u32 *)((u8 *)area + LEGACY_MXCSR) = MXCSR_INITIAL;
}

void fpu_save(void *area) {
    if (xcr0 != NO_XCR0) asm volatile("xsave64 (%0)" : : "r"(area), "a"(xcr0), "d"(0) : "memory");
    else asm volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

void fpu_restore(const void *area) {
    if (xcr0 != NO_XCR0) asm volatile("xrstor64 (%0)" : : "r"(area), "a"(xcr0), "d"(0) : "memory");
    else asm volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

void fpu_copy(void *to, const void *from) { memcpy(to, from, area_size); }

const char *fpu_method(u32 *size) {
    *size = area_size;
    return xcr0 != NO_XCR0 ? "XSAVE" : "FXSAVE";
}
