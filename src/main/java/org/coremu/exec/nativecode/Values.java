package org.coremu.exec.nativecode;

import java.util.Arrays;
import org.coremu.exec.CoreState;
import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;

/**
 * Where the values of a block are while it is compiled, op by op: the register allocator. A value
 * is computed into a temporary register, or right into the pinned register of the guest slot it is
 * about to be put into; a value read from a slot stays there until something else is written to the
 * slot. Whatever has no register is in memory of the core's state.
 */
final class Values extends Places {

  private static final int SLOTS = CoreState.SLOTS;

  private final Assembler asm;

  /** Per state slot: the host register it is pinned to, or -1. */
  private final int[] pinOfSlot = new int[SLOTS];

  /** Offset of the block's code in its page. */
  private int pageOffset;

  /** Per value: the slot whose pinned register it is computed into, or -1. */
  private int[] goal = new int[256];

  /** Per temporary register: the value in it, or -1. */
  private final int[] temp = new int[16];

  /** Per pinned register: a value it is known to hold, or -1. */
  private final int[] pin = new int[16];

  private final int[] vector = new int[Host.VECTOR_REGISTERS];

  /** Per unpinned slot: a value it is known to hold; valid if the stamp is current. */
  private final int[] slotValue = new int[SLOTS];

  private final int[] slotStamp = new int[SLOTS];
  private int stamp;

  /** Registers that the current op still reads, as bits: not to be given to anybody. */
  private int locked;

  private int lockedVectors;
  private int nextVictim;
  private int nextVectorVictim;

  private final SpillSlots spills = new SpillSlots();

  /** Makes room when the allocator needs a register that only pending flags hold. */
  private final PendingFlags flags;

  Values(Assembler asm, int[] hotSlots, PendingFlags flags) {
    this.asm = asm;
    this.flags = flags;
    Arrays.fill(pinOfSlot, -1);
    for (int i = 0; i < Math.min(hotSlots.length, Host.PINNED.length); i++) {
      pinOfSlot[hotSlots[i]] = Host.PINNED[i];
    }
  }

  /** Starts a block; {@code uses} and {@code goals} are per value. */
  void begin(Block ir, int offsetInPage) {
    beginPlaces(ir);
    pageOffset = offsetInPage;
    int n = ir.size;
    if (goal.length < n) {
      goal = new int[ir.op.length];
    }
    Arrays.fill(goal, 0, n, -1);
    Arrays.fill(temp, -1);
    Arrays.fill(pin, -1);
    Arrays.fill(vector, -1);
    stamp++;
    locked = 0;
    lockedVectors = 0;
    spills.begin();
  }

  /** Has value {@code v} computed into the register of a pinned slot. */
  void setGoal(int v, int slot) {
    goal[v] = slot;
  }

  /** The host register of a slot, or -1. */
  int pinOf(int slot) {
    return pinOfSlot[slot];
  }

  // ---- reading

  /** Protects the register of an operand until {@link #unlock}. */
  void lock(int v) {
    if (v >= 0 && isInRegister(v)) {
      if (isVector(v)) {
        lockedVectors |= 1 << number(v);
      } else {
        locked |= 1 << number(v);
      }
    }
  }

  /** As {@link #lock} of a register that a result is going to be in. */
  void lockRegister(int r) {
    locked |= 1 << r;
  }

  void unlock() {
    locked = 0;
    lockedVectors = 0;
  }

  /** Brings an integer value into a register, if it is not in one, and locks that. */
  int inRegister(int v) {
    if (!isInRegister(v)) {
      int r = takeTemp();
      copyTo(r, v);
      dropSpill(v);
      setTemp(r, v);
    }
    lock(v);
    return number(v);
  }

  private void setTemp(int r, int v) {
    temp[r] = v;
    place[v] = REGISTER | r;
  }

