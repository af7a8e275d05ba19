package dev.carafe.tools.cli;

import dev.carafe.core.cpu.CpuModels;
import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.board.MachineModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a shell completes behind {@code carafe}: commands, options and the values of some. */
final class CompletionScript {
    private static final String COMMANDS = "run test info doctor verify version completion help";

    private CompletionScript() {}

    static String bash() {
        StringBuilder text = new StringBuilder();
        text.append("# bash completion for carafe: source <(carafe completion bash)\n");
        text.append("_carafe() {\n");
        text.append("  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n");
        text.append("  case $before in\n");
        arm(text, "-cpu|--cpu", "max host " + cpus());
        arm(text, "-machine|--machine|-M", machines() + " help");
        arm(text, "-device|--device", "isa-debug-exit isa-debugcon pc-testdev help");
        arm(text, "-serial|--serial|-debugcon|--debugcon", "stdio mon:stdio file: pty null none");
        arm(text, "-d|--d", items() + " help");
        arm(text, "-display|--display", "none");
        arm(text, "-accel|--accel", "tcg");
        arm(text, "completion", "bash zsh");
        arm(text, "-smp|--smp", "1 2 4 8");
        text.append("    *)\n");
        text.append("      if [[ $word == -* ]]; then\n");
        text.append("        COMPREPLY=($(compgen -W '")
                .append(options())
                .append("' -- \"$word\"))\n");
        text.append("        return\n      fi\n");
        text.append("      COMPREPLY=($(compgen -f -- \"$word\"))\n");
        text.append("      if ((COMP_CWORD == 1)); then\n");
        text.append("        COMPREPLY+=($(compgen -W '").append(COMMANDS);
        text.append("' -- \"$word\"))\n      fi ;;\n");
        text.append("  esac\n}\n");
        text.append("complete -o filenames -F _carafe carafe qemu-system-x86_64\n");
        return text.toString();
    }

    /** zsh runs scripts for bash after two lines. */
    static String zsh() {
        return "#compdef carafe\nautoload -U +X bashcompinit && bashcompinit\n" + bash();
    }

    private static void arm(StringBuilder text, String options, String values) {
        text.append("    ").append(options).append(") COMPREPLY=($(compgen -W '").append(values);
        text.append("' -- \"$word\")) ;;\n");
    }

    private static String options() {
        return OptionTable.OPTIONS.stream()
                .filter(option -> option.treatment() == Option.Treatment.CONFIGURES)
                .map(option -> HelpText.dashes(option) + option.name())
                .collect(Collectors.joining(" "));
    }

    private static String cpus() {
        return CpuModels.all().stream()
                .map(CpuModels.Row::name)
                .filter(name -> !List.of("max", "host").contains(name))
                .collect(Collectors.joining(" "));
    }

    private static String machines() {
        return Arrays.stream(MachineModel.values())
                .map(MachineModel::option)
                .collect(Collectors.joining(" "));
    }

    private static String items() {
        return Arrays.stream(LogItem.values())
                .map(LogItem::option)
                .collect(Collectors.joining(" "));
    }
}
