package org.coremu.guest.x86;

/**
 * Decodes one instruction at a time into an {@link Insn}: prefixes, opcode, ModRM, SIB,
 * displacement, immediates, as the SDM, volume 2, chapter 2 describes them. VEX and EVEX encodings
 * are not instructions here (#UD). Not thread-safe; each translator has its own.
 */
public final class Decoder {
  private static final int MAX_LENGTH = 15;
  private static final int SS = 2;
  private static final int DS = 3;
  private static final int FS = 4;

  private final OpcodeTable table = OpcodeTable.X86;
  private final long features;
  private CodeBytes bytes;
  private int start;
  private int pos;
  private boolean addressPrefix;

  /**
   * Makes a decoder for a CPU with the features of {@code features}, a mask of {@link
   * Feature#bit}s.
   */
  public Decoder(long features) {
    this.features = features;
  }

  /**
   * Decodes the instruction that begins at {@code code.u8(at)} in code of size {@code mode} (16, 32
   * or 64) into {@code insn}. Bytes that are no instruction give the row {@link OpcodeTable#BAD} or
   * {@link OpcodeTable#TOO_LONG}. What {@code code} throws passes through; {@code insn} is then of
   * no use.
   */
  public void decode(CodeBytes code, int at, int mode, Insn insn) {
    bytes = code;
    start = at;
    pos = at;
    insn.reset(mode);
    int opcode = prefixes(insn);
    int map = 0;
    if (opcode == 0x0f) {
      opcode = next();
      map = opcode == 0x38 ? 2 : opcode == 0x3a ? 3 : 1;
      opcode = map == 1 ? opcode : next();
    }
    insn.opcode = opcode;
    int prefix = insn.rep == 0xf3 ? 2 : insn.rep == 0xf2 ? 3 : insn.prefix66 ? 1 : 0;
    int id = table.find(map, prefix, mode == 64, opcode);
    int modrm = -1;
    if (id < 0) {
      modrm = next();
      id = table.inGroup(id, modrm);
    }
    boolean removed = id == OpcodeTable.BAD && mode == 64 && map == 0;
    if (removed) {
      // processors fetch the operands of what 64-bit mode has no more before they refuse it
      id = Math.max(table.find(0, prefix, false, opcode), OpcodeTable.BAD);
    }
    OpcodeRow row = table.row(id);
    insn.row = row;
    boolean wide = mode == 64;
    insn.addrSize = wide ? (addressPrefix ? 32 : 64) : (mode == 32) != addressPrefix ? 32 : 16;
    insn.opSize = operandSize(insn, row);
    insn.segment = insn.override < 0 ? DS : insn.override;
    if (modrm >= 0 || row.has(OpcodeRow.MODRM)) {
      modrm(insn, row, modrm < 0 ? next() : modrm);
    } else {
      insn.rm = opcode & 7 | (insn.rex & 1) << 3;
    }
    immediates(insn, row);
    finish(insn, row);
    if (removed) {
      insn.row = table.row(OpcodeTable.BAD);
    }
  }

  private void finish(Insn insn, OpcodeRow row) {
    insn.length = Math.min(pos - start, MAX_LENGTH);
    if (pos - start > MAX_LENGTH) {
      insn.row = table.row(OpcodeTable.TOO_LONG);
    } else if (row.feature != 0 && (row.feature & features) == 0
        || insn.lock && !(row.has(OpcodeRow.LOCK) && insn.memory)) {
      insn.row = table.row(OpcodeTable.BAD);
    }
  }

  /** Returns the next byte; 0 past the longest instruction, whose bytes must not be fetched. */
  private int next() {
    int at = pos++;
    return at - start < MAX_LENGTH ? bytes.u8(at) : 0;
  }

  /** Takes the prefixes and returns the first byte of the opcode. */
  private int prefixes(Insn insn) {
    addressPrefix = false;
    boolean wide = insn.mode == 64;
    while (true) {
      int b = next();
      switch (b) {
        case 0x66 -> insn.prefix66 = true;
        case 0x67 -> addressPrefix = true;
        case 0xf0 -> insn.lock = true;
        case 0xf2, 0xf3 -> insn.rep = b;
        case 0x26, 0x2e, 0x36, 0x3e -> {
          if (!wide) {
            insn.override = b >> 3 & 3;
          }
        }
        case 0x64, 0x65 -> insn.override = FS + (b & 1);
        default -> {
          if (!wide || (b & 0xf0) != 0x40) {
            return b;
          }
          insn.rex = b;
          continue;
        }
      }
      // REX counts only immediately before the opcode (SDM 2.2.1).
      insn.rex = 0;
    }
  }

