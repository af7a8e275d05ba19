/*
 * GS in the one place where the saved CS tells nothing: between SWAPGS and the change of ring. An NMI that strikes there must
 * find the kernel's data and give the user's GS back. SDM Vol. 2, "SWAPGS"; trap_entry.S, trap_any_gs.
 */
#include "cpu.h"
#include "ipi.h"
#include "lapic.h"
#include "lock.h"
#include "nmi.h"
#include "smp.h"
#include "test.h"
#include "trap.h"
#include "x86.h"

#define USER_BASE 0x0000123456789000UL
#define SPINS 100000

/* Nothing here may touch GS between the two SWAPGS. */
static __attribute__((noinline)) u64 nmi_with_user_gs(u32 lapic_id) {
    u64 during;
    wrmsr(MSR_KERNEL_GS_BASE, USER_BASE);
    asm volatile("swapgs" : : : "memory");
    lapic_ipi(lapic_id, ICR_NMI | ICR_ASSERT);
    for (u32 i = 0; i < SPINS; i++) pause();
    during = rdmsr(MSR_GS_BASE);
    asm volatile("swapgs" : : : "memory");
    wrmsr(MSR_KERNEL_GS_BASE, 0);
    return during;
}

static void strike(void *argument) {
    (void)argument;
    IRQ_GUARD();
    struct cpu *cpu = this_cpu();
    u32 before = cpu->vector_counts[VECTOR_NMI];
    u64 during = nmi_with_user_gs(cpu->lapic_id);
    TEST_CHECK(cpu->vector_counts[VECTOR_NMI] == before + 1, "CPU %u counts %u NMIs", cpu->index, cpu->vector_counts[VECTOR_NMI] - before);
    TEST_CHECK(during == USER_BASE, "the NMI left GS base %lx", during);
    TEST_CHECK(this_cpu() == cpu, "GS leads elsewhere afterwards");
}

SUITE_TEST(swapgs_nmi, 15, "an NMI between SWAPGS and the change of ring finds and leaves GS right") {
    u32 ran = ipi_call_mask(NULL, strike, NULL);
    TEST_CHECK(ran == smp_online_count(), "%u CPUs tried", ran);
}

static u64 frame_at; /* where the NMI's frame was built; written by the handler */

static void on_nmi(struct trap_frame *frame) { __atomic_store_n(&frame_at, (u64)frame, __ATOMIC_RELEASE); }

static void note_stack(void *argument) {
    (void)argument;
    const struct cpu *cpu = this_cpu();
    u64 top = cpu->tss.ist[IST_NMI];
    frame_at = 0;
    lapic_ipi(cpu->lapic_id, ICR_NMI | ICR_ASSERT);
    while (__atomic_load_n(&frame_at, __ATOMIC_ACQUIRE) == 0) pause();
    TEST_CHECK(frame_at == top - sizeof(struct trap_frame), "CPU %u built the frame at %lx, the stack ends at %lx", cpu->index, frame_at, top);
}

SUITE_TEST(nmi_stack, 16, "NMI, double fault and machine check have stacks of their own on every processor") {
    for (u32 i = 0; i < smp_cpu_count(); i++) {
        const struct tss *tss = &cpus[i].tss;
        TEST_CHECK(tss->ist[1] != 0 && tss->ist[2] != 0 && tss->ist[3] != 0, "CPU %u lacks a stack", i);
        TEST_CHECK(tss->ist[1] != tss->ist[2] && tss->ist[2] != tss->ist[3], "CPU %u shares stacks", i);
        for (u32 k = 0; k < i; k++) TEST_CHECK(tss->ist[2] != cpus[k].tss.ist[2], "CPUs %u and %u share a stack", k, i);
    }
    trap_set_handler(VECTOR_NMI, on_nmi);
    FOR_EACH_ONLINE_CPU(c) ipi_call(c, note_stack, NULL);
    nmi_init();
}