  /** Copies an integer value into a register; the host's flags stay. */
  void copyTo(int r, int v) {
    if (isInRegister(v)) {
      asm.move(r, number(v));
    } else if (isInMemory(v)) {
      asm.at(Host.STATE, Host.slot(number(v)));
      asm.loadM(8, r);
    } else if (isPcRelative(v)) {
      loadPc(r, block.imm[v]);
    } else if (block.op[v] == Code.CONST) {
      asm.constant(r, block.imm[v]);
    } else {
      throw new AssertionError("value " + v + " is nowhere\n" + block);
    }
  }

  /** Loads the address of the block plus {@code delta}; {@code pcMask} is not applied. */
  void loadPc(int r, long delta) {
    asm.at(Host.STATE, Host.slot(CoreState.PAGE));
    asm.loadM(8, r);
    // A displacement of 32 bits, counted from the start of the block, may need more than that.
    long left = pageOffset + delta;
    while (left != 0) {
      int step = Math.clamp(left, Integer.MIN_VALUE, Integer.MAX_VALUE);
      asm.at(r, step);
      asm.leaM(true, r);
      left -= step;
    }
  }

  /** As {@link #copyTo} of the low 32 bits, zero-extended. */
  void copyLowTo(int r, int v) {
    if (isInRegister(v)) {
      asm.mov(false, r, number(v));
    } else if (isInMemory(v)) {
      asm.at(Host.STATE, Host.slot(number(v)));
      asm.loadM(4, r);
    } else if (block.op[v] == Code.CONST) {
      asm.constant(r, block.imm[v] & 0xffff_ffffL);
    } else {
      copyTo(r, v);
      asm.mov(false, r, r);
    }
  }

  /** Lets the next memory operand be the place of a value that {@link #isInMemory}. */
  void atMemory(int v) {
    asm.at(Host.STATE, Host.slot(number(v)));
  }

  /** Stores an integer value to a slot; may use RAX. */
  void storeTo(int slot, int v) {
    storeFrom(place[v], slot, v);
  }

  /** Stores a value to a slot from where it was at an earlier op; may use RAX. */
  void storeFrom(int where, int slot, int v) {
    int now = place[v];
    place[v] = where;
    if (isImmediate(v)) {
      asm.at(Host.STATE, Host.slot(slot));
      asm.storeConstantM(8, (int) block.imm[v]);
    } else if (isVector(v)) {
      asm.at(Host.STATE, Host.slot(slot));
      asm.opM(0x0F11, false, number(v));
    } else {
      int r = registerOf(v);
      if (r < 0) {
        copyTo(Assembler.RAX, v);
        r = Assembler.RAX;
      }
      asm.at(Host.STATE, Host.slot(slot));
      asm.storeM(8, r);
    }
    place[v] = now;
  }

  // ---- ends of values

  /** Notes one use of a value; after the last one its register is free. */
  void release(int v) {
    if (v >= 0 && --left[v] == 0) {
      if (isInRegister(v)) {
        int r = number(v);
        if (isVector(v)) {
          vector[r] = -1;
        } else if (temp[r] == v) {
          temp[r] = -1;
        }
      } else {
        dropSpill(v);
      }
    }
  }

  private void dropSpill(int v) {
    if (isInMemory(v) && number(v) >= Host.SPILL) {
      int slot = number(v);
      spills.giveBack(slot);
      if (isVector(v)) {
        spills.giveBack(slot + 1);
      }
    }
  }

  // ---- results

  /**
   * The register that op {@code i} computes its integer into. Its operands must be locked and not
   * yet released; it may be the register of one of them.
   */
  int target(int i) {
    int slot = goal[i];
    if (slot >= 0) {
      int p = pinOfSlot[slot];
      vacatePin(p, i);
      return p;
    }
    int a = block.a[i];
    if (a >= 0 && isInRegister(a) && !isVector(a) && temp[number(a)] == a && diesAt(a, i)) {
      return number(a);
    }
    int free = freeTemp();
    if (free >= 0) {
      return free;
    }
    int b = block.b[i];
    if (b >= 0 && isInRegister(b) && !isVector(b) && temp[number(b)] == b && diesAt(b, i)) {
      return number(b);
    }
    return takeTemp();
  }

