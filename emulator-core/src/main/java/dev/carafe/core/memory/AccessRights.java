package dev.carafe.core.memory;

import dev.carafe.core.fault.CpuFault;

/**
 * What a translation allows to whom (SDM Vol. 3A, "Determination of Access Rights", "Protection
 * Keys"), and the error code of a #PF ("Page-Fault Exceptions"). {@link PageWalker} fills in what
 * it finds in the entries. Touched by its vCPU's thread only.
 */
final class AccessRights {
    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 1 << 1;
    private static final int ERROR_USER = 1 << 2;
    static final int ERROR_RESERVED = 1 << 3;
    private static final int ERROR_FETCH = 1 << 4;
    private static final int ERROR_KEY = 1 << 5;
    private static final int ERROR_SHADOW_STACK = 1 << 6;

    static final int NOT_PRESENT = -1;

    private static final int KEY_ACCESS_DISABLE = 1;
    private static final int KEY_WRITE_DISABLE = 2;
    private static final int KEY_SHIFT = 59;
    private static final int KEY_MASK = 15;
    static final int KEYS = 16;

    /** R/W of every entry above the one that maps the page. */
    boolean tablesWritable;

    /** R/W of the entry that maps the page. */
    boolean pageWritable;

    /** U/S of every entry. */
    boolean user;

    boolean noExecute;

    /** The dirty flag is set: a later store needs no further walk. */
    boolean dirty;

    private int key;

    // From the control registers, taken apart once.
    private boolean paging;
    private boolean writeProtect;
    private boolean smep;
    private boolean smap;
    private boolean fetchReported;
    private boolean usesUserKeys;
    private boolean usesSupervisorKeys;
    private int userKeys; // PKRU
    private int supervisorKeys; // IA32_PKRS

    void configure(PagingContext context) {
        paging = context.paging();
        writeProtect = context.has(PagingControl.WRITE_PROTECT);
        smep = context.has(PagingControl.SMEP);
        smap = context.has(PagingControl.SMAP);
        fetchReported =
                smep || context.has(PagingControl.PAE) && context.has(PagingControl.NO_EXECUTE);
        usesUserKeys = context.longMode() && context.has(PagingControl.USER_KEYS);
        usesSupervisorKeys = context.longMode() && context.has(PagingControl.SUPERVISOR_KEYS);
    }

    /**
     * Takes over PKRU and IA32_PKRS; returns the keys whose rights have changed: those of user
     * pages in the upper half, those of supervisor pages in the lower.
     */
    int setKeys(int user, int supervisor) {
        if (user == userKeys && supervisor == supervisorKeys) {
            return 0;
        }
        int changed =
                (usesUserKeys ? changedKeys(userKeys ^ user) << KEYS : 0)
                        | (usesSupervisorKeys ? changedKeys(supervisorKeys ^ supervisor) : 0);
        userKeys = user;
        supervisorKeys = supervisor;
        return changed;
    }

    private static int changedKeys(int changedBits) {
        int keys = 0;
        for (int key = 0; key < KEYS; key++) {
            keys |= (changedBits >>> 2 * key & 3) != 0 ? 1 << key : 0;
        }
        return keys;
    }

    /** Before a walk. */
    void everything() {
        tablesWritable = true;
        pageWritable = true;
        user = true;
        noExecute = false;
        dirty = true;
        key = 0;
    }

    void setKey(long entry) {
        key = usesUserKeys || usesSupervisorKeys ? (int) (entry >>> KEY_SHIFT) & KEY_MASK : 0;
    }

    /** The bit that stands for this page's key in the result of {@link #setKeys}. */
    int keyNumber() {
        return user ? KEYS + key : key;
    }

    boolean permits(int access, int accessor) {
        if (!paging) {
            return true;
        }
        if (access == Tlb.EXECUTE) {
            return !noExecute && (Accessor.isUser(accessor) ? user : !(user && smep));
        }
        if (Accessor.isShadowStack(accessor)) {
            boolean shadowStackPage = tablesWritable && !pageWritable && dirty;
            return shadowStackPage
                    && user == Accessor.isUser(accessor)
                    && !keyForbids(access, accessor);
        }
        return permitsData(access, accessor) && !keyForbids(access, accessor);
    }

    private boolean permitsData(int access, int accessor) {
        boolean writable = tablesWritable && pageWritable;
        if (Accessor.isUser(accessor)) {
            return user && (access != Tlb.WRITE || writable);
        }
        if (user && accessor != Accessor.SUPERVISOR_AC && smap) {
            return false;
        }
        return access != Tlb.WRITE || writable || !writeProtect;
    }

    private boolean keyForbids(int access, int accessor) {
        int rights;
        if (user) {
            rights = usesUserKeys ? userKeys >>> 2 * key : 0;
        } else {
            rights = usesSupervisorKeys ? supervisorKeys >>> 2 * key : 0;
        }
        return (rights & KEY_ACCESS_DISABLE) != 0
                || (rights & KEY_WRITE_DISABLE) != 0
                        && access == Tlb.WRITE
                        && (writeProtect || Accessor.isUser(accessor));
    }

    /**
     * @param problem 0 when the rights do not suffice, {@link #NOT_PRESENT} or {@link
     *     #ERROR_RESERVED}
     */
    CpuFault pageFault(long linear, int access, int accessor, int problem) {
        int error = problem == NOT_PRESENT ? 0 : ERROR_PRESENT | problem;
        if (access == Tlb.WRITE) {
            error |= ERROR_WRITE;
        }
        if (Accessor.isUser(accessor)) {
            error |= ERROR_USER;
        }
        if (access == Tlb.EXECUTE) {
            error |= fetchReported ? ERROR_FETCH : 0;
        } else if (problem == 0 && keyForbids(access, accessor)) {
            error |= ERROR_KEY;
        }
        if (Accessor.isShadowStack(accessor)) {
            error |= ERROR_SHADOW_STACK;
        }
        return CpuFault.pageFault(error, linear);
    }
}
