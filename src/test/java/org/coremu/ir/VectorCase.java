package org.coremu.ir;

import java.util.ArrayList;
import java.util.List;

/**
 * A vector op with an immediate, and the host instruction that does the same on XMM1 (a, and the
 * result), XMM2 (b) and XMM0 (c), or EAX (an integer b or result). An instruction of one operand
 * finds it in both XMM1 and XMM2.
 */
public record VectorCase(IrOp op, int imm, String code) {
  /** ModRM: XMM1, XMM2. */
  private static final String RR = " CA";

  /** Opcodes by lane, "-" where there is none. */
  private static final Object[][] BY_LANE = {
    {IrOp.VADD, "66 0F FC", "66 0F FD", "66 0F FE", "66 0F D4"},
    {IrOp.VSUB, "66 0F F8", "66 0F F9", "66 0F FA", "66 0F FB"},
    {IrOp.VADDS, "66 0F EC", "66 0F ED", "-", "-"},
    {IrOp.VADDU, "66 0F DC", "66 0F DD", "-", "-"},
    {IrOp.VSUBS, "66 0F E8", "66 0F E9", "-", "-"},
    {IrOp.VSUBU, "66 0F D8", "66 0F D9", "-", "-"},
    {IrOp.VMUL, "-", "66 0F D5", "66 0F 38 40", "-"},
    {IrOp.VAVG, "66 0F E0", "66 0F E3", "-", "-"},
    {IrOp.VSIGN, "66 0F 38 08", "66 0F 38 09", "66 0F 38 0A", "-"},
    {IrOp.VMINS, "66 0F 38 38", "66 0F EA", "66 0F 38 39", "-"},
    {IrOp.VMINU, "66 0F DA", "66 0F 38 3A", "66 0F 38 3B", "-"},
    {IrOp.VMAXS, "66 0F 38 3C", "66 0F EE", "66 0F 38 3D", "-"},
    {IrOp.VMAXU, "66 0F DE", "66 0F 38 3E", "66 0F 38 3F", "-"},
    {IrOp.VCMPEQ, "66 0F 74", "66 0F 75", "66 0F 76", "66 0F 38 29"},
    {IrOp.VCMPGT, "66 0F 64", "66 0F 65", "66 0F 66", "66 0F 38 37"},
    {IrOp.VABS, "66 0F 38 1C", "66 0F 38 1D", "66 0F 38 1E", "-"},
    {IrOp.VSHL, "-", "66 0F F1", "66 0F F2", "66 0F F3"},
    {IrOp.VSHR, "-", "66 0F D1", "66 0F D2", "66 0F D3"},
    {IrOp.VSAR, "-", "66 0F E1", "66 0F E2", "-"},
    {IrOp.VHADD, "-", "66 0F 38 01", "66 0F 38 02", "-"},
    {IrOp.VHSUB, "-", "66 0F 38 05", "66 0F 38 06", "-"},
    {IrOp.VPACKS, "-", "66 0F 63", "66 0F 6B", "-"},
    {IrOp.VPACKU, "-", "66 0F 67", "66 0F 38 2B", "-"},
    {IrOp.VUNPACKL, "66 0F 60", "66 0F 61", "66 0F 62", "66 0F 6C"},
    {IrOp.VUNPACKH, "66 0F 68", "66 0F 69", "66 0F 6A", "66 0F 6D"},
    {IrOp.VBLENDV, "66 0F 38 10", "-", "66 0F 38 14", "66 0F 38 15"}
  };

