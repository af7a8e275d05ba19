package dev.carafe.devices.rtc;

import java.time.DateTimeException;
import java.time.LocalDateTime;

/**
 * The ten time and alarm bytes and the century of the RTC, in the data mode of register B
 * (MC146818A data sheet, "Time, Calendar, and Alarm Locations"). Works on the CMOS bytes of {@link
 * CmosRtc} and is guarded by its lock.
 */
final class ClockRegisters {
    static final int SECONDS = 0;
    static final int SECONDS_ALARM = 1;
    static final int MINUTES = 2;
    static final int MINUTES_ALARM = 3;
    static final int HOURS = 4;
    static final int HOURS_ALARM = 5;
    static final int DAY_OF_WEEK = 6;
    static final int DAY = 7;
    static final int MONTH = 8;
    static final int YEAR = 9;
    static final int CENTURY = 0x32;
    static final int CENTURY_PS2 = 0x37;

    private static final int BINARY = 0x04; // register B, DM
    private static final int HOURS_24 = 0x02; // register B
    private static final int PM = 0x80;
    private static final int DO_NOT_CARE = 0xC0; // in an alarm byte
    private static final int REGISTER_B = 0x0B;

    private final byte[] cmos;

    ClockRegisters(byte[] cmos) {
        this.cmos = cmos;
    }

    /** The time that the bytes say; bytes that make no date count as the nearest one that do. */
    LocalDateTime time() {
        int year = decode(get(CENTURY)) * 100 + Math.min(decode(get(YEAR)), 99);
        int month = clamp(decode(get(MONTH)), 1, 12);
        int day = clamp(decode(get(DAY)), 1, 31);
        int hour = Math.min(hours(get(HOURS)), 23);
        int minute = Math.min(decode(get(MINUTES)), 59);
        int second = Math.min(decode(get(SECONDS)), 59);
        try {
            return LocalDateTime.of(year, month, day, hour, minute, second);
        } catch (DateTimeException e) { // 31 April and the like
            return LocalDateTime.of(year, month, 28, hour, minute, second);
        }
    }

    void set(LocalDateTime time) {
        put(SECONDS, encode(time.getSecond()));
        put(MINUTES, encode(time.getMinute()));
        put(HOURS, encodeHours(time.getHour()));
        put(DAY, encode(time.getDayOfMonth()));
        put(MONTH, encode(time.getMonthValue()));
        put(YEAR, encode(time.getYear() % 100));
        put(CENTURY, encode(time.getYear() / 100 % 100));
        put(CENTURY_PS2, get(CENTURY));
    }

    /** The day of week is a counter of its own: Sunday is 1. */
    void setDayOfWeek(int day) {
        put(DAY_OF_WEEK, encode(day));
    }

    void advanceDayOfWeek(long days) {
        int day = clamp(decode(get(DAY_OF_WEEK)), 1, 7);
        setDayOfWeek((int) ((day - 1 + days) % 7) + 1);
    }

    boolean alarmMatches(LocalDateTime time) {
        return matches(get(SECONDS_ALARM), encode(time.getSecond()))
                && matches(get(MINUTES_ALARM), encode(time.getMinute()))
                && matches(get(HOURS_ALARM), encodeHours(time.getHour()));
    }

    private static boolean matches(int alarm, int now) {
        return (alarm & DO_NOT_CARE) == DO_NOT_CARE || alarm == now;
    }

    private int hours(int raw) {
        if ((get(REGISTER_B) & HOURS_24) != 0) {
            return decode(raw);
        }
        int hour = decode(raw & ~PM) % 12;
        return (raw & PM) != 0 ? hour + 12 : hour;
    }

    private int encodeHours(int hour) {
        if ((get(REGISTER_B) & HOURS_24) != 0) {
            return encode(hour);
        }
        int twelve = hour % 12 == 0 ? 12 : hour % 12;
        return encode(twelve) | (hour >= 12 ? PM : 0);
    }

    private int decode(int raw) {
        return (get(REGISTER_B) & BINARY) != 0 ? raw : (raw >> 4) * 10 + (raw & 15);
    }

    private int encode(int value) {
        return (get(REGISTER_B) & BINARY) != 0 ? value : value / 10 << 4 | value % 10;
    }

    private static int clamp(int value, int least, int most) {
        return Math.clamp(value, least, most);
    }

    private int get(int index) {
        return cmos[index] & 0xFF;
    }

    private void put(int index, int value) {
        cmos[index] = (byte) value;
    }
}
