/*
 * What the verifier and this program say to each other. Both sides are little-endian; every record has a fixed layout, and the
 * Java side (HostProtocol) names the same offsets.
 *
 * The verifier writes a batch: its number of cases as a 32-bit word, then the cases. This program reads all of it, executes the
 * cases in order and answers with as many results. A batch of zero cases ends it.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

#define MAGIC 0x3143524fu /* "ORC1" */

/* Linear addresses, the same in the emulated processor. All but the last page lie where 32-bit code reaches them. */
#define CODE_BASE 0x10000000ul
#define CODE_PAGES 32
#define EXIT_BASE 0x0f000000ul /* 64-bit code leaves to the first byte, 32-bit code to 33h:EXIT_BASE */
#define WAY_OUT_BYTES 16 /* what stands there besides breakpoints; behind the first words of the program */
#define DATA_BASE 0x20000000ul
#define TOP_PAGE 0xfffff000ul /* the last page that 32-bit addresses reach */
#define PAGE 4096ul

#define USER_CODE64 0x33
#define USER_CODE32 0x23
#define USER_DATA 0x2b

#define CASE_CODE32 1u /* compatibility mode */
#define CASE_STEP 2u   /* RFLAGS.TF is set: ends by the single-step trap behind the instruction */

#define MAX_CODE 32
#define MAX_PATCHES 4
#define PATCH_BYTES 64
#define BLOCK 64

struct vectors { /* an FXSAVE image, and the upper halves of YMM0 to YMM15 */
    uint8_t legacy[512];
    uint8_t upper[256];
};

struct patch {
    uint64_t address;
    uint32_t length;
    uint32_t unused;
    uint8_t bytes[PATCH_BYTES];
};

struct test_case {
    uint32_t flags;
    uint32_t code_offset; /* from CODE_BASE: where the instruction begins */
    uint32_t code_length; /* with the jump behind it */
    uint32_t patch_count;
    uint8_t code[MAX_CODE];
    uint64_t registers[16];
    uint64_t rflags;
    uint64_t fs_base;
    uint64_t gs_base;
    uint64_t unused;
    struct vectors vectors;
    struct patch patches[MAX_PATCHES];
};

enum how { LEFT = 0, FAULTED = 1, TIMED_OUT = 2 };

struct result {
    uint32_t how;
    uint32_t vector;
    uint64_t error_code;
    uint64_t cr2;
    uint64_t rip; /* of the fault */
    uint64_t registers[16];
    uint64_t rflags;
    uint64_t fs_base;
    uint64_t gs_base;
    uint32_t block_count; /* of the data area's blocks that differ from its pattern; they follow the result */
    uint16_t selectors[6];
    uint64_t unused;
    struct vectors vectors;
};

struct block {
    uint64_t address;
    uint8_t bytes[BLOCK];
};

_Static_assert(sizeof(struct vectors) == 768, "layout");
_Static_assert(sizeof(struct test_case) == 1296, "layout");
_Static_assert(sizeof(struct result) == 976, "layout");

#endif
