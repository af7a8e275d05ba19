/**
 * The devices of a PC: state machines with their wires in the constructor. They know the bus, wires
 * and time, nothing else.
 */
module dev.carafe.devices {
    requires transitive dev.carafe.core;
    requires org.slf4j;

    exports dev.carafe.devices;
    exports dev.carafe.devices.apic;
    exports dev.carafe.devices.dma;
    exports dev.carafe.devices.fwcfg;
    exports dev.carafe.devices.hpet;
    exports dev.carafe.devices.keyboard;
    exports dev.carafe.devices.pci;
    exports dev.carafe.devices.pic;
    exports dev.carafe.devices.pit;
    exports dev.carafe.devices.power;
    exports dev.carafe.devices.rtc;
    exports dev.carafe.devices.serial;
    exports dev.carafe.devices.testing;
    exports dev.carafe.devices.video;
}
