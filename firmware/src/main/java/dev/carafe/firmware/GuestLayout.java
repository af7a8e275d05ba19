package dev.carafe.firmware;

/**
 * Every magic address of the machine and of the firmware we play. Physical unless said otherwise.
 */
public final class GuestLayout {
    public static final long PAGE = 0x1000;
    public static final long FOUR_GIB = 0x1_0000_0000L;

    // Conventional memory
    public static final int BIOS_DATA_AREA = 0x400;
    public static final int LOADER_SCRATCH = 0x1000;
    public static final int LOADER_SCRATCH_END = 0x2000;
    public static final int LIMINE_GDT = LOADER_SCRATCH;

    /**
     * One page with all that Multiboot needs in low memory; elsewhere only if the kernel itself
     * lies here.
     */
    public static final int MULTIBOOT_AREA = 0x9000;

    public static final int MULTIBOOT_AREA_SIZE = 0x600;
    public static final int MULTIBOOT_MEMORY_MAP_OFFSET = 0;
    public static final int MULTIBOOT_INFO_OFFSET = 0x500;
    public static final int MULTIBOOT_GDT_OFFSET = 0x580;

    /** What a Linux loader keeps in conventional memory, up to 64 KiB below its end. */
    public static final int LINUX_AREA = 0x10000;

    public static final int EXTENDED_BIOS_DATA_AREA = 0x9FC00;
    public static final int VGA_HOLE = 0xA0000;
    public static final int BIOS_SEGMENT = 0xF0000;

    /** Handlers of real-mode interrupts; see {@link RealModeInterrupts}. */
    public static final int INTERRUPT_HANDLERS = 0xFE000;

    /** Shadow of the page with the reset vector. */
    public static final int RESET_SHADOW = 0xFF000;

    public static final int ONE_MIB = 0x100000;

    // In the BIOS segment, each found by scanning at 16-byte steps
    public static final int RSDP = BIOS_SEGMENT + 0x10;
    public static final int SMBIOS_ENTRY_32 = BIOS_SEGMENT + 0x40;
    public static final int SMBIOS_ENTRY_64 = BIOS_SEGMENT + 0x60;
    public static final int SMBIOS_STRUCTURES = BIOS_SEGMENT + 0x80;
    public static final int MP_POINTER = BIOS_SEGMENT + 0xA000;
    public static final int MP_CONFIGURATION = MP_POINTER + 0x10;

    // Memory-mapped devices
    public static final long ECAM = 0xB000_0000L;
    public static final long ECAM_END = 0xC000_0000L;
    public static final long FRAMEBUFFER = 0xFD00_0000L;
    public static final long IO_APIC = 0xFEC0_0000L;
    public static final long HPET = 0xFED0_0000L;
    public static final int HPET_SIZE = 0x400;
    public static final long ROOT_COMPLEX_REGISTERS = 0xFED1_C000L;
    public static final long ROOT_COMPLEX_REGISTERS_END = 0xFED2_0000L;
    public static final long LOCAL_APIC = 0xFEE0_0000L;
    public static final long FLASH = 0xFFFC_0000L;
    public static final long RESET_ROM = 0xFFFF_F000L;
    public static final long HIGH_RESERVED = 0xFD_0000_0000L;
    public static final long HIGH_RESERVED_END = 0x100_0000_0000L;

    /** End of the window for PCI memory BARs below 4 GiB. */
    public static final long PCI_WINDOW_END = IO_APIC;

    // Where RAM ends below 4 GiB
    public static final long Q35_LOW_RAM_LIMIT = 0xB000_0000L;
    public static final long Q35_LOW_RAM_WHEN_SPLIT = 0x8000_0000L;
    public static final long PC_LOW_RAM_LIMIT = 0xE000_0000L;
    public static final long PC_LOW_RAM_WHEN_SPLIT = 0xC000_0000L;

    // Virtual addresses of the Limine protocol
    public static final long LIMINE_KERNEL_BASE = 0xFFFF_FFFF_8000_0000L;
    public static final long HHDM_4_LEVEL = 0xFFFF_8000_0000_0000L;
    public static final long HHDM_5_LEVEL = 0xFF00_0000_0000_0000L;

    private GuestLayout() {}

    /**
     * The I/O APIC input, and equally the 8259 input, of a PCI device's interrupt pin. Pins rotate
     * over four links as on the 440FX; links A and B end at 10, C and D at 11, so that both
     * interrupt controllers agree.
     */
    public static int pciInterrupt(int slot, int pin) {
        return (slot - 1 + pin & 3) < 2 ? 10 : 11;
    }
}