  private int freeTemp() {
    for (int r : Host.TEMPS) {
      if (temp[r] < 0 && (locked & 1 << r) == 0) {
        return r;
      }
    }
    return -1;
  }

  /**
   * Notes that op {@code i} has been computed into register {@code r}, which {@link #target} gave.
   */
  void define(int i, int r) {
    if (isPinned(r)) {
      pin[r] = i;
      place[i] = REGISTER | r;
    } else if (left[i] > 0) {
      setTemp(r, i);
    }
  }

  private static boolean isPinned(int r) {
    return r >= Assembler.RSI && r <= Assembler.R13;
  }

  /** A temporary register that holds nothing; what was in it is moved to memory. */
  int takeTemp() {
    int free = freeTemp();
    if (free < 0 && flags.giveWay()) {
      free = freeTemp();
    }
    if (free >= 0) {
      return free;
    }
    for (int k = 0; k < Host.TEMPS.length; k++) {
      nextVictim = (nextVictim + 1) % Host.TEMPS.length;
      int r = Host.TEMPS[nextVictim];
      if ((locked & 1 << r) == 0) {
        moveToMemory(temp[r]);
        temp[r] = -1;
        return r;
      }
    }
    throw new AssertionError("no register is free\n" + block);
  }

  /** Moves a value from its register to memory. The register's books are the caller's. */
  private void moveToMemory(int v) {
    int r = number(v);
    int slot = spillSlot(1);
    asm.at(Host.STATE, Host.slot(slot));
    asm.storeM(8, r);
    place[v] = MEMORY | slot;
  }

  private int spillSlot(int slots) {
    int slot = slots == 1 ? spills.take() : spills.takeNew(slots);
    if (slot < 0) {
      throw new AssertionError("block needs too many temporaries:\n" + block);
    }
    return slot;
  }

  // ---- guest state

  /** A read of a slot: the value stays where it is. */
  void get(int i, int slot) {
    int p = pinOfSlot[slot];
    if (p >= 0) {
      vacatePin(p, -1);
      pin[p] = i;
      place[i] = REGISTER | p;
    } else {
      keepSlot(slot, i);
      place[i] = MEMORY | slot;
      slotValue[slot] = i;
      slotStamp[slot] = stamp;
    }
  }

  /** A write of a slot. */
  void put(int slot, int v) {
    int p = pinOfSlot[slot];
    if (p >= 0) {
      if (pin[p] != v) {
        lock(v);
        vacatePin(p, -1);
        copyTo(p, v);
        pin[p] = v;
        moveHome(v, p);
        unlock();
      }
    } else {
      lock(v);
      keepSlot(slot, v);
      unlock();
      storeTo(slot, v);
      slotValue[slot] = v;
      slotStamp[slot] = stamp;
    }
  }

  /** Frees the temporary of a value that a pinned register now holds, too. */
  private void moveHome(int v, int p) {
    if (isInRegister(v) && temp[number(v)] == v) {
      temp[number(v)] = -1;
      place[v] = REGISTER | p;
    }
  }

  /**
   * Moves the value in a pinned register elsewhere because the register is about to change, unless
   * it is used for the last time by op {@code i}.
   */
  private void vacatePin(int p, int i) {
    int v = pin[p];
    pin[p] = -1;
    if (v < 0 || left[v] == 0 || registerOf(v) != p || i >= 0 && diesAt(v, i)) {
      return;
    }
    for (int other : Host.PINNED) {
      if (pin[other] == v) {
        place[v] = REGISTER | other;
        return;
      }
    }
    int wasLocked = locked;
    locked |= 1 << p;
    int r = takeTemp();
    locked = wasLocked;
    if (left[v] == 0) {
      return; // only pending flags had needed it, and they have given way
    }
    asm.mov(true, r, p);
    setTemp(r, v);
  }

