package dev.carafe.firmware.limine;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.elf.ElfFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a Limine kernel asks of its loader, for people.
 *
 * @param askedBaseRevision that its tag names; 0 where it has none
 * @param requests in the order of the file
 */
public record LimineSurvey(long askedBaseRevision, List<Request> requests) {
    /** The newest revision that is granted. */
    public static final int NEWEST_BASE_REVISION = LimineRequests.SUPPORTED_BASE_REVISION;

    /** By the third word of the id (PROTOCOL, "Feature List"). */
    private static final Map<Long, String> NAMES =
            Map.ofEntries(
                    Map.entry(LimineId.BOOTLOADER_INFO, "bootloader info"),
                    Map.entry(LimineId.EXECUTABLE_CMDLINE, "executable command line"),
                    Map.entry(LimineId.FIRMWARE_TYPE, "firmware type"),
                    Map.entry(LimineId.STACK_SIZE, "stack size"),
                    Map.entry(LimineId.HHDM, "HHDM"),
                    Map.entry(LimineId.FRAMEBUFFER, "framebuffer"),
                    Map.entry(LimineId.PAGING_MODE, "paging mode"),
                    Map.entry(LimineId.MP, "MP"),
                    Map.entry(LimineId.MEMORY_MAP, "memory map"),
                    Map.entry(LimineId.ENTRY_POINT, "entry point"),
                    Map.entry(LimineId.EXECUTABLE_FILE, "executable file"),
                    Map.entry(LimineId.MODULE, "module"),
                    Map.entry(LimineId.RSDP, "RSDP"),
                    Map.entry(LimineId.SMBIOS, "SMBIOS"),
                    Map.entry(LimineId.DATE_AT_BOOT, "date at boot"),
                    Map.entry(LimineId.EXECUTABLE_ADDRESS, "executable address"),
                    Map.entry(LimineId.PERFORMANCE, "bootloader performance"),
                    Map.entry(LimineId.KEEP_IOMMU, "keep IOMMU"),
                    Map.entry(LimineId.TSC_FREQUENCY, "TSC frequency"),
                    Map.entry(LimineId.ENTROPY, "entropy"),
                    Map.entry(0x5ceba5163eaaf6d6L, "EFI system table"),
                    Map.entry(0x7df62a431d6872d5L, "EFI memory map"),
                    Map.entry(0xb40ddb48fb54bac7L, "device tree blob"),
                    Map.entry(0xc8ac59310c2b0844L, "terminal"));

    public LimineSurvey {
        requests = List.copyOf(requests);
    }

    /**
     * One request.
     *
     * @param name of the feature, or its id where the feature is unknown
     * @param answered whether this loader knows the feature
     */
    public record Request(String name, boolean answered) {}

    /**
     * Reads a kernel's requests.
     *
     * @throws BootException when they break the protocol's rules
     */
    public static LimineSurvey of(ElfFile elf, long ramBytes) throws BootException {
        LimineRequests found = LimineRequests.find(LimineKernel.load(elf, ramBytes));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < found.count(); i++) {
            long[] id = found.id(i);
            String name = NAMES.getOrDefault(id[0], "unknown feature " + BootException.hex(id[0]));
            boolean known = LimineId.fourthWord(id[0]) == id[1] && id[1] != 0;
            requests.add(new Request(name, known));
        }
        return new LimineSurvey(found.askedBaseRevision(), requests);
    }
}
