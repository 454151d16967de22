package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cases of one instruction each that go through the opcode maps: every prefix, opcode byte,
 * ModRM.reg and kind of operand. What counts is whether it is an instruction at all, and how long
 * it is.
 */
final class EncodingSweep {
  private static final int[][] MAPS = {{}, {0x0F}, {0x0F, 0x38}, {0x0F, 0x3A}};
  private static final int[] PREFIXES = {0, 0x66, 0xF3, 0xF2};
  private static final InsnRow ANY = InsnRow.parse("any 90").getFirst();

  private EncodingSweep() {}

  /** All cases. */
  static List<TestCase> cases() {
    List<TestCase> cases = new ArrayList<>();
    for (int map = 0; map < MAPS.length; map++) {
      for (int prefix : PREFIXES) {
        for (int opcode = 0; opcode < 256; opcode++) {
          for (int reg = 0; reg < 8; reg++) {
            addForms(cases, map, prefix, opcode, reg);
          }
        }
      }
    }
    return cases;
  }

  private static void addForms(List<TestCase> cases, int map, int prefix, int opcode, int reg) {
    if (isExcluded(map, prefix, opcode, reg)) {
      return;
    }
    for (int rex : new int[] {0, 0x48}) {
      cases.add(encode(map, prefix, rex, opcode, reg << 3 | 3));
      cases.add(encode(map, prefix, rex, opcode, reg << 3 | 0xC3));
      cases.add(encode(map, prefix, rex, opcode, reg << 3 | 0xC0));
    }
  }

  private static TestCase encode(int map, int prefix, int rex, int opcode, int modrm) {
    byte[] bytes = new byte[16];
    int at = 0;
    if (prefix != 0) {
      bytes[at++] = (byte) prefix;
    }
    if (rex != 0) {
      bytes[at++] = (byte) rex;
    }
    for (int escape : MAPS[map]) {
      bytes[at++] = (byte) escape;
    }
    bytes[at++] = (byte) opcode;
    bytes[at++] = (byte) modrm;
    Arrays.fill(bytes, at, 16, (byte) 0xCC); // immediates, or the end
    long[] gpr = new long[16];
    Arrays.fill(gpr, TestCase.DATA_BASE + 0x8000);
    gpr[1] = 1;
    byte[] fx = new byte[GuestState.FX_BYTES];
    GuestState.SHORT.set(fx, GuestState.FX_FCW, (short) 0x37F);
    GuestState.INT.set(fx, GuestState.FX_MXCSR, 0x1F80);
    Insn insn = new Insn(ANY, bytes, Insn.Fixup.NONE, 0, 0, 0, 0, 0);
    GuestState state = new GuestState(gpr, TestCase.CODE_BASE + 0x100, 0x202, fx);
    return new TestCase(9, state, List.of(insn), List.of());
  }

  /** What must not be run on the host, or what the host has and the emulated processor has not. */
  private static boolean isExcluded(int map, int prefix, int opcode, int reg) {
    return switch (map) {
      case 0 -> isExcludedOneByte(opcode);
      case 1 -> isExcludedTwoByte(prefix, opcode, reg);
      // AES, GFNI, SHA, MOVBE, ADX, WRSS, ENQCMD, MOVDIR, INVPCID; CRC32 among them is tested
      // elsewhere
      case 2 -> opcode >= 0xC8 || opcode >= 0x80 && opcode <= 0x82;
      default -> opcode >= 0xC0 || opcode == 0x44; // SHA, AES, GFNI, PCLMULQDQ
    };
  }

  private static boolean isExcludedOneByte(int opcode) {
    return switch (opcode) {
      case 0x0F, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3 ->
          true; // prefixes
      case 0x62, 0xC4, 0xC5, 0x8F -> true; // EVEX, VEX, XOP
      case 0x8E, 0x9D, 0xCD, 0xCF, 0xCA, 0xCB -> true; // segment loads, POPF, INT n, far returns
      case 0xE0, 0xE1, 0xE2, 0xE3, 0xE8, 0xE9, 0xEB, 0xFF -> true; // jumps into nowhere
      default -> (opcode & 0xF0) == 0x40 || (opcode & 0xF0) == 0x70; // REX, Jcc
    };
  }

  private static boolean isExcludedTwoByte(int prefix, int opcode, int reg) {
    return switch (opcode) {
      case 0x38, 0x3A -> true;
      case 0x00, 0x01, 0x02, 0x03 -> true; // system; depends on descriptors
      case 0x05, 0x07, 0x34, 0x35, 0xA2, 0x31, 0x33, 0x37, 0x0F, 0x0E, 0x24, 0x26 -> true;
      case 0xAE -> prefix != 0 || reg >= 4; // FSGSBASE, XSAVE, CLWB, fences
      case 0xC7 -> reg != 1; // RDRAND, XSAVEC, VMX
      case 0xBC, 0xBD -> prefix != 0; // TZCNT, LZCNT
      case 0x78, 0x79, 0x2B -> prefix != 0; // SSE4a
      case 0xA1, 0xA9, 0xB2, 0xB4, 0xB5 -> true; // segment loads
      case 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x0D, 0x18 -> true; // hints
      default -> (opcode & 0xF0) == 0x80;
    };
  }
}
