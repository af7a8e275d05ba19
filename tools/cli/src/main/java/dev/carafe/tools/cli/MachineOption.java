package dev.carafe.tools.cli;

import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.cli.Properties.Property;
import java.util.List;

/** {@code -machine [type=]NAME[,property=value...]}. */
final class MachineOption {
    /** Properties that change nothing a guest of ours can see. */
    private static final List<String> HARMLESS =
            List.of(
                    "kernel_irqchip",
                    "usb",
                    "vmport",
                    "graphics",
                    "mem-merge",
                    "dump-guest-core",
                    "smm",
                    "i8042",
                    "nvdimm",
                    "pcspk-audiodev",
                    "pit",
                    "sata",
                    "vmbus",
                    "acpi");

    private MachineOption() {}

    /** Sets the kind of PC, and what belongs to it. */
    static void parse(String option, String value, Draft draft) {
        boolean first = true;
        for (Property property : Properties.parse(value)) {
            String key = property.key();
            if (first && property.isFlag() || key.equals("type") && !property.isFlag()) {
                draft.machine = model(option, value, property.isFlag() ? key : property.value());
            } else if (key.equals("accel")) {
                if (!"tcg".equals(property.value())) {
                    draft.warnOnce(option + " " + value, OptionTable.INTERPRETED);
                }
            } else if (key.equals("hpet")) {
                draft.hpet = !"off".equals(property.value());
            } else if (!HARMLESS.contains(key)) {
                throw UsageError.of(
                        option, value, "'" + key + "' is not a property of the machine");
            } else if (!isDefault(property)) {
                draft.warn(option + " " + value + ": " + key + " has no effect here");
            }
            first = false;
        }
    }

    private static boolean isDefault(Property property) {
        return switch (property.key()) {
            case "acpi", "i8042", "pit", "sata" -> "on".equals(property.value());
            default -> true;
        };
    }

    private static MachineModel model(String option, String value, String name) {
        if (name.startsWith("pc-i440fx-")) {
            return MachineModel.PC;
        }
        if (name.startsWith("pc-q35-")) {
            return MachineModel.Q35;
        }
        for (MachineModel model : MachineModel.values()) {
            if (model.option().equals(name)) {
                return model;
            }
        }
        throw UsageError.of(
                option, value, "unsupported machine type '" + name + "', -machine help lists them");
    }
}
