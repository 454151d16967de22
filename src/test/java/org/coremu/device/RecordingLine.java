package org.coremu.device;

import org.coremu.hw.IrqLine;

/** An interrupt wire that remembers its level and counts rising edges. */
public final class RecordingLine implements IrqLine {
  private boolean level;
  private int rises;

  @Override
  public void set(boolean newLevel) {
    if (newLevel && !level) {
      rises++;
    }
    level = newLevel;
  }

  /** The level now. */
  public boolean level() {
    return level;
  }

  /** Rising edges since the last call. */
  public int takeRises() {
    int taken = rises;
    rises = 0;
    return taken;
  }
}
