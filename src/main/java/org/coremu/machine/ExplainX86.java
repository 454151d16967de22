package org.coremu.machine;

import java.util.ArrayList;
import java.util.List;
import org.coremu.exec.Explanation;
import org.coremu.guest.x86.Assembly;
import org.coremu.guest.x86.CodeBytes;
import org.coremu.guest.x86.Decoder;
import org.coremu.guest.x86.Insn;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.X86Translator;

/** Explains 64-bit x86 code as user space runs it, with every feature there is. */
public final class ExplainX86 implements Explain {
  private static final long ALL_FEATURES = -1;
  private static final int CODE64 = 2;
  private static final int USER = 3;
  private static final long MODE =
      CODE64
          | X86Mode.STACK32
          | USER << X86Mode.CPL_SHIFT
          | X86Mode.FLAT
          | X86Mode.PROTECTED
          | X86Mode.LONG
          | X86Mode.SSE;

  @Override
  public List<Stage> explain(byte[] code) {
    Decoder decoder = new Decoder(ALL_FEATURES);
    CodeBytes bytes = i -> byteAt(code, i);
    List<String> assembly = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    int insns = 0;
    for (int at = 0; at < code.length; insns++) {
      Insn insn = new Insn();
      decoder.decode(bytes, at, 64, insn);
      assembly.add("+0x%x  %s".formatted(at, Assembly.print(insn, at)));
      sources.add(
          "%s: guest/x86/insn/%s.java, %s"
              .formatted(insn.mnemonic(), insn.row.family, insn.row.method));
      at += insn.length;
    }
    int count = insns;
    Explanation e =
        Explanation.of(
            X86Helpers.TABLE,
            X86State.layout(),
            ir ->
                new X86Translator(ALL_FEATURES)
                    .translateBlock(ir, i -> byteAt(code, i), 0, MODE, count));
    return List.of(
        new Stage("assembly", assembly),
        new Stage("source", sources),
        new Stage("IR", e.ir().lines().map(String::strip).toList()),
        new Stage("IR after optimisation", e.optimised().lines().map(String::strip).toList()),
        new Stage("interpreter code", e.code()),
        new Stage("machine code", disassemble(e.machineCode())));
  }

  private static List<String> disassemble(byte[] code) {
    Decoder decoder = new Decoder(ALL_FEATURES);
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < code.length; ) {
      Insn insn = new Insn();
      decoder.decode(i -> byteAt(code, i), at, 64, insn);
      lines.add("+0x%x  %s".formatted(at, Assembly.print(insn, at)));
      at += insn.length;
    }
    return lines;
  }

  private static int byteAt(byte[] code, int i) {
    if (i >= code.length) {
      throw new ConfigException("explain: the bytes end within an instruction");
    }
    return code[i] & 0xff;
  }
}
