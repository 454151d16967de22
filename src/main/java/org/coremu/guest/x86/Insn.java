package org.coremu.guest.x86;

/**
 * A decoded instruction. One object is filled again and again by {@link Decoder}, so nothing may
 * keep a reference to it. All fields are valid after each decoding; those that do not apply are 0
 * (or -1 where said).
 */
public final class Insn {
  /** Number of the instruction pointer as {@link #base}. */
  public static final int RIP = 16;

  /**
   * The row of {@code opcodes.txt}; never null: bytes that are no instruction have the row that
   * raises the fault.
   */
  public OpcodeRow row;

  /** Size of the code segment: 16, 32 or 64. */
  public int mode;

  /** Operand size in bits: 8, 16, 32 or 64. */
  public int opSize;

  /** Address size in bits: 16, 32 or 64. */
  public int addrSize;

  /** Length in bytes, 1 to 15. */
  public int length;

  /** Whether there is a LOCK prefix (which is then allowed here). */
  public boolean lock;

  /** The last of the prefixes F3 (REP, REPE) and F2 (REPNE), or 0. */
  public int rep;

  /** Whether there is a 66 prefix. */
  public boolean prefix66;

  /** The whole REX byte, or 0; distinguishes SPL from AH. */
  public int rex;

  /** Segment override that has an effect in this mode: ES, CS, SS, DS, FS, GS = 0 to 5, or -1. */
  public int override;

  /** The opcode byte within its map. */
  public int opcode;

  /** The whole ModRM byte; stale if there is none. */
  public int modrm;

  /** ModRM.mod, 0 to 3. */
  public int mod;

  /** ModRM.reg with REX.R, 0 to 15; for segment and MMX registers only the low three bits count. */
  public int reg;

  /**
   * ModRM.rm (when mod is 3) or the register in the opcode, with REX.B, 0 to 15; low three bits for
   * MMX, x87.
   */
  public int rm;

  /** Whether there is a memory operand described by ModRM. */
  public boolean memory;

  /** Base register of the memory operand, {@link #RIP}, or -1. */
  public int base;

  /** Index register, or -1. */
  public int index;

  /** Shift count of the index register, 0 to 3. */
  public int scale;

  /** Displacement, sign-extended; for a {@link Form#O} operand the offset, zero-extended. */
  public long disp;

  /** Size of the displacement in the encoding, in bits. */
  public int dispBits;

  /**
   * Segment of the memory operand (also {@link Form#X}, {@link Form#O}, {@link Form#H}): override
   * or default.
   */
  public int segment;

  /**
   * Immediate: I of 8 and 16 bits and A zero-extended; B, J, Iz, and I of 32 bits sign-extended.
   */
  public long imm;

  /** Second immediate (ENTER), or the selector of a far pointer. */
  public int imm2;

  void reset(int codeSize) {
    mode = codeSize;
    lock = false;
    rep = 0;
    prefix66 = false;
    rex = 0;
    override = -1;
    mod = 3;
    reg = 0;
    rm = 0;
    memory = false;
    base = -1;
    index = -1;
    scale = 0;
    disp = 0;
    dispBits = 0;
    segment = 3;
    imm = 0;
    imm2 = 0;
  }

  /** Returns the width of operand {@code n} in bits; 0 if it has none. */
  public int width(int n) {
    return row.width[n].bits(opSize, mode);
  }

  /** Returns whether operand {@code n} is memory. */
  public boolean isMemory(int n) {
    return switch (row.form[n]) {
      case E, M, Q, W -> memory;
      case O, X, Y, H -> true;
      default -> false;
    };
  }

  /**
   * Returns whether the 8-bit register {@code number} is AH, CH, DH or BH (of register {@code
   * number - 4}).
   */
  public boolean isHighByte(int number) {
    return rex == 0 && number >= 4;
  }

  /** Returns whether a REP, REPE or REPNE prefix repeats this string instruction. */
  public boolean isRepeated() {
    return rep != 0 && row.has(OpcodeRow.REP);
  }

  /** Returns the mnemonic for this operand or address size. */
  public String mnemonic() {
    String[] names = row.mnemonics;
    int size = row.has(OpcodeRow.ADDRESS_SIZE_NAME) ? addrSize : opSize;
    return names.length == 1 ? names[0] : names[size == 16 ? 0 : size == 32 ? 1 : 2];
  }

  /**
   * Returns where a relative branch leads; {@code next} is the instruction pointer after this
   * instruction.
   */
  public long target(long next) {
    long to = next + imm;
    return opSize == 64 ? to : opSize == 32 ? to & 0xffff_ffffL : to & 0xffff;
  }
}