  private static int operandSize(Insn insn, OpcodeRow row) {
    if (row.has(OpcodeRow.BYTE)) {
      return 8;
    }
    boolean small = insn.prefix66 && !row.has(OpcodeRow.MANDATORY_66);
    if (insn.mode == 64) {
      if ((insn.rex & 8) != 0 || row.has(OpcodeRow.FORCE64)) {
        return 64;
      }
      return small ? 16 : row.has(OpcodeRow.DEFAULT64) ? 64 : 32;
    }
    return (insn.mode == 32) != small ? 32 : 16;
  }

  private void modrm(Insn insn, OpcodeRow row, int modrm) {
    insn.modrm = modrm;
    insn.reg = modrm >> 3 & 7 | (insn.rex & 4) << 1;
    insn.mod = row.has(OpcodeRow.REGISTER_ONLY) ? 3 : modrm >> 6;
    if (insn.mod == 3) {
      insn.rm = modrm & 7 | (insn.rex & 1) << 3;
    } else {
      insn.memory = true;
      if (insn.addrSize == 16) {
        address16(insn, modrm & 7);
      } else {
        address(insn, modrm & 7);
      }
    }
  }

  private void address16(Insn insn, int rm) {
    boolean absolute = insn.mod == 0 && rm == 6;
    // BX+SI, BX+DI, BP+SI, BP+DI, SI, DI, BP, BX (SDM table 2-1)
    insn.base =
        absolute
            ? -1
            : switch (rm) {
              case 0, 1, 7 -> 3;
              case 2, 3, 6 -> 5;
              case 4 -> 6;
              default -> 7;
            };
    insn.index = rm < 4 ? 6 + (rm & 1) : -1;
    displacement(insn, insn.mod == 1 ? 8 : insn.mod == 2 || absolute ? 16 : 0);
    if (insn.override < 0 && insn.base == 5) {
      insn.segment = SS;
    }
  }

  private void address(Insn insn, int rm) {
    int base = rm;
    if (rm == 4) {
      int sib = next();
      base = sib & 7;
      int index = sib >> 3 & 7 | (insn.rex & 2) << 2;
      insn.index = index == 4 ? -1 : index;
      insn.scale = sib >> 6;
    }
    boolean noBase = insn.mod == 0 && base == 5;
    if (!noBase) {
      insn.base = base | (insn.rex & 1) << 3;
    } else if (rm != 4 && insn.mode == 64) {
      insn.base = Insn.RIP;
    }
    displacement(insn, insn.mod == 1 ? 8 : insn.mod == 2 || noBase ? 32 : 0);
    if (insn.override < 0 && (insn.base == 4 || insn.base == 5)) {
      insn.segment = SS;
    }
  }

  private void displacement(Insn insn, int bits) {
    insn.dispBits = bits;
    insn.disp =
        bits == 0
            ? 0
            : bits == 8 ? (byte) next() : bits == 16 ? (short) little(2) : (int) little(4);
  }

  private void immediates(Insn insn, OpcodeRow row) {
    for (int n = 0; n < row.form.length; n++) {
      switch (row.form[n]) {
        case I -> {
          if (n > 0 && row.form[n - 1] == Form.I) {
            insn.imm2 = next();
          } else {
            insn.imm = immediate(insn.width(n));
            if (row.width[n] == Width.Z && insn.opSize == 16) {
              insn.imm = (short) insn.imm;
            }
          }
        }
        case B -> insn.imm = (byte) next();
        case J ->
            insn.imm =
                row.width[n] == Width.B
                    ? (byte) next()
                    : insn.opSize == 16 ? (short) little(2) : (int) little(4);
        case O -> insn.disp = little(insn.addrSize / 8);
        case A -> {
          insn.imm = little(insn.opSize / 8);
          insn.imm2 = (int) little(2);
        }
        default -> {}
      }
    }
  }

  private long immediate(int bits) {
    return bits == 8 ? next() : bits == 16 ? little(2) : bits == 32 ? (int) little(4) : little(8);
  }

  private long little(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) next() << 8 * i;
    }
    return value;
  }
}