  /** Ops without an immediate. */
  private static final Object[][] PLAIN = {
    {IrOp.VMULHS, "66 0F E5"},
    {IrOp.VMULHU, "66 0F E4"},
    {IrOp.VMULHR, "66 0F 38 0B"},
    {IrOp.VMULS, "66 0F 38 28"},
    {IrOp.VMULU, "66 0F F4"},
    {IrOp.VMADD, "66 0F F5"},
    {IrOp.VMADDUB, "66 0F 38 04"},
    {IrOp.VSAD, "66 0F F6"},
    {IrOp.VAND, "66 0F DB"},
    {IrOp.VANDN, "66 0F DF"},
    {IrOp.VOR, "66 0F EB"},
    {IrOp.VXOR, "66 0F EF"},
    {IrOp.VHADDS, "66 0F 38 03"},
    {IrOp.VHSUBS, "66 0F 38 07"},
    {IrOp.VSHUFB, "66 0F 38 00"},
    {IrOp.VMINPOS, "66 0F 38 41"},
    {IrOp.VTEST, "66 0F 38 17"},
  };

  /** Ops whose immediate is the instruction's, and for how many values. */
  private static final Object[][] IMMEDIATE = {
    {IrOp.VSHUFD, "66 0F 70", 256},
    {IrOp.VSHUFLW, "F2 0F 70", 256},
    {IrOp.VSHUFHW, "F3 0F 70", 256},
    {IrOp.VSHUFPS, "0F C6", 256},
    {IrOp.VSHUFPD, "66 0F C6", 4},
    {IrOp.VALIGN, "66 0F 3A 0F", 33},
    {IrOp.VINSERTPS, "66 0F 3A 21", 256},
    {IrOp.VMPSAD, "66 0F 3A 42", 8},
    {IrOp.VCLMUL, "66 0F 3A 44", 18},
  };

  /** Packed op, by prefix: none and 66 packed, F3 and F2 scalar. */
  private static final Object[][] FLOAT = {
    {IrOp.VFADD, "0F 58"},
    {IrOp.VFSUB, "0F 5C"},
    {IrOp.VFMUL, "0F 59"},
    {IrOp.VFDIV, "0F 5E"},
    {IrOp.VFMIN, "0F 5D"},
    {IrOp.VFMAX, "0F 5F"},
    {IrOp.VFSQRT, "0F 51"},
  };

  /** All cases. */
  public static List<VectorCase> all() {
    List<VectorCase> all = new ArrayList<>();
    for (Object[] row : BY_LANE) {
      for (int lane = 0; lane <= Lane.I64; lane++) {
        if (!row[1 + lane].equals("-")) {
          all.add(new VectorCase((IrOp) row[0], lane, row[1 + lane] + RR));
        }
      }
    }
    for (Object[] row : PLAIN) {
      all.add(new VectorCase((IrOp) row[0], 0, row[1] + RR));
    }
    for (Object[] row : IMMEDIATE) {
      for (int i = 0; i < (int) row[2]; i++) {
        all.add(new VectorCase((IrOp) row[0], i, "%s CA %02X".formatted(row[1], i)));
      }
    }
    addShifts(all);
    addLanes(all);
    addStrings(all);
    addFloat(all);
    addConversions(all);
    return all;
  }

  private static void add(
      List<VectorCase> all, IrOp op, int imm, String code, Object... arguments) {
    all.add(new VectorCase(op, imm, code.formatted(arguments)));
  }

  private static void addShifts(List<VectorCase> all) {
    for (int count = 0; count <= 66; count++) {
      for (int lane = Lane.I16; lane <= Lane.I64; lane++) {
        add(all, IrOp.VSHLI, lane | count << 8, "66 0F %02X F1 %02X", 0x70 + lane, count);
        add(all, IrOp.VSHRI, lane | count << 8, "66 0F %02X D1 %02X", 0x70 + lane, count);
        if (lane < Lane.I64) {
          add(all, IrOp.VSARI, lane | count << 8, "66 0F %02X E1 %02X", 0x70 + lane, count);
        }
      }
    }
    for (int count = 0; count <= 16; count++) {
      add(all, IrOp.VSHLB, count, "66 0F 73 F9 %02X", count);
      add(all, IrOp.VSHRB, count, "66 0F 73 D9 %02X", count);
    }
  }

