/* SDM Vol. 3A, "Handling Self- and Cross-Modifying Code". */
#include "irq.h"
#include "jobs.h"
#include "memory.h"
#include "paging.h"
#include "string.h"

#define ALIAS 0x0000200000000000UL
#define ROUNDS 1000

/* B8 imm32 = mov $imm32, %eax; C3 = ret */
static void write_function(u8 *code, u32 value) {
    code[0] = 0xB8;
    memcpy(code + 1, &value, 4);
    code[5] = 0xC3;
}

static u32 call(const u8 *code) {
    u32 value;
    asm volatile("call *%1" : "=&a"(value) : "r"(code) : "memory", "cc");
    return value;
}

static void test_rewrite(u8 *code) {
    u32 wrong = 0;
    for (u32 i = 0; i < ROUNDS; i++) {
        write_function(code, i);
        if (call(code) != i) wrong++;
    }
    tap_check(wrong == 0, "%u rewrites of a function are all seen by the writer (%u were not)", ROUNDS, wrong);
}

/* The code writes the immediate of an instruction behind it, then jumps there: mov %esi, 1f+1(%rip); jmp 1f; 1: mov $0, %eax; ret */
static void test_ahead(u8 *code) {
    static const u8 program[] = {0x89, 0x35, 0x03, 0x00, 0x00, 0x00, 0xEB, 0x00, 0xB8, 0, 0, 0, 0, 0xC3};
    u32 wrong = 0;
    memcpy(code, program, sizeof program);
    for (u32 i = 1; i <= ROUNDS; i++) {
        u32 value;
        asm volatile("call *%1" : "=&a"(value) : "r"(code), "S"(i) : "memory", "cc");
        if (value != i) wrong++;
    }
    tap_check(wrong == 0, "code that changes the next instruction and jumps to it runs the new one (%u times not)", wrong);
}

static void test_alias(u8 *code) {
    page_map(ALIAS, virt_to_phys(code), PTE_PRESENT | PTE_WRITE);
    write_function(code, 1);
    u32 first = call(code);
    write_function((u8 *)ALIAS, 2);
    cpuid(0, 0); /* serializes: needed, for the write went to another linear address */
    tap_check(first == 1 && call(code) == 2, "a change through another linear address is seen after serializing");
}

/* A function across a page end, whose second half changes. */
static void test_page_end(u8 *pages) {
    u8 *code = pages + PAGE_SIZE - 3;
    write_function(code, 0x11111111);
    u32 first = call(code);
    code[4] = 0x22;
    tap_check(first == 0x11111111 && call(code) == 0x22111111, "an instruction across a page end sees a change of its end");
}

struct exchange {
    u8 *code;
    volatile u32 ready, done, seen;
};

static void call_on_request(void *argument) {
    struct exchange *exchange = argument;
    for (u32 i = 1; i <= ROUNDS; i++) {
        while (exchange->ready != i) pause();
        cpuid(0, 0); /* the manual's rule for code that another processor changed */
        if (call(exchange->code) == i) exchange->seen++;
        exchange->done = i;
    }
}

static void test_cross(u8 *code) {
    if (cpu_count < 2) {
        tap_skip("cross-modifying code needs 2 CPUs");
        return;
    }
    static struct exchange exchange;
    exchange.code = code;
    job_give(1, call_on_request, &exchange);
    for (u32 i = 1; i <= ROUNDS; i++) {
        write_function(code, i);
        exchange.ready = i;
        while (exchange.done != i) pause();
    }
    tap_check(job_wait(1) && exchange.seen == ROUNDS, "%u of %u changes by another CPU are seen", exchange.seen, ROUNDS);
}

void test_code_changes(void) {
    u8 *code = pages_alloc(2); /* the HHDM allows execution */
    test_rewrite(code);
    test_ahead(code);
    test_alias(code);
    test_page_end(code);
    test_cross(code);
}
