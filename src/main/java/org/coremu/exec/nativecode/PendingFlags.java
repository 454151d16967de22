package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;
import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;

/**
 * The last FLAGS op of a block, kept back: most flags are overwritten before anybody looks, and
 * where the block may be left in between it is enough that the way out, which is rarely taken,
 * stores them.
 */
final class PendingFlags {
  private final Assembler asm;
  private Values values;
  private Block block;

  /** The FLAGS or FLAGS3 op, or -1. */
  private int op = -1;

  PendingFlags(Assembler asm) {
    this.asm = asm;
  }

  void begin(Block ir, Values where) {
    block = ir;
    values = where;
    op = -1;
  }

  /**
   * Takes over FLAGS op {@code i} and the uses of its operands; what was pending is overwritten.
   */
  void set(int i) {
    forget();
    op = i;
    if (!Optimisation.DELAYED_FLAGS.isOn()) {
      commit();
    }
  }

  /** The pending op, or -1. */
  int pending() {
    return op;
  }

  /** Frees the registers of what is pending, by storing it. False if nothing was pending. */
  boolean giveWay() {
    if (op < 0) {
      return false;
    }
    commit();
    return true;
  }

  /** Stores what is pending; may use RAX. */
  void commit() {
    if (op >= 0) {
      store(op);
      forget();
    }
  }

  private void forget() {
    if (op >= 0) {
      int was = op;
      op = -1;
      values.release(block.a[was]);
      values.release(block.b[was]);
      values.release(block.c[was]);
    }
  }

  private void store(int i) {
    storeFrom(
        i, values.placeOf(block.a[i]), values.placeOf(block.b[i]), values.placeOf(block.c[i]));
  }

  /**
   * Stores the flags of op {@code i} from where its operands were at an earlier op; may use RAX.
   */
  void storeFrom(int i, int a, int b, int c) {
    asm.at(Host.STATE, Host.slot(CoreState.FLAG_KIND));
    asm.storeConstantM(8, (int) block.imm[i]);
    values.storeFrom(a, CoreState.FLAG_A, block.a[i]);
    values.storeFrom(b, CoreState.FLAG_B, block.b[i]);
    if (block.op[i] == Code.FLAGS3) {
      values.storeFrom(c, CoreState.FLAG_C, block.c[i]);
    }
  }
}