  private static void addLanes(List<VectorCase> all) {
    for (int mask = 0; mask < 256; mask++) {
      add(all, IrOp.VBLEND, Lane.I16 | mask << 8, "66 0F 3A 0E CA %02X", mask);
      if (mask < 16) {
        add(all, IrOp.VBLEND, Lane.I32 | mask << 8, "66 0F 3A 0C CA %02X", mask);
        add(all, IrOp.VINSERT, Lane.I8 | mask << 8, "66 0F 3A 20 C8 %02X", mask);
        add(all, IrOp.VEXTRACT, Lane.I8 | mask << 8, "66 0F 3A 14 C8 %02X", mask);
      }
      if (mask < 8) {
        add(all, IrOp.VINSERT, Lane.I16 | mask << 8, "66 0F C4 C8 %02X", mask);
        add(all, IrOp.VEXTRACT, Lane.I16 | mask << 8, "66 0F C5 C1 %02X", mask);
      }
      if (mask < 4) {
        add(all, IrOp.VBLEND, Lane.I64 | mask << 8, "66 0F 3A 0D CA %02X", mask);
        add(all, IrOp.VINSERT, Lane.I32 | mask << 8, "66 0F 3A 22 C8 %02X", mask);
        add(all, IrOp.VEXTRACT, Lane.I32 | mask << 8, "66 0F 3A 16 C8 %02X", mask);
      }
      if (mask < 2) {
        add(all, IrOp.VINSERT, Lane.I64 | mask << 8, "66 48 0F 3A 22 C8 %02X", mask);
        add(all, IrOp.VEXTRACT, Lane.I64 | mask << 8, "66 48 0F 3A 16 C8 %02X", mask);
      }
    }
    add(all, IrOp.VMOVMSK, Lane.I8, "66 0F D7 C1");
    add(all, IrOp.VMOVMSK, Lane.I32, "0F 50 C1");
    add(all, IrOp.VMOVMSK, Lane.I64, "66 0F 50 C1");
    int opcode = 0;
    for (int from = Lane.I8; from < Lane.I64; from++) {
      for (int to = from + 1; to <= Lane.I64; to++, opcode++) {
        add(all, IrOp.VSEXT, from | to << 8, "66 0F 38 %02X CA", 0x20 + opcode);
        add(all, IrOp.VZEXT, from | to << 8, "66 0F 38 %02X CA", 0x30 + opcode);
      }
    }
    add(all, IrOp.VAES, VectorAes.ENCRYPT, "66 0F 38 DC CA");
    add(all, IrOp.VAES, VectorAes.ENCRYPT_LAST, "66 0F 38 DD CA");
    add(all, IrOp.VAES, VectorAes.DECRYPT, "66 0F 38 DE CA");
    add(all, IrOp.VAES, VectorAes.DECRYPT_LAST, "66 0F 38 DF CA");
    add(all, IrOp.VAES, VectorAes.INVERSE_MIX, "66 0F 38 DB C9");
    add(all, IrOp.VAES, VectorAes.KEY_ASSIST | 0x1b << 8, "66 0F 3A DF C9 1B");
  }

  /** PCMPESTRM and PCMPISTRM; the bit mask goes from XMM0 to XMM1. */
  private static void addStrings(List<VectorCase> all) {
    for (int imm = 0; imm < 64; imm++) {
      add(all, IrOp.VSTRING, imm, "66 0F 3A 60 CA %02X 66 0F 6F C8", imm);
      add(all, IrOp.VSTRING, imm | StringCompare.IMPLICIT, "66 0F 3A 62 CA %02X 66 0F 6F C8", imm);
    }
  }

