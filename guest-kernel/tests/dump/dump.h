/* A text dump of everything the loader handed over; one subject per file. */
#ifndef DUMP_H
#define DUMP_H

#include "types.h"

/* In the order entry.S records them. */
struct entry_record {
    u64 rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15;
    u64 return_address, rflags;
};

void dump_ap_entry(void);
void dump_cpu(const struct entry_record *record);
void dump_responses(void);
void dump_later_responses(void);
void dump_devices(void);
void dump_page_tables(void);
void dump_cpuid(void);

#endif
