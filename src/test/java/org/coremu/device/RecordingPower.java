package org.coremu.device;

import java.util.ArrayList;
import java.util.List;
import org.coremu.hw.PowerControl;

/** Remembers what was asked of the machine. */
public final class RecordingPower implements PowerControl {
  private final List<String> requests = new ArrayList<>();

  @Override
  public void powerOff() {
    requests.add("off");
  }

  @Override
  public void reset() {
    requests.add("reset");
  }

  @Override
  public void exit(int code) {
    requests.add("exit " + code);
  }

  /** All requests so far, in order. */
  public List<String> requests() {
    return requests;
  }
}