  private static void addFloat(List<VectorCase> all) {
    String[] prefixes = {"F3 ", "F2 ", "", "66 "};
    for (int lanes = FpLanes.SCALAR32; lanes <= FpLanes.PACKED64; lanes++) {
      for (Object[] row : FLOAT) {
        all.add(new VectorCase((IrOp) row[0], lanes, prefixes[lanes] + row[1] + RR));
      }
      for (int predicate = 0; predicate < 8; predicate++) {
        add(all, IrOp.VFCMP, lanes | predicate << 8, "%s0F C2 CA %02X", prefixes[lanes], predicate);
      }
      int[] roundOpcodes = {0x0a, 0x0b, 0x08, 0x09};
      for (int control = 0; control < 16; control++) {
        add(
            all,
            IrOp.VFROUND,
            lanes | control << 8,
            "66 0F 3A %02X CA %02X",
            roundOpcodes[lanes],
            control);
      }
    }
    for (int lanes = FpLanes.PACKED32; lanes <= FpLanes.PACKED64; lanes++) {
      String prefix = lanes == FpLanes.PACKED32 ? "F2" : "66";
      add(all, IrOp.VFADDSUB, lanes, prefix + " 0F D0 CA");
      add(all, IrOp.VFHADD, lanes, prefix + " 0F 7C CA");
      add(all, IrOp.VFHSUB, lanes, prefix + " 0F 7D CA");
      for (int imm = 0; imm < 256; imm += 5) {
        add(all, IrOp.VFDOT, lanes | imm << 8, "66 0F 3A %02X CA %02X", 0x3e + lanes, imm);
      }
    }
    for (int lanes = FpLanes.SCALAR32; lanes <= FpLanes.SCALAR64; lanes++) {
      String prefix = lanes == FpLanes.SCALAR32 ? "" : "66 ";
      add(all, IrOp.VFCOMI, lanes | 1 << 8, prefix + "0F 2F CA");
      add(all, IrOp.VFCOMI, lanes, prefix + "0F 2E CA");
    }
  }

  private static void addConversions(List<VectorCase> all) {
    int cut = VectorFloat.TRUNCATE << 8;
    int wide = VectorFloat.WIDE << 8;
    add(all, IrOp.VFWIDEN, FpLanes.SCALAR64, "F3 0F 5A CA");
    add(all, IrOp.VFWIDEN, FpLanes.PACKED64, "0F 5A CA");
    add(all, IrOp.VFNARROW, FpLanes.SCALAR64, "F2 0F 5A CA");
    add(all, IrOp.VFNARROW, FpLanes.PACKED64, "66 0F 5A CA");
    add(all, IrOp.VFFROMI, FpLanes.PACKED32, "0F 5B CA");
    add(all, IrOp.VFFROMI, FpLanes.PACKED64, "F3 0F E6 CA");
    add(all, IrOp.VFTOI, FpLanes.PACKED32, "66 0F 5B CA");
    add(all, IrOp.VFTOI, FpLanes.PACKED32 | cut, "F3 0F 5B CA");
    add(all, IrOp.VFTOI, FpLanes.PACKED64, "F2 0F E6 CA");
    add(all, IrOp.VFTOI, FpLanes.PACKED64 | cut, "66 0F E6 CA");
    add(all, IrOp.VFFROMINT, FpLanes.SCALAR32, "F3 0F 2A C8");
    add(all, IrOp.VFFROMINT, FpLanes.SCALAR64, "F2 0F 2A C8");
    add(all, IrOp.VFFROMINT, FpLanes.SCALAR32 | wide, "F3 48 0F 2A C8");
    add(all, IrOp.VFFROMINT, FpLanes.SCALAR64 | wide, "F2 48 0F 2A C8");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR32, "F3 0F 2D C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR64, "F2 0F 2D C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR32 | wide, "F3 48 0F 2D C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR64 | wide, "F2 48 0F 2D C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR32 | cut, "F3 0F 2C C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR64 | cut, "F2 0F 2C C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR32 | wide | cut, "F3 48 0F 2C C1");
    add(all, IrOp.VFTOINT, FpLanes.SCALAR64 | wide | cut, "F2 48 0F 2C C1");
  }
}
