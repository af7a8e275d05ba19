package dev.carafe.firmware.limine;

/**
 * Magic numbers of the protocol (PROTOCOL, "Requests Delimiters", "Base Revisions", "Features").
 */
final class LimineId {
    static final long COMMON_0 = 0xc7b1dd30df4c8b88L;
    static final long COMMON_1 = 0x0a82e883a194f07bL;

    static final long BASE_REVISION_0 = 0xf9562b2d5c95a6c8L;
    static final long BASE_REVISION_1 = 0x6a7b384944536bdcL;

    static final long START_MARKER_0 = 0xf6b8f4b39de7d1aeL;
    static final long START_MARKER_1 = 0xfab91a6940fcb9cfL;
    static final long START_MARKER_2 = 0x785c6ed015d3e316L;
    static final long START_MARKER_3 = 0x181e920a7852b9d9L;

    static final long END_MARKER_0 = 0xadc0e0531bb10d03L;
    static final long END_MARKER_1 = 0x9572709f31764c62L;

    // Third word of each request's id; together with the fourth it is unique, and so is each alone.
    static final long BOOTLOADER_INFO = 0xf55038d8e2a1202fL;
    static final long EXECUTABLE_CMDLINE = 0x4b161536e598651eL;
    static final long FIRMWARE_TYPE = 0x8c2f75d90bef28a8L;
    static final long STACK_SIZE = 0x224ef0460a8e8926L;
    static final long HHDM = 0x48dcf1cb8ad2b852L;
    static final long FRAMEBUFFER = 0x9d5827dcd881dd75L;
    static final long PAGING_MODE = 0x95c1a0edab0944cbL;
    static final long MP = 0x95a67b819a1b857eL;
    static final long MEMORY_MAP = 0x67cf3d9d378a806fL;
    static final long ENTRY_POINT = 0x13d86c035a1cd3e1L;
    static final long EXECUTABLE_FILE = 0xad97e90e83f1ed67L;
    static final long MODULE = 0x3e7e279702be32afL;
    static final long RSDP = 0xc5e77b6b397e7b43L;
    static final long SMBIOS = 0x9e9046f11e095391L;
    static final long DATE_AT_BOOT = 0x502746e184c088aaL;
    static final long EXECUTABLE_ADDRESS = 0x71ba76863cc55f63L;
    static final long PERFORMANCE = 0x6b50ad9bf36d13adL;
    static final long KEEP_IOMMU = 0x8ebaabe51f490179L;
    static final long TSC_FREQUENCY = 0x10f2ee1d87d195e4L;
    static final long ENTROPY = 0x65ea80255d5682c5L;

    private LimineId() {}

    /** The fourth word that belongs to a third one; zero if the request is not one we answer. */
    static long fourthWord(long third) {
        if (third == BOOTLOADER_INFO) {
            return 0x279426fcf5f59740L;
        } else if (third == EXECUTABLE_CMDLINE) {
            return 0xb390ad4a2f1f303aL;
        } else if (third == FIRMWARE_TYPE) {
            return 0x7045a4688eac00c3L;
        } else if (third == STACK_SIZE) {
            return 0xe1cb0fc25f46ea3dL;
        } else if (third == HHDM) {
            return 0x63984e959a98244bL;
        } else if (third == FRAMEBUFFER) {
            return 0xa3148604f6fab11bL;
        } else if (third == PAGING_MODE) {
            return 0xa4e5cb3842f7488aL;
        } else if (third == MP) {
            return 0xa0b61b723b6a73e0L;
        } else if (third == MEMORY_MAP) {
            return 0xe304acdfc50c3c62L;
        } else if (third == ENTRY_POINT) {
            return 0x2b0caa89d8f3026aL;
        }
        return fourthWordOfOthers(third);
    }

    private static long fourthWordOfOthers(long third) {
        if (third == EXECUTABLE_FILE) {
            return 0x31eb5d1c5ff23b69L;
        } else if (third == MODULE) {
            return 0xca1c4f3bd1280ceeL;
        } else if (third == RSDP) {
            return 0x27637845accdcf3cL;
        } else if (third == SMBIOS) {
            return 0xaa4a520fefbde5eeL;
        } else if (third == DATE_AT_BOOT) {
            return 0xfbc5ec83e6327893L;
        } else if (third == EXECUTABLE_ADDRESS) {
            return 0xb2644a48c516a487L;
        } else if (third == PERFORMANCE) {
            return 0xdc4c7e88fc759e17L;
        } else if (third == KEEP_IOMMU) {
            return 0x2aa86a59ffb4ab0fL;
        } else if (third == TSC_FREQUENCY) {
            return 0xf747a2b78f6ddb31L;
        } else if (third == ENTROPY) {
            return 0x9117240723f493ebL;
        }
        return 0;
    }
}
