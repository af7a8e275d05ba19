package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.ControlBits.*;

import dev.carafe.core.memory.PagingContext;
import dev.carafe.core.memory.PagingControl;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What bits of control registers and features mean to the MMU. */
final class PagingControls {
    private record Mapping(long bit, PagingControl control) {}

    private static final List<Mapping> OF_CR0 =
            List.of(
                    new Mapping(CR0_PG, PagingControl.PAGING),
                    new Mapping(CR0_WP, PagingControl.WRITE_PROTECT));
    private static final List<Mapping> OF_CR4 =
            List.of(
                    new Mapping(CR4_PSE, PagingControl.PAGE_SIZE_EXTENSIONS),
                    new Mapping(CR4_PAE, PagingControl.PAE),
                    new Mapping(CR4_PGE, PagingControl.GLOBAL_PAGES),
                    new Mapping(CR4_LA57, PagingControl.FIVE_LEVEL),
                    new Mapping(CR4_PCIDE, PagingControl.PROCESS_CONTEXTS),
                    new Mapping(CR4_SMEP, PagingControl.SMEP),
                    new Mapping(CR4_SMAP, PagingControl.SMAP),
                    new Mapping(CR4_PKE, PagingControl.USER_KEYS),
                    new Mapping(CR4_PKS, PagingControl.SUPERVISOR_KEYS),
                    new Mapping(CR4_LAM_SUP, PagingControl.MASK_SUPERVISOR_ADDRESSES));
    private static final List<Mapping> OF_EFER =
            List.of(
                    new Mapping(EFER_LMA, PagingControl.LONG_MODE),
                    new Mapping(EFER_NXE, PagingControl.NO_EXECUTE));

    private PagingControls() {}

    static PagingContext context(CpuModel model, long cr0, long cr4, long efer) {
        Set<PagingControl> controls = EnumSet.noneOf(PagingControl.class);
        collect(OF_CR0, cr0, controls);
        collect(OF_CR4, cr4, controls);
        collect(OF_EFER, efer, controls);
        if (model.has(Feature.PSE36)) {
            controls.add(PagingControl.PSE_36);
        }
        if (model.has(Feature.PDPE1GB)) {
            controls.add(PagingControl.GIBIBYTE_PAGES);
        }
        return new PagingContext(controls, model.physicalBits());
    }

    private static void collect(
            List<Mapping> mappings, long register, Set<PagingControl> controls) {
        for (Mapping mapping : mappings) {
            if ((register & mapping.bit) != 0) {
                controls.add(mapping.control);
            }
        }
    }
}
