package org.coremu.machine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.coremu.hw.ByteChannel;
import org.coremu.hw.GuestLog;
import org.coremu.hw.LogCategory;

/** Puts what firmware writes to its debug port into the machine's log, line by line. */
final class FirmwareLog implements ByteChannel {
  private static final int LONGEST_LINE = 4096;

  private final GuestLog log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  FirmwareLog(GuestLog log) {
    this.log = log;
  }

  @Override
  public int read() {
    return -1;
  }

  @Override
  public synchronized void write(int value) {
    if (!log.enabled(LogCategory.FIRMWARE)) {
      return;
    }
    if (value != '\n') {
      line.write(value);
    }
    if (value == '\n' || line.size() == LONGEST_LINE) {
      log.log(LogCategory.FIRMWARE, line.toString(StandardCharsets.ISO_8859_1).stripTrailing());
      line.reset();
    }
  }

  @Override
  public void onInput(Runnable listener) {}
}
