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
    code = reader;
    t.begin(ir, mode);
    int pageBytes = Ram.PAGE_SIZE - (int) (start & Ram.PAGE_SIZE - 1);
    int delta = 0;
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
      if (ir.ended()) {
        ir.end(delta);
        return;
      }
    }
    ir.jump(delta);
    ir.end(delta);
  }
}
