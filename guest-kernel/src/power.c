/*
 * Power off by ACPI: SLP_TYPx from the \_S5 object, written with SLP_EN to PM1a_CNT and PM1b_CNT.
 * ACPI 6.5, "Fixed ACPI Description Table (FADT)", "PM1 Control Registers", "\_Sx (System States)".
 *
 * Not modelled: hardware-reduced ACPI (sleep control register), \_S5 in an SSDT, \_PTS.
 */
#include "power.h"

#include "acpi.h"
#include "cmdline.h"
#include "log.h"
#include "paging.h"
#include "pit.h"
#include "string.h"
#include "x86.h"

#define DEBUG_EXIT_SUCCESS 0x10 /* the emulator's exit status becomes (value << 1) | 1 */
#define DEBUG_EXIT_FAILURE 0x11

#define FADT_DSDT 40
#define FADT_SMI_CMD 48
#define FADT_ACPI_ENABLE 52
#define FADT_PM1A_CNT 64
#define FADT_PM1B_CNT 68
#define FADT_X_DSDT 140
#define FADT_X_PM1A_CNT 172
#define FADT_X_PM1B_CNT 184

#define PM1_SCI_EN 0x0001
#define PM1_SLP_TYP_SHIFT 10
#define PM1_SLP_TYP_MASK 0x1C00
#define PM1_SLP_EN 0x2000
#define GAS_SYSTEM_MEMORY 0
#define GAS_SYSTEM_IO 1

#define AML_NAME_OP 0x08
#define AML_ROOT_CHAR 0x5C
#define AML_PACKAGE_OP 0x12
#define AML_ONE_OP 0x01
#define AML_BYTE_PREFIX 0x0A
#define S5_SIZE 9 /* of name, PackageOp, PkgLength, NumElements and two elements, at least */

struct control_block {
    u8 space;
    u64 address; /* 0: absent */
};

void power_debug_exit(bool success) {
    u64 port = cmdline_number("exit", 0);
    if (port == 0) return;
    outb((u16)port, success ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}

static struct control_block control_block(const u8 *fadt, u32 legacy, u32 extended) {
    if (acpi_length(fadt) >= extended + 12 && acpi_u64(fadt + extended + 4) != 0) {
        return (struct control_block){fadt[extended], acpi_u64(fadt + extended + 4)};
    }
    return (struct control_block){GAS_SYSTEM_IO, acpi_u32(fadt + legacy)};
}

static u16 control_read(struct control_block block) {
    if (block.space == GAS_SYSTEM_IO) return inw((u16)block.address);
    return *(volatile u16 *)map_physical(block.address, 2);
}

static void control_write(struct control_block block, u16 value) {
    if (block.space == GAS_SYSTEM_IO) outw((u16)block.address, value);
    else *(volatile u16 *)map_physical(block.address, 2) = value;
}

/* An integer of a package: ZeroOp, OneOp or a byte constant; ACPI 6.5, "Data Objects Encoding". */
static const u8 *package_integer(const u8 *at, u8 *value) {
    if (*at == AML_BYTE_PREFIX) {
        *value = at[1];
        return at + 2;
    }
    *value = *at == AML_ONE_OP ? 1 : 0;
    return at + 1;
}

static bool find_s5(const u8 *dsdt, u8 *type_a, u8 *type_b) {
    const u8 *end = dsdt + acpi_length(dsdt);
    for (const u8 *at = dsdt + ACPI_HEADER_SIZE + 1; at + S5_SIZE <= end; at++) {
        if (memcmp(at, "_S5_", 4) != 0 || at[4] != AML_PACKAGE_OP) continue;
        if (at[-1] != AML_NAME_OP && !(at[-1] == AML_ROOT_CHAR && at[-2] == AML_NAME_OP)) continue;
        const u8 *element = at + 5 + 1 + (at[5] >> 6) + 1; /* after PkgLength (1 to 4 bytes) and NumElements */
        element = package_integer(element, type_a);
        package_integer(element, type_b);
        return true;
    }
    return false;
}

static void enable_acpi(const u8 *fadt, struct control_block pm1a) {
    u32 smi_command = acpi_u32(fadt + FADT_SMI_CMD);
    if (smi_command == 0 || (control_read(pm1a) & PM1_SCI_EN) != 0) return;
    outb((u16)smi_command, fadt[FADT_ACPI_ENABLE]);
    for (int i = 0; i < 300 && (control_read(pm1a) & PM1_SCI_EN) == 0; i++) pit_wait_us(1000);
}

static void enter_sleep(struct control_block block, u8 type) {
    if (block.address == 0) return;
    u16 value = (u16)((control_read(block) & ~(PM1_SLP_TYP_MASK | PM1_SLP_EN)) | (type << PM1_SLP_TYP_SHIFT));
    control_write(block, value);
    control_write(block, value | PM1_SLP_EN);
}

bool power_off(void) {
    const u8 *fadt = acpi_find("FACP");
    if (fadt == NULL) {
        log_error("no ACPI FADT: cannot power off");
        return false;
    }
    u64 dsdt_address = acpi_u32(fadt + FADT_DSDT);
    if (acpi_length(fadt) >= FADT_X_DSDT + 8 && acpi_u64(fadt + FADT_X_DSDT) != 0) {
        dsdt_address = acpi_u64(fadt + FADT_X_DSDT);
    }
    struct control_block pm1a = control_block(fadt, FADT_PM1A_CNT, FADT_X_PM1A_CNT);
    struct control_block pm1b = control_block(fadt, FADT_PM1B_CNT, FADT_X_PM1B_CNT);
    const u8 *dsdt = dsdt_address == 0 ? NULL : acpi_map(dsdt_address);
    u8 type_a, type_b;
    if (dsdt == NULL || pm1a.address == 0 || !find_s5(dsdt, &type_a, &type_b)) {
        log_error("no usable \\_S5 or PM1a control block: cannot power off");
        return false;
    }
    enable_acpi(fadt, pm1a);
    enter_sleep(pm1a, type_a);
    enter_sleep(pm1b, type_b);
    pit_wait_us(50000);
    log_error("still running after SLP_EN");
    return false;
}

void power_end(bool success) {
    power_debug_exit(success);
    power_off();
    halt_forever();
}
