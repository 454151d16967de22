package org.coremu.device.irq;

/**
 * One 8259A (Intel 8259A data sheet). Holds no lock and drives no wire: {@link Pic8259} does both.
 *
 * <p>An edge is remembered until it is acknowledged, even when the wire falls earlier, as in later
 * chip sets. Levels are per input (the ELCR of PC chip sets); ICW1's LTIM bit and the 8080 mode of
 * ICW4 are not modelled.
 */
final class Pic8259Chip {
  private static final int COMMAND = 0;

  private static final int ICW1 = 0x10;
  private static final int ICW1_NEEDS_ICW4 = 0x01;
  private static final int ICW1_SINGLE = 0x02;
  private static final int ICW4_AUTO_EOI = 0x02;
  private static final int ICW4_SPECIAL_FULLY_NESTED = 0x10;

  private static final int OCW3 = 0x08;
  private static final int OCW3_READ_ISR = 0x01;
  private static final int OCW3_READ_SELECT = 0x02;
  private static final int OCW3_POLL = 0x04;
  private static final int OCW3_MASK_MODE = 0x20;
  private static final int OCW3_MASK_SELECT = 0x40;

  private static final int OCW2_STOP_ROTATING = 0;
  private static final int OCW2_EOI = 1;
  private static final int OCW2_SPECIFIC_EOI = 3;
  private static final int OCW2_START_ROTATING = 4;
  private static final int OCW2_ROTATE_EOI = 5;
  private static final int OCW2_SET_PRIORITY = 6;
  private static final int OCW2_ROTATE_SPECIFIC_EOI = 7;

  /** What the next write to the odd port is; OCW1, the mask, when no initialisation is going on. */
  private enum Expect {
    OCW1,
    ICW2,
    ICW3,
    ICW4
  }

  private static final Expect[] STEPS = Expect.values();

  /** Everything a guest can see of one chip. {@code lowest}: the input of the lowest priority. */
  record State(
      int lines,
      int levels,
      int requested,
      int inService,
      int mask,
      int base,
      int lowest,
      int step,
      boolean needsIcw4,
      boolean single,
      boolean autoEoi,
      boolean rotateOnAutoEoi,
      boolean specialMask,
      boolean fullyNested,
      boolean readInService,
      boolean poll) {}

  private final int cascades;
  private final int possibleLevels;

  private int lines;
  private int levels;
  private int requested;
  private int inService;
  private int mask;
  private int base;
  private int lowest = 7;
  private Expect expect = Expect.OCW1;
  private boolean needsIcw4;
  private boolean single;
  private boolean autoEoi;
  private boolean rotateOnAutoEoi;
  private boolean specialMask;
  private boolean fullyNested;
  private boolean readInService;
  private boolean poll;

  /**
   * @param cascades the inputs, as bits, that follow another chip: a level whatever the ELCR says
   * @param possibleLevels the inputs that the ELCR can make level-triggered
   */
  Pic8259Chip(int cascades, int possibleLevels) {
    this.cascades = cascades;
    this.possibleLevels = possibleLevels;
  }

  void setLine(int input, boolean level) {
    int bit = 1 << input;
    if (level) {
      requested |= isLevel(bit) ? bit : bit & ~lines;
      lines |= bit;
    } else {
      requested &= isLevel(bit) ? ~bit : -1;
      lines &= ~bit;
    }
  }

  /** The INT pin. */
  boolean output() {
    return highest() >= 0;
  }

  /** The input that an acknowledge cycle would take, or -1. */
  int highest() {
    int candidates = requested & ~mask;
    int blocking = specialMask ? inService & ~mask : inService;
    if (fullyNested) {
      blocking &= ~cascades;
    }
    int input = first(candidates);
    return input >= 0 && (blocking == 0 || rank(input) < rank(first(blocking))) ? input : -1;
  }

  /** Takes an input into service. */
  void take(int input) {
    int bit = 1 << input;
    if (!isLevel(bit)) {
      requested &= ~bit;
    }
    if (!autoEoi) {
      inService |= bit;
    } else if (rotateOnAutoEoi) {
      lowest = input;
    }
  }

  int vector(int input) {
    return base | input;
  }

  int read(int port) {
    if (poll) {
      poll = false;
      int input = highest();
      if (input < 0) {
        return 0;
      }
      take(input);
      return 0x80 | input;
    }
    if (port != COMMAND) {
      return mask;
    }
    return readInService ? inService : requested;
  }

