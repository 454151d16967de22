package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program of several blocks that jump to each other, with everything it starts from. It runs on a
 * {@link BlockMachine}.
 *
 * @param items the code
 * @param limit instructions after which it is stopped
 * @param interp how the interpreter's run is divided
 * @param compiled how the native tier's run is divided
 */
record BlockProgram(Start start, List<Item> items, int limit, Quanta interp, Quanta compiled) {
  /**
   * What a program starts from.
   *
   * @param number of the case, for reports
   * @param mode 64, 32 or 16: code size; 32-bit and 16-bit code has flat segments
   * @param kernel whether it runs with CPL 0
   * @param aliased whether a page of data is a page of the code, too
   * @param cold whether the TLB is empty
   * @param smallStack 16-bit code: whether the stack pointer is SP
   * @param seed decides the fill of the data window
   * @param registers RIP does not count
   * @param patches bytes put into the data window over the fill
   * @param offset of the code in its window
   * @param landings blocks at which the program goes on after its faults
   */
  record Start(
      long number,
      int mode,
      boolean kernel,
      boolean aliased,
      boolean cold,
      boolean smallStack,
      long seed,
      GuestState registers,
      List<TestCase.Patch> patches,
      int offset,
      int[] landings) {}

  /** Quanta of random length; exact ones end where they are told to, others up to a block early. */
  record Quanta(boolean exact, int shortest, int longest, long seed) {}

  /** Where a field of an item leads. */
  enum Fix {
    NONE,
    /** The item has no bytes: block {@code target} begins. */
    LABEL,
    /** To address {@code target}, relative to the item's end. */
    RIP,
    /** Over {@code target} items, relative to the item's end. */
    SKIP,
    /** To block {@code target}, plus an addend, relative to the item's end. */
    RELATIVE,
    /** To block {@code target}, plus an addend. */
    ABSOLUTE
  }

  /** An instruction or a few that belong together, or data. */
  record Item(byte[] bytes, Fix fix, int at, int width, long target, int addend) {
    static Item of(byte... bytes) {
      return new Item(bytes, Fix.NONE, 0, 0, 0, 0);
    }

    static Item label(int block) {
      return new Item(new byte[0], Fix.LABEL, 0, 0, block, 0);
    }

    static Item of(Insn insn) {
      return switch (insn.fixup()) {
        case NONE -> of(insn.bytes());
        case RIP -> new Item(insn.bytes(), Fix.RIP, insn.fixupAt(), 4, insn.target(), 0);
        case JUMP8 -> new Item(insn.bytes(), Fix.SKIP, insn.fixupAt(), 1, insn.target(), 0);
        case JUMP32 -> new Item(insn.bytes(), Fix.SKIP, insn.fixupAt(), 4, insn.target(), 0);
      };
    }

    /** As many bytes of NOP. */
    Item blank() {
      byte[] nops = new byte[bytes.length];
      Arrays.fill(nops, (byte) 0x90);
      return of(nops);
    }

    boolean isBlank() {
      return fix == Fix.NONE && Arrays.equals(bytes, blank().bytes);
    }
  }

  /** The address of the first instruction. */
  long entry() {
    return BlockMachine.codeBase(start.mode) + start.offset;
  }

  /** Where each item begins, from the first one, and the end. */
  private int[] starts() {
    int[] starts = new int[items.size() + 1];
    for (int i = 0; i < items.size(); i++) {
      starts[i + 1] = starts[i] + items.get(i).bytes.length;
    }
    return starts;
  }

  /** The address of a block; of the end if it is not there. */
  long address(int block) {
    int[] starts = starts();
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).fix == Fix.LABEL && items.get(i).target == block) {
        return entry() + starts[i];
      }
    }
    return entry() + starts[items.size()];
  }

  /** The code, for {@link #entry}. */
  byte[] code() {
    int[] starts = starts();
    byte[] code = new byte[starts[items.size()]];
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      System.arraycopy(item.bytes, 0, code, starts[i], item.bytes.length);
      if (item.fix != Fix.NONE && item.fix != Fix.LABEL) {
        long value = value(item, i, starts);
        for (int k = 0; k < item.width; k++) {
          code[starts[i] + item.at + k] = (byte) (value >> 8 * k);
        }
      }
    }
    return code;
  }

  private long value(Item item, int i, int[] starts) {
    long end = entry() + starts[i + 1];
    long value =
        switch (item.fix) {
          case RIP -> item.target - end;
          case SKIP ->
              starts[(int) Math.min(items.size(), i + 1 + Math.clamp(item.target, 0, 100))]
                  - starts[i + 1];
          case RELATIVE -> address((int) item.target) + item.addend - end;
          default -> address((int) item.target) + item.addend;
        };
    return item.width == 1 ? Math.clamp(value, -128, 127) : value;
  }

  /** The same program with other code. */
  private BlockProgram with(List<Item> others) {
    return new BlockProgram(start, List.copyOf(others), limit, interp, compiled);
  }

  /** The same program with a lower limit. */
  BlockProgram until(int instructions) {
    return new BlockProgram(start, items, instructions, interp, compiled);
  }

  /** The same program without an item. */
  BlockProgram without(int index) {
    List<Item> rest = new ArrayList<>(items);
    rest.remove(index);
    return with(rest);
  }

  /** The same program with NOPs in place of an item. */
  BlockProgram blank(int index) {
    List<Item> changed = new ArrayList<>(items);
    changed.set(index, changed.get(index).blank());
    return with(changed);
  }

  /**
   * Whether all its quanta end where they are told to, so that it ends at its limit at the latest.
   */
  boolean isExact() {
    return interp.exact && compiled.exact;
  }

  /** Instructions and groups of instructions. */
  int length() {
    return (int) items.stream().filter(item -> item.fix != Fix.LABEL).count();
  }
}
