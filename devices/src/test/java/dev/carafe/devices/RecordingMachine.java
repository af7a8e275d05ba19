package dev.carafe.devices;

import dev.carafe.devices.power.MachineControl;
import java.util.ArrayList;
import java.util.List;

/** Writes down what devices ask of the machine. */
public final class RecordingMachine implements MachineControl {
    public final List<String> requests = new ArrayList<>();

    @Override
    public void powerOff() {
        requests.add("power off");
    }

    @Override
    public void reset() {
        requests.add("reset");
    }

    @Override
    public void exit(int code) {
        requests.add("exit " + code);
    }
}
