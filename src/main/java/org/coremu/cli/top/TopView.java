package org.coremu.cli.top;

import java.util.Optional;
import org.coremu.machine.Sample;

/** What the live view shows: the last two samples, and where the user has scrolled to. */
final class TopView {
  private static final int PAGE = 10;
  private static final String KEYS = "up/down pgup/pgdn: scroll  m: map  ";
  private static final byte ESCAPE = 0x1b;

  private final TopScreen screen;
  private final String leaveKeys;
  private Optional<Sample> last = Optional.empty();
  private Optional<Rates> rates = Optional.empty();
  private TopScreen.Share share = TopScreen.Share.SOME;
  private int skip;

  /**
   * An empty view.
   *
   * @param leaveKeys what the last line says of how to leave it
   */
  TopView(TopScreen screen, String leaveKeys) {
    this.screen = screen;
    this.leaveKeys = leaveKeys;
  }

  synchronized void update(Sample now) {
    rates = Optional.of(new Rates(last, now));
    last = Optional.of(now);
    skip = Math.min(skip, now.cores().size() - 1);
  }

  /** All in a line; empty before the first sample. */
  synchronized Optional<String> line() {
    return rates.map(TopLine::of);
  }

  /** A screenful; empty before the first sample. */
  synchronized Optional<TopScreen.Frame> frame(int width, int height) {
    return rates.map(r -> screen.frame(r, width, height, skip, share, KEYS + leaveKeys));
  }

  /**
   * Does what keys ask for.
   *
   * @return false if one asks to leave
   */
  synchronized boolean keys(byte[] keys, int count) {
    for (int i = 0; i < count; i++) {
      if (keys[i] == ESCAPE && i + 2 < count && (keys[i + 1] == '[' || keys[i + 1] == 'O')) {
        i += 2;
        arrow(keys[i]);
        if (i + 1 < count && keys[i + 1] == '~') {
          i++;
        }
      } else if (!key(keys[i])) {
        return false;
      }
    }
    return true;
  }

  private void arrow(byte key) {
    switch (key) {
      case 'A' -> scroll(-1);
      case 'B' -> scroll(1);
      case '5' -> scroll(-PAGE);
      case '6' -> scroll(PAGE);
      case 'H', '1' -> skip = 0;
      default -> {
        return; // another function key
      }
    }
  }

  private boolean key(byte key) {
    switch (key) {
      case 'q', 'Q', 3, 4 -> {
        return false;
      }
      case 'j' -> scroll(1);
      case 'k' -> scroll(-1);
      case ' ' -> scroll(PAGE);
      case 'b' -> scroll(-PAGE);
      case 'g' -> skip = 0;
      case 'm' ->
          share = TopScreen.Share.values()[(share.ordinal() + 1) % TopScreen.Share.values().length];
      default -> {
        return true; // means nothing here
      }
    }
    return true;
  }

  private void scroll(int cores) {
    int most = last.map(s -> s.cores().size() - 1).orElse(0);
    skip = Math.max(0, Math.min(most, skip + cores));
  }
}
