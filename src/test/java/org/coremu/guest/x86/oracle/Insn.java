package org.coremu.guest.x86.oracle;

import java.util.List;

/**
 * One generated instruction (or a short fixed group that only makes sense together), not yet bound
 * to an address.
 *
 * @param row the table row it came from
 * @param bytes the encoding; a displacement that depends on the address is filled in by {@link
 *     #assemble}
 * @param fixup what that displacement is
 * @param fixupAt its offset in {@code bytes}
 * @param target RIP: the absolute address; JUMP8 and JUMP32: how many instructions to skip
 * @param reads status flags it reads
 * @param writes status flags it leaves with a defined value
 * @param undefined status flags it leaves undefined
 */
public record Insn(
    InsnRow row,
    byte[] bytes,
    Fixup fixup,
    int fixupAt,
    long target,
    int reads,
    int writes,
    int undefined) {

  /** Kinds of position-dependent displacement. */
  public enum Fixup {
    NONE,
    RIP,
    JUMP8,
    JUMP32
  }

  /** Lays the instructions out one after the other from {@code address}. */
  public static byte[] assemble(List<Insn> insns, long address) {
    int total = 0;
    int[] starts = new int[insns.size() + 1];
    for (int i = 0; i < insns.size(); i++) {
      total += insns.get(i).bytes.length;
      starts[i + 1] = total;
    }
    byte[] code = new byte[total];
    for (int i = 0; i < insns.size(); i++) {
      Insn insn = insns.get(i);
      System.arraycopy(insn.bytes, 0, code, starts[i], insn.bytes.length);
      int end = starts[i + 1];
      int at = starts[i] + insn.fixupAt;
      int landing =
          starts[(int) Math.min(insns.size(), i + 1 + Math.max(0, Math.min(insn.target, 100)))];
      switch (insn.fixup) {
        case NONE -> {}
        case RIP -> GuestState.INT.set(code, at, (int) (insn.target - (address + end)));
        case JUMP8 -> code[at] = (byte) Math.min(landing - end, 127);
        case JUMP32 -> GuestState.INT.set(code, at, landing - end);
      }
    }
    return code;
  }

  /** Offsets of the instructions from the first one, and the end as a last element. */
  public static int[] offsets(List<Insn> insns) {
    int[] starts = new int[insns.size() + 1];
    for (int i = 0; i < insns.size(); i++) {
      starts[i + 1] = starts[i] + insns.get(i).bytes.length;
    }
    return starts;
  }
}