  void write(int port, int value) {
    if (port != COMMAND) {
      writeData(value);
    } else if ((value & ICW1) != 0) {
      initialise(value);
    } else if ((value & OCW3) != 0) {
      writeOcw3(value);
    } else {
      writeOcw2(value >>> 5, value & 7);
    }
  }

  int levels() {
    return levels;
  }

  void setLevels(int value) {
    int added = value & possibleLevels & ~levels;
    levels = value & possibleLevels;
    requested = requested & ~added | lines & added;
  }

  /**
   * ICW1 forgets edges and levels alike, but an input that is level-triggered shows its level again
   * at once.
   */
  private void initialise(int value) {
    needsIcw4 = (value & ICW1_NEEDS_ICW4) != 0;
    single = (value & ICW1_SINGLE) != 0;
    requested = lines & (levels | cascades);
    inService = 0;
    mask = 0;
    lowest = 7;
    autoEoi = false;
    rotateOnAutoEoi = false;
    specialMask = false;
    fullyNested = false;
    readInService = false;
    poll = false;
    expect = Expect.ICW2;
  }

  private void writeData(int value) {
    switch (expect) {
      case OCW1 -> mask = value;
      case ICW2 -> {
        base = value & 0xf8;
        expect = single ? afterIcw3() : Expect.ICW3;
      }
      case ICW3 -> expect = afterIcw3();
      case ICW4 -> {
        autoEoi = (value & ICW4_AUTO_EOI) != 0;
        fullyNested = (value & ICW4_SPECIAL_FULLY_NESTED) != 0;
        expect = Expect.OCW1;
      }
    }
  }

  private Expect afterIcw3() {
    return needsIcw4 ? Expect.ICW4 : Expect.OCW1;
  }

  private void writeOcw3(int value) {
    if ((value & OCW3_POLL) != 0) {
      poll = true;
    }
    if ((value & OCW3_READ_SELECT) != 0) {
      readInService = (value & OCW3_READ_ISR) != 0;
    }
    if ((value & OCW3_MASK_SELECT) != 0) {
      specialMask = (value & OCW3_MASK_MODE) != 0;
    }
  }

  private void writeOcw2(int command, int input) {
    switch (command) {
      case OCW2_EOI -> endHighest(false);
      case OCW2_ROTATE_EOI -> endHighest(true);
      case OCW2_SPECIFIC_EOI -> inService &= ~(1 << input);
      case OCW2_ROTATE_SPECIFIC_EOI -> {
        inService &= ~(1 << input);
        lowest = input;
      }
      case OCW2_SET_PRIORITY -> lowest = input;
      case OCW2_START_ROTATING -> rotateOnAutoEoi = true;
      case OCW2_STOP_ROTATING -> rotateOnAutoEoi = false;
      default -> {}
    }
  }

  /** In special mask mode a non-specific EOI leaves inputs in service that are masked. */
  private void endHighest(boolean rotate) {
    int input = first(specialMask ? inService & ~mask : inService);
    if (input >= 0) {
      inService &= ~(1 << input);
      lowest = rotate ? input : lowest;
    }
  }

  private boolean isLevel(int bit) {
    return ((levels | cascades) & bit) != 0;
  }

  /** 0 for the input of the highest priority to 7. */
  private int rank(int input) {
    return input - lowest - 1 & 7;
  }

  /** The input of the highest priority among some, or -1 when there is none. */
  private int first(int inputs) {
    for (int i = 1; i <= 8; i++) {
      int input = lowest + i & 7;
      if ((inputs >>> input & 1) != 0) {
        return input;
      }
    }
    return -1;
  }

  State save() {
    return new State(
        lines,
        levels,
        requested,
        inService,
        mask,
        base,
        lowest,
        expect.ordinal(),
        needsIcw4,
        single,
        autoEoi,
        rotateOnAutoEoi,
        specialMask,
        fullyNested,
        readInService,
        poll);
  }

  void restore(State state) {
    lines = state.lines;
    levels = state.levels;
    requested = state.requested;
    inService = state.inService;
    mask = state.mask;
    base = state.base;
    lowest = state.lowest;
    expect = STEPS[state.step];
    needsIcw4 = state.needsIcw4;
    single = state.single;
    autoEoi = state.autoEoi;
    rotateOnAutoEoi = state.rotateOnAutoEoi;
    specialMask = state.specialMask;
    fullyNested = state.fullyNested;
    readInService = state.readInService;
    poll = state.poll;
  }
}
