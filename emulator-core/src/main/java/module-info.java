/**
 * The processor, its memory and the machine that runs them; devices see only the exported packages.
 */
module dev.carafe.core {
    requires org.slf4j;

    exports dev.carafe.core.bus;
    exports dev.carafe.core.entropy;
    exports dev.carafe.core.interrupt;
    exports dev.carafe.core.time;
}
