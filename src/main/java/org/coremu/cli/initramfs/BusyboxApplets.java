package org.coremu.cli.initramfs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the names of its applets out of a busybox binary. The binary keeps them as one table of
 * zero-terminated names in ascending order, which it searches by bisection; the table begins with
 * {@code [} and {@code [[}. Reading it spares running the binary, which the host may be unable to
 * do, and spares the guest making the links.
 */
final class BusyboxApplets {
  private static final byte[] TABLE_START = "\0[\0[[\0".getBytes(StandardCharsets.US_ASCII);

  private BusyboxApplets() {}

  /** The applets, ascending; empty when the table is not found. */
  static List<String> of(byte[] busybox) {
    List<String> names = new ArrayList<>();
    int at = indexOfTable(busybox);
    if (at < 0) {
      return names;
    }
    String previous = "";
    while (true) {
      int end = at;
      while (end < busybox.length && busybox[end] > ' ') {
        end++;
      }
      String name = new String(busybox, at, end - at, StandardCharsets.US_ASCII);
      boolean terminated = end < busybox.length && busybox[end] == 0;
      if (!terminated || name.compareTo(previous) <= 0 || name.contains("/")) {
        return names;
      }
      names.add(name);
      previous = name;
      at = end + 1;
    }
  }

  private static int indexOfTable(byte[] binary) {
    outer:
    for (int i = 0; i + TABLE_START.length <= binary.length; i++) {
      for (int j = 0; j < TABLE_START.length; j++) {
        if (binary[i + j] != TABLE_START[j]) {
          continue outer;
        }
      }
      return i + 1;
    }
    return -1;
  }
}
