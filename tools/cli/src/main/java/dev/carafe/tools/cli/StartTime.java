package dev.carafe.tools.cli;

import dev.carafe.tools.cli.Properties.Property;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * {@code -rtc [base=utc|localtime|DATE][,clock=...][,driftfix=...]}: what the machine's clock shows
 * at power-on.
 *
 * @param local whether that is the host's local time, where no date is given
 * @param fixed the date and time; null for now
 */
record StartTime(boolean local, LocalDateTime fixed) {
    static final StartTime UTC = new StartTime(false, null);
    static final StartTime LOCAL = new StartTime(true, null);

    static StartTime parse(String option, String value) {
        StartTime time = UTC;
        for (Property property : Properties.parse(value)) {
            switch (property.key()) {
                case "base" -> time = base(option, value, String.valueOf(property.value()));
                case "clock", "driftfix" -> {} // there is one clock, and it loses no ticks
                default ->
                        throw UsageError.of(
                                option,
                                value,
                                "'" + property.key() + "' is none of base, clock, driftfix");
            }
        }
        return time;
    }

    private static StartTime base(String option, String value, String base) {
        switch (base) {
            case "utc" -> {
                return UTC;
            }
            case "localtime" -> {
                return LOCAL;
            }
            default -> {
                try {
                    return new StartTime(
                            false,
                            base.contains("T")
                                    ? LocalDateTime.parse(base)
                                    : LocalDate.parse(base).atStartOfDay());
                } catch (DateTimeParseException e) {
                    throw UsageError.of(
                            option,
                            value,
                            "'"
                                    + base
                                    + "' is none of utc, localtime, 2006-06-17T16:01:21, 2006-06-17");
                }
            }
        }
    }

    /** Seconds since 1970-01-01, as the clock shows them. */
    long seconds(Instant now) {
        if (fixed != null) {
            return fixed.toEpochSecond(ZoneOffset.UTC);
        }
        long offset =
                local ? ZoneId.systemDefault().getRules().getOffset(now).getTotalSeconds() : 0;
        return now.getEpochSecond() + offset;
    }
}
