package org.coremu.ir;

import java.util.Arrays;

/**
 * Removes writes of state that the block overwrites before anybody can look, and values nobody
 * uses. One pass from the end to the start. State is looked at where the block may be left: at
 * faulting ops, helpers that read state, and the end.
 */
public final class DeadCode {
  private static final int SLOTS = 2048;

  private static final int MUST_STAY =
      Effect.FAULTS | Effect.VISIBLE | Effect.WRITES_STATE | Effect.ENDS_BLOCK;

  /**
   * Per slot: the epoch in which a later write hides this one. Looking at the state starts a new
   * epoch.
   */
  private final int[] hidden = new int[SLOTS];

  private int epoch = 1;
  private int[] uses = new int[256];

  /** Runs the pass; afterwards {@code block.removed} is set. */
  public void run(Block block) {
    newEpoch();
    int n = block.size;
    if (uses.length < n) {
      uses = new int[block.op.length];
    } else {
      Arrays.fill(uses, 0, n, 0);
    }
    boolean flagsHidden = false;
    for (int i = n - 1; i >= 0; i--) {
      int effects = block.effects(i);
      boolean remove = false;
      switch (block.op[i]) {
        case IrOp.Code.PUT:
          remove = hide((int) block.imm[i]);
          break;
        case IrOp.Code.PUTV:
          {
            int slot = (int) block.imm[i];
            // Both halves must be hidden for the write to be dead, and both become hidden by it.
            remove = hide(slot) & hide(slot + 1);
            break;
          }
        case IrOp.Code.FLAGS, IrOp.Code.FLAGS3:
          remove = flagsHidden;
          flagsHidden = true;
          break;
        case IrOp.Code.FLAGSNZ:
          remove = flagsHidden;
          break;
        case IrOp.Code.GET, IrOp.Code.GETV, IrOp.Code.PCREL:
          remove = uses[i] == 0;
          if (!remove) {
            expose(block, i);
          }
          break;
        case IrOp.Code.GETFLAGS, IrOp.Code.COND:
          remove = uses[i] == 0;
          flagsHidden &= remove;
          break;
        default:
          remove = uses[i] == 0 && (effects & MUST_STAY) == 0;
          if (!remove
              && (effects & (Effect.FAULTS | Effect.READS_STATE | Effect.ENDS_BLOCK)) != 0) {
            newEpoch();
            flagsHidden = false;
          }
      }
      block.removed[i] = remove;
      if (!remove) {
        use(block.a[i]);
        use(block.b[i]);
        use(block.c[i]);
      }
    }
  }

  /** Number of uses of value {@code v} by ops that stay; valid after {@link #run}. */
  public int uses(int v) {
    return uses[v];
  }

  private boolean hide(int slot) {
    boolean was = hidden[slot] == epoch;
    hidden[slot] = epoch;
    return was;
  }

  private void expose(Block block, int i) {
    int slot = (int) block.imm[i];
    if (block.op[i] == IrOp.Code.GET || block.op[i] == IrOp.Code.GETV) {
      hidden[slot] = 0;
      if (block.op[i] == IrOp.Code.GETV) {
        hidden[slot + 1] = 0;
      }
    }
  }

  private void use(int v) {
    if (v >= 0) {
      uses[v]++;
    }
  }

  private void newEpoch() {
    if (++epoch == Integer.MAX_VALUE) {
      Arrays.fill(hidden, 0);
      epoch = 1;
    }
  }
}
