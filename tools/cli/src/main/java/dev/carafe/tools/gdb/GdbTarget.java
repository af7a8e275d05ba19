package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.machine.RunControl;
import dev.carafe.core.machine.Vcpu;
import java.util.List;
import java.util.OptionalLong;

/**
 * A machine as the protocol needs it.
 *
 * @param control stops it and lets it go on
 * @param textSegment where the kernel's first segment lies, when not where its file says
 * @param narrow whether it is a 32-bit kernel, whose symbols a debugger will have
 */
public record GdbTarget(RunControl control, OptionalLong textSegment, boolean narrow) {
    List<Vcpu> vcpus() {
        return control.vcpus();
    }

    int count() {
        return control.vcpus().size();
    }

    /** QEMU's words for a thread, and some more. */
    String describe(int vcpu) {
        Activity activity = vcpus().get(vcpu).cpu().activity;
        String state =
                switch (activity) {
                    case RUNNING -> "running";
                    case HALTED -> "halted ";
                    case SHUTDOWN -> "shutdown";
                    case WAIT_FOR_SIPI -> "wait-for-SIPI";
                    case PARKED -> "parked";
                };
        return "CPU#" + vcpu + " [" + state + "]";
    }
}
