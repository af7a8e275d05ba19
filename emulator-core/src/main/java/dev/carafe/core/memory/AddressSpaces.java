package dev.carafe.core.memory;

/**
 * The address spaces whose translations are kept (SDM Vol. 3A, "Process-Context Identifiers
 * (PCIDs)"): the current one and those used last before it. Without PCIDs all is context 0. Global
 * translations are kept once per space; what drops one drops it everywhere. Touched by its vCPU's
 * thread only.
 */
final class AddressSpaces {
    private static final int CAPACITY = 8;

    private final AddressSpace[] spaces = new AddressSpace[CAPACITY]; // the first count of them
    private final CodeEpoch.Numbers epochNumbers = new CodeEpoch.Numbers();
    private int count;
    private long selections;
    private AddressSpace current;

    AddressSpaces() {
        current = add(0);
    }

    AddressSpace current() {
        return current;
    }

    /** Makes a context's space the current one; an empty space when it has none. */
    void select(int context) {
        if (current.context == context) {
            return;
        }
        AddressSpace found = find(context);
        if (found == null) {
            found = count < CAPACITY ? add(context) : reuse(context);
        }
        found.lastSelected = ++selections;
        current = found;
    }

    private AddressSpace add(int context) {
        AddressSpace space = new AddressSpace(new CodeEpoch(epochNumbers));
        space.context = context;
        spaces[count++] = space;
        return space;
    }

    private AddressSpace reuse(int context) {
        AddressSpace oldest = spaces[0];
        for (AddressSpace space : spaces) {
            oldest = space.lastSelected < oldest.lastSelected ? space : oldest;
        }
        oldest.flush();
        oldest.context = context;
        return oldest;
    }

    private AddressSpace find(int context) {
        for (int i = 0; i < count; i++) {
            if (spaces[i].context == context) {
                return spaces[i];
            }
        }
        return null;
    }

    /** Everything, global translations included. */
    void flush() {
        for (int i = 0; i < count; i++) {
            spaces[i].flush();
        }
    }

    /** Everything that is not global. */
    void flushNonGlobal() {
        for (int i = 0; i < count; i++) {
            spaces[i].flushNonGlobal();
        }
    }

    /** What is not global of one context. */
    void flushContext(int context) {
        AddressSpace space = find(context);
        if (space != null) {
            space.flushNonGlobal();
        }
    }

    /** One page of the current context, and of all contexts where it is global. */
    void invalidatePage(long linear) {
        for (int i = 0; i < count; i++) {
            spaces[i].invalidate(linear); // elsewhere more than needed, which is allowed
        }
    }

    /** One page of one context. */
    void invalidatePage(int context, long linear) {
        AddressSpace space = find(context);
        if (space != null) {
            space.invalidate(linear);
        }
    }

    void slowWrites(long physicalPage) {
        for (int i = 0; i < count; i++) {
            spaces[i].slowWrites(physicalPage);
        }
    }

    void dropKeys(int keys) {
        for (int i = 0; i < count; i++) {
            spaces[i].dropKeys(keys);
        }
    }
}
