package dev.carafe.tools.cli;

import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.cli.Properties.Property;
import java.util.List;
import java.util.function.Consumer;

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
                    "hpet",
                    "acpi");

    private MachineOption() {}

    /**
     * The kind of PC.
     *
     * @param warnings gets a sentence for what has no effect
     */
    static MachineModel parse(
            String option, String value, MachineModel before, Consumer<String> warnings) {
        MachineModel model = before;
        boolean first = true;
        for (Property property : Properties.parse(value)) {
            if (first && property.isFlag() || property.key().equals("type") && !property.isFlag()) {
                model = model(option, value, property.isFlag() ? property.key() : property.value());
            } else if (property.key().equals("accel")) {
                warnings.accept(
                        option
                                + " "
                                + value
                                + ": Carafe interprets every instruction, there is no acceleration");
            } else if (!HARMLESS.contains(property.key())) {
                throw UsageError.of(
                        option, value, "'" + property.key() + "' is not a property of the machine");
            } else if (!isDefault(property)) {
                warnings.accept(
                        option + " " + value + ": " + property.key() + " has no effect here");
            }
            first = false;
        }
        return model;
    }

    private static boolean isDefault(Property property) {
        return switch (property.key()) {
            case "hpet", "acpi", "i8042" -> "on".equals(property.value());
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
