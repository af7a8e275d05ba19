/* The start that every program here shares. */
#ifndef KERNEL_H
#define KERNEL_H

/* Serial port, descriptor tables and IDT of the BSP; panics where the loader gave no HHDM or memory map. */
void kernel_init(void);

#endif
