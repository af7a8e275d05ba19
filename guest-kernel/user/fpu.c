/*
 * Keeps numbers of its own in SSE, x87 and, where they exist, AVX registers over many switches and CPUs. The argument makes them
 * different from those of others. Status 0: they stayed; n > 0: what changed.
 */
#include "libc.h"

#define CPUID_1_ECX_OSXSAVE (1U << 27)
#define CPUID_1_ECX_AVX (1U << 28)
#define XCR0_AVX 4U

static bool has_avx(void) {
    u32 a = 1, b, c = 0, d;
    asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if ((c & CPUID_1_ECX_OSXSAVE) == 0 || (c & CPUID_1_ECX_AVX) == 0) return false;
    u32 low, high;
    asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & XCR0_AVX) != 0;
}

/* Loads all XMM registers from the seed, makes a system call that may switch, and compares. */
static bool sse_stays(u64 seed, u64 call, u64 argument) {
    u64 in[16][2], out[16][2];
    for (u64 i = 0; i < 16; i++) in[i][0] = seed * (i + 1), in[i][1] = ~seed + i;
    u64 rax = call;
    asm volatile("movups 0(%[in]), %%xmm0; movups 16(%[in]), %%xmm1; movups 32(%[in]), %%xmm2; movups 48(%[in]), %%xmm3\n"
                 "movups 64(%[in]), %%xmm4; movups 80(%[in]), %%xmm5; movups 96(%[in]), %%xmm6; movups 112(%[in]), %%xmm7\n"
                 "movups 128(%[in]), %%xmm8; movups 144(%[in]), %%xmm9; movups 160(%[in]), %%xmm10; movups 176(%[in]), %%xmm11\n"
                 "movups 192(%[in]), %%xmm12; movups 208(%[in]), %%xmm13; movups 224(%[in]), %%xmm14; movups 240(%[in]), %%xmm15\n"
                 "syscall\n"
                 "movups %%xmm0, 0(%[out]); movups %%xmm1, 16(%[out]); movups %%xmm2, 32(%[out]); movups %%xmm3, 48(%[out])\n"
                 "movups %%xmm4, 64(%[out]); movups %%xmm5, 80(%[out]); movups %%xmm6, 96(%[out]); movups %%xmm7, 112(%[out])\n"
                 "movups %%xmm8, 128(%[out]); movups %%xmm9, 144(%[out]); movups %%xmm10, 160(%[out]); movups %%xmm11, 176(%[out])\n"
                 "movups %%xmm12, 192(%[out]); movups %%xmm13, 208(%[out]); movups %%xmm14, 224(%[out]); movups %%xmm15, 240(%[out])\n"
                 : "+a"(rax)
                 : [in] "r"(in), [out] "r"(out), "D"(argument)
                 : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                   "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    for (u64 i = 0; i < 16; i++) {
        if (in[i][0] != out[i][0] || in[i][1] != out[i][1]) return false;
    }
    return true;
}

static bool x87_stays(u64 seed, u64 call, u64 argument) {
    i64 in = (i64)(seed >> 1), out = 0;
    u64 rax = call;
    asm volatile("fninit; fildq %[in]; syscall; fistpq %[out]" : "+a"(rax), [out] "=m"(out) : [in] "m"(in), "D"(argument) : "rcx", "r11", "memory", "st");
    return in == out;
}

static bool avx_stays(u64 seed, u64 call, u64 argument) {
    u64 in[4] = {seed, seed + 1, seed + 2, seed + 3}, out[4];
    u64 rax = call;
    asm volatile("vmovups (%[in]), %%ymm7; syscall; vmovups %%ymm7, (%[out])"
                 : "+a"(rax)
                 : [in] "r"(in), [out] "r"(out), "D"(argument)
                 : "rcx", "r11", "memory", "xmm7");
    return in[0] == out[0] && in[1] == out[1] && in[2] == out[2] && in[3] == out[3];
}

/* No system call at all: only the timer switches. */
static bool sse_stays_preempted(double seed) {
    double value = seed, expected = seed;
    for (volatile u64 i = 0; i < 20000; i++) value = value * 1.5 / 1.5 + 1.0, expected += 1.0;
    return value > expected - 0.5 && value < expected + 0.5;
}

i64 main(const char *argument) {
    u64 seed = number(argument) * 0x123456789 + 77;
    bool avx = has_avx();
    u64 cpus = (u64)cpu_count();
    for (u64 round = 0; round < 40; round++, seed = seed * 6364136223846793005 + 1442695040888963407) {
        u64 call = round % 2 == 0 ? SYS_YIELD : SYS_BIND, value = round % 2 == 0 ? 0 : (seed >> 20) % cpus;
        if (!sse_stays(seed, call, value)) return 1;
        if (!x87_stays(seed, call, value)) return 2;
        if (avx && !avx_stays(seed, call, value)) return 3;
        bind_to(-1);
        if (round % 8 == 0 && !sse_stays_preempted((double)(seed >> 40))) return 4;
        u32 mxcsr = 0x1F80 | (u32)(round % 4) << 13, seen;
        asm volatile("ldmxcsr %0" : : "m"(mxcsr));
        yield();
        asm volatile("stmxcsr %0" : "=m"(seen));
        if ((seen & 0xE000) != (mxcsr & 0xE000)) return 5;
    }
    return 0;
}
