package dev.carafe.core.weave;

import dev.carafe.core.isa.Handler;

/**
 * Makes handlers by number. The one implementation is woven together with them: a constructor call
 * for each, where reflection would look up every class, its constructor and the right to call it
 * just once, in the first milliseconds of a guest. Public for that class, which has a package of
 * its own.
 */
public abstract class HandlerFactory {
    /** The handler of that number; its class is loaded here. */
    public abstract Handler make(int number);
}
