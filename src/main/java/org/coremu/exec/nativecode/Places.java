package org.coremu.exec.nativecode;

import java.util.Arrays;
import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.IrOp.Result;

/** Where each value of a block is at the moment, and how often it is still used. */
abstract class Places {
  static final int KIND = 0x3000_0000;
  static final int NOWHERE = 0;
  static final int REGISTER = 0x1000_0000;

  /** In a guest slot or a spill slot: the number is the slot. */
  static final int MEMORY = 0x2000_0000;

  Block block;

  /** Per value: kind and number. */
  int[] place = new int[256];

  /** Per value: uses that are still to come. */
  int[] left = new int[256];

  final void beginPlaces(Block ir) {
    block = ir;
    if (place.length < ir.size) {
      place = new int[ir.op.length];
      left = new int[ir.op.length];
    }
    Arrays.fill(place, 0, ir.size, NOWHERE);
    Arrays.fill(left, 0, ir.size, 0);
  }

  final void addUse(int v) {
    if (v >= 0) {
      left[v]++;
    }
  }

  final int usesLeft(int v) {
    return left[v];
  }

  final boolean isConstant(int v) {
    return block.op[v] == Code.CONST && place[v] == NOWHERE;
  }

  /** Whether a value is a constant that fits the sign-extended immediate of an instruction. */
  final boolean isImmediate(int v) {
    return isConstant(v) && block.imm[v] == (int) block.imm[v];
  }

  final long constant(int v) {
    return block.imm[v];
  }

  final boolean isPcRelative(int v) {
    return block.op[v] == Code.PCREL && place[v] == NOWHERE;
  }

  final boolean isInRegister(int v) {
    return (place[v] & KIND) == REGISTER;
  }

  final boolean isInMemory(int v) {
    return (place[v] & KIND) == MEMORY;
  }

  final int number(int v) {
    return place[v] & 0xffff;
  }

  /** The register a value is in, or -1. */
  final int registerOf(int v) {
    return isInRegister(v) ? number(v) : -1;
  }

  /** Whether a value has not been computed: a comparison that its only user is to emit. */
  final boolean isDelayed(int v) {
    return place[v] == NOWHERE && IntegerOps.isCompare(block.op[v]);
  }

  /** Where a value is now, for {@link Values#storeFrom}. */
  final int placeOf(int v) {
    return v < 0 ? NOWHERE : place[v];
  }

  /** Whether a value is a vector, whose registers are XMM registers. */
  final boolean isVector(int v) {
    return block.row(v).result == Result.VECTOR;
  }

  /** Whether op {@code i} is the last to use a value. */
  final boolean diesAt(int v, int i) {
    int here = (block.a[i] == v ? 1 : 0) + (block.b[i] == v ? 1 : 0) + (block.c[i] == v ? 1 : 0);
    return left[v] == here;
  }
}
