/* The kernel and the pages of ring 3. */
#include "protect.h"

#include "ipi.h"
#include "probe.h"
#include "process.h"
#include "smp.h"
#include "space.h"
#include "task.h"
#include "test.h"
#include "tlb.h"
#include "trap.h"
#include "x86.h"

#define USER_PLACE 0x10000000UL
#define RET 0xC3
#define ERROR_PRESENT 1
#define ERROR_WRITE 2
#define ERROR_FETCH 16

static void note_missing(void *missing) {
    u64 lacks = protect_offered() & ~read_cr4();
    __atomic_fetch_or((u64 *)missing, lacks, __ATOMIC_RELAXED);
}

static void read_user(void *page) { (void)*(volatile u8 *)page; }
static void write_user(void *page) { *((volatile u8 *)page + 1) = 1; }
static void execute_user(void *page) { ((void (*)(void))(u64)page)(); }

static void read_user_with_ac(void *page) {
    asm volatile("stac" : : : "memory");
    read_user(page);
    asm volatile("clac" : : : "memory");
}

/* Whether it faults where the feature is there, for rights that the page itself grants, and not where it is missing. */
static void check(void (*function)(void *), u64 feature, u64 error, const char *what) {
    static struct probe probe;
    bool caught = probe_run(&probe, function, (void *)USER_PLACE);
    bool expected = (protect_offered() & feature) != 0;
    TEST_CHECK(caught == expected, "%s a user's page: %s", what, caught ? "a fault" : "no fault");
    if (caught) TEST_CHECK(probe.frame.vector == VECTOR_PF && probe.frame.error == error, "%s: vector %lu, error code %lx", what, probe.frame.vector, probe.frame.error);
}

SUITE_TEST(smap, 105, "the kernel itself cannot reach into a user's pages, nor execute them, where the processor offers that") {
    static const u8 code = RET;
    u64 missing = 0;
    ipi_call_mask(NULL, note_missing, &missing);
    TEST_CHECK(missing == 0, "bits %lx of CR4 are offered, and clear on some CPU", missing);
    struct space *space = space_create();
    TEST_REQUIRE(space != NULL && space_map_at(space, USER_PLACE, PAGE_SIZE, AREA_READ | AREA_WRITE | AREA_EXECUTE), "no space");
    TEST_CHECK(space_write(space, USER_PLACE, &code, sizeof code), "it cannot be written");
    u64 flags = irq_save(); /* a probe belongs to a CPU, and so does the loaded space */
    tlb_load(space);
    check(execute_user, CR4_SMEP, ERROR_PRESENT | ERROR_FETCH, "execute");
    check(read_user, CR4_SMAP, ERROR_PRESENT, "load from");
    check(write_user, CR4_SMAP, ERROR_PRESENT | ERROR_WRITE, "store to");
    if ((protect_offered() & CR4_SMAP) != 0) check(read_user_with_ac, 0, 0, "with RFLAGS.AC, load from");
    tlb_load(NULL);
    irq_restore(flags);
    space_release(space);
}

SUITE_TEST(umip, 141, "programs cannot ask where the kernel's tables lie, where the processor offers that") {
    i64 expected = (protect_offered() & CR4_UMIP) != 0 ? STATUS_EXCEPTION(VECTOR_GP) : 0;
    i64 status = process_run("protect", "sgdt");
    TEST_CHECK(status == expected, "status %ld", status);
}
