package org.coremu.guest.x86;

import org.coremu.exec.CodeReader;
import org.coremu.exec.GuestFault;
import org.coremu.ir.IrBuilder;
import org.coremu.mem.Ram;

/**
 * Translates blocks of x86 code: decodes an instruction, lets its family translate it, until the
 * block ends.
 */
public final class X86Translator implements CodeBytes {
  private final Decoder decoder;
  private final X86Ir t = new X86Ir();
  private CodeReader code;

  /**
   * Makes a translator for a CPU with the features of {@code features}, a mask of {@link
   * Feature#bit}s.
   */
  public X86Translator(long features) {
    decoder = new Decoder(features);
  }

  @Override
  public int u8(int index) {
    return code.u8(index);
  }

  /** Translates a block; see {@code exec.Guest.translateBlock}. */
  public void translateBlock(IrBuilder ir, CodeReader reader, long start, long mode, int maxInsns) {
    translate(ir, reader, start, mode, maxInsns, false);
  }

  /** Translates a trace; see {@code exec.Guest.translateTrace}. */
  public void translateTrace(IrBuilder ir, CodeReader reader, long start, long mode, int maxInsns) {
    translate(ir, reader, start, mode, maxInsns, true);
  }

  private void translate(
      IrBuilder ir, CodeReader reader, long start, long mode, int maxInsns, boolean trace) {
    code = reader;
    t.begin(ir, mode);
    int pageBytes = Ram.PAGE_SIZE - (int) (start & Ram.PAGE_SIZE - 1);
    int delta = 0;
    int end = 0;
    int round = 0; // where the last round of a loop began
    for (int n = 0; n < maxInsns && delta < pageBytes; n++) {
      try {
        decoder.decode(this, delta, X86Mode.codeSize(mode), t.insn);
      } catch (GuestFault fault) {
        if (n == 0) {
          throw fault;
        }
        break;
      }
      ir.insn(delta);
      t.beginInsn(delta);
      if (t.unitAvailable()) {
        Families.translate(t);
      }
      delta += t.insn.length;
      end = Math.max(end, delta);
      if (ir.ended()) {
        int length = n + 1 - round;
        int next = trace ? next(ir, delta, pageBytes, n + 1 + length <= maxInsns) : -1;
        if (next < 0 || n + 1 == maxInsns) {
          if (next >= 0) {
            ir.jump(next);
          }
          ir.end(end);
          return;
        }
        delta = next;
        if (next == 0) {
          round = n + 1;
        }
      }
    }
    ir.jump(delta);
    ir.end(end);
  }

  /**
   * Where a trace goes on after the jump or branch that has ended the block, or -1 if the block
   * ends there. Forward branches are likely not taken, those back to the start are.
   */
  private static int next(IrBuilder ir, int delta, int pageBytes, boolean again) {
    if (ir.endsInBranch()) {
      int taken = ir.taken();
      if (taken == 0 && again) {
        ir.followTaken();
        return 0;
      }
      if (taken > delta && delta < pageBytes) {
        ir.followFallThrough();
        return delta;
      }
    } else if (ir.endsInJump()) {
      int target = ir.taken();
      if (target == 0 && again || target >= delta && target < pageBytes) {
        ir.followJump();
        return target;
      }
    }
    return -1;
  }
}
