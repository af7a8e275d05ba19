package dev.carafe.tools.cli;

import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.monitor.LogControl;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** Lets a monitor change what is logged, and where to. */
final class MonitorLog implements LogControl {
    private final Observers observers;

    MonitorLog(Observers observers) {
        this.observers = observers;
    }

    @Override
    public String select(String items) {
        Set<LogItem> selected = EnumSet.noneOf(LogItem.class);
        if (!items.equals("none")) {
            try {
                selected = LogOption.parse("log", items, ignored -> {});
            } catch (UsageError e) {
                return e.getMessage();
            }
        }
        LogSetup.select(selected);
        observers.select(selected);
        return "";
    }

    @Override
    public String items() {
        return HelpText.logItems();
    }

    @Override
    public String file(String name) {
        try {
            LogSetup.redirect(new FileOutputStream(name));
            return "";
        } catch (IOException e) {
            return "Error opening logfile " + name + ": " + HostError.reason(e);
        }
    }
}