  /** Brings a value that lives in a slot into a register because the slot is about to change. */
  void keepSlot(int slot, int except) {
    if (slotStamp[slot] != stamp) {
      return;
    }
    int v = slotValue[slot];
    slotStamp[slot] = 0;
    if (v >= 0 && v != except && left[v] > 0 && place[v] == (MEMORY | slot)) {
      int r = takeTemp();
      if (left[v] > 0) {
        copyTo(r, v);
        setTemp(r, v);
      }
    }
  }

  /**
   * Before a helper that may write any slot: values that live in slots or pinned registers move
   * where it can't reach them, and nothing is known of the slots any more. Only values used after
   * op {@code i} count.
   */
  void leaveSlots(int i) {
    for (int v = 0; v < i; v++) {
      if (left[v] <= 0 || diesAt(v, i) || isVector(v) || place[v] == NOWHERE) {
        continue;
      }
      int n = number(v);
      if (isInRegister(v) && isPinned(n)) {
        moveToMemory(v);
      } else if (isInMemory(v) && n < Host.SPILL) {
        copyTo(Assembler.RAX, v);
        int slot = spillSlot(1);
        asm.at(Host.STATE, Host.slot(slot));
        asm.storeM(8, Assembler.RAX);
        place[v] = MEMORY | slot;
      }
    }
    Arrays.fill(pin, -1);
    stamp++;
  }

  // ---- vectors

  /** Brings a vector into an XMM register and locks that. */
  int inVectorRegister(int v) {
    if (!isInRegister(v)) {
      int x = takeVector();
      atMemory(v);
      asm.opM(0x0F10, false, x);
      dropSpill(v);
      setVector(x, v);
    }
    lock(v);
    return number(v);
  }

  private void setVector(int x, int v) {
    vector[x] = v;
    place[v] = REGISTER | x;
  }

  /** An XMM register that holds nothing. */
  int takeVector() {
    for (int x = Host.FIRST_VECTOR_TEMP; x < Host.VECTOR_REGISTERS; x++) {
      if (vector[x] < 0 && (lockedVectors & 1 << x) == 0) {
        return x;
      }
    }
    for (; ; ) {
      nextVectorVictim = nextVectorVictim % (Host.VECTOR_REGISTERS - Host.FIRST_VECTOR_TEMP) + 1;
      int x = nextVectorVictim + Host.FIRST_VECTOR_TEMP - 1;
      if ((lockedVectors & 1 << x) == 0) {
        int slot = spillSlot(2);
        asm.at(Host.STATE, Host.slot(slot));
        asm.opM(0x0F11, false, x);
        place[vector[x]] = MEMORY | slot;
        vector[x] = -1;
        return x;
      }
    }
  }

  /** The register for the vector that op {@code i} computes; its operands must be locked. */
  int vectorTarget(int i) {
    int a = block.a[i];
    if (a >= 0 && isVector(a) && isInRegister(a) && diesAt(a, i)) {
      return number(a);
    }
    return takeVector();
  }

  /** A read of a vector slot, into a register at once. */
  void getVector(int i, int slot) {
    int x = takeVector();
    asm.at(Host.STATE, Host.slot(slot));
    asm.opM(0x0F10, false, x);
    defineVector(i, x);
  }

  /** A write of a vector slot. */
  void putVector(int slot, int v) {
    int x = inVectorRegister(v);
    keepSlot(slot, -1);
    keepSlot(slot + 1, -1);
    asm.at(Host.STATE, Host.slot(slot));
    asm.opM(0x0F11, false, x);
    unlock();
  }

  void defineVector(int i, int x) {
    if (left[i] > 0) {
      setVector(x, i);
    }
  }

  /** The XMM registers that hold values needed after op {@code i}, as bits. */
  int liveVectors(int i) {
    int live = 0;
    for (int x = Host.FIRST_VECTOR_TEMP; x < Host.VECTOR_REGISTERS; x++) {
      int v = vector[x];
      if (v >= 0 && (left[v] > 0) && !diesAt(v, i)) {
        live |= 1 << x;
      }
    }
    return live;
  }
}
