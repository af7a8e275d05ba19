package dev.carafe.core.memory;

/**
 * What the MMU must know of CR0, CR4, EFER and CPUID, bit by bit (SDM Vol. 3A, "Paging Modes and
 * Control Bits").
 */
public enum PagingControl {
    /** CR0.PG. */
    PAGING,
    /** CR0.WP. */
    WRITE_PROTECT,
    /** CR4.PSE. */
    PAGE_SIZE_EXTENSIONS,
    /** CR4.PAE. */
    PAE,
    /** CR4.PGE. */
    GLOBAL_PAGES,
    /** CR4.LA57. */
    FIVE_LEVEL,
    /** CR4.PCIDE. */
    PROCESS_CONTEXTS,
    /** CR4.SMEP. */
    SMEP,
    /** CR4.SMAP. */
    SMAP,
    /** CR4.PKE. */
    USER_KEYS,
    /** CR4.PKS. */
    SUPERVISOR_KEYS,
    /** CR4.LAM_SUP. */
    MASK_SUPERVISOR_ADDRESSES,
    /** EFER.LMA. */
    LONG_MODE,
    /** EFER.NXE. */
    NO_EXECUTE,
    /** CPUID.PSE-36: 4 MiB pages above 4 GiB. */
    PSE_36,
    /** CPUID.PDPE1GB: 1 GiB pages. */
    GIBIBYTE_PAGES
}
