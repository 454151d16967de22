package org.coremu.device.rtc;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * The encoding of a calendar time in the MC146818's cells: BCD or binary, 12 or 24 hours, as
 * register B says.
 *
 * <p>Source: Motorola MC146818A data sheet, "Time, Calendar and Alarm Locations" and table 3.
 *
 * @param binary register B, DM: binary rather than BCD
 * @param hours24 register B, 24/12
 */
record Calendar(boolean binary, boolean hours24) {
  static final int SECONDS = 0x00;
  static final int SECONDS_ALARM = 0x01;
  static final int MINUTES = 0x02;
  static final int MINUTES_ALARM = 0x03;
  static final int HOURS = 0x04;
  static final int HOURS_ALARM = 0x05;
  static final int DAY_OF_WEEK = 0x06;
  static final int DAY = 0x07;
  static final int MONTH = 0x08;
  static final int YEAR = 0x09;

  /** Not of the MC146818: the PC's century cell, where the FADT says it is. */
  static final int CENTURY = 0x32;

  static final int SECONDS_A_DAY = 86_400;

  /** In an alarm cell, these two bits together match any value. */
  private static final int DO_NOT_CARE = 0xc0;

  private static final int AFTERNOON = 0x80;

  /** Writes a time, in seconds since 1970, to the cells. */
  void encode(long epochSeconds, byte[] cells) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(epochSeconds, 0, ZoneOffset.UTC);
    cells[SECONDS] = number(time.getSecond());
    cells[MINUTES] = number(time.getMinute());
    cells[HOURS] = hour(time.getHour());
    cells[DAY_OF_WEEK] = number(time.getDayOfWeek().getValue() % 7 + 1);
    cells[DAY] = number(time.getDayOfMonth());
    cells[MONTH] = number(time.getMonthValue());
    cells[YEAR] = number(time.getYear() % 100);
    cells[CENTURY] = number(time.getYear() / 100);
  }

  /** Reads the time in the cells. Fields out of range carry over into the next one. */
  long decode(byte[] cells) {
    int year = value(cells[CENTURY]) * 100 + value(cells[YEAR]);
    return LocalDate.of(year, 1, 1)
            .plusMonths(value(cells[MONTH]) - 1)
            .plusDays(value(cells[DAY]) - 1)
            .toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC)
        + hourValue(cells[HOURS]) * 3600L
        + value(cells[MINUTES]) * 60L
        + value(cells[SECONDS]);
  }

  /**
   * When the alarm in the cells goes off next.
   *
   * @param from seconds since 1970
   * @return the first matching second from {@code from} on, or -1 if no time of day matches
   */
  long nextAlarm(long from, byte[] cells) {
    long end = from + SECONDS_A_DAY;
    long second = from;
    while (second < end) {
      int ofDay = (int) Math.floorMod(second, (long) SECONDS_A_DAY);
      if (!hourMatches(cells[HOURS_ALARM], ofDay / 3600)) {
        second += 3600 - ofDay % 3600;
      } else if (!matches(cells[MINUTES_ALARM], ofDay / 60 % 60)) {
        second += 60 - ofDay % 60;
      } else if (!matches(cells[SECONDS_ALARM], ofDay % 60)) {
        second++;
      } else {
        return second;
      }
    }
    return -1;
  }

  private boolean matches(byte cell, int field) {
    return (cell & DO_NOT_CARE) == DO_NOT_CARE || cell == number(field);
  }

  private boolean hourMatches(byte cell, int hour) {
    return (cell & DO_NOT_CARE) == DO_NOT_CARE || cell == hour(hour);
  }

  private byte number(int value) {
    return (byte) (binary ? value : value / 10 << 4 | value % 10);
  }

  private int value(byte cell) {
    int bits = cell & 0xff;
    return binary ? bits : (bits >> 4) * 10 + (bits & 15);
  }

  private byte hour(int hour) {
    if (hours24) {
      return number(hour);
    }
    int onClock = hour % 12 == 0 ? 12 : hour % 12;
    return (byte) (number(onClock) | (hour >= 12 ? AFTERNOON : 0));
  }

  private int hourValue(byte cell) {
    if (hours24) {
      return value(cell);
    }
    int onClock = value((byte) (cell & ~AFTERNOON)) % 12;
    return (cell & AFTERNOON) != 0 ? onClock + 12 : onClock;
  }
}
