package org.coremu.guest.x86;

/**
 * One row of {@code opcodes.txt}: what the decoder and the translator know of an instruction form.
 * Immutable.
 */
public final class OpcodeRow {
  /** What executes an instruction and can be switched off. */
  public enum Unit {
    /** The integer unit, always there; or the instruction checks for itself. */
    NONE,
    X87,
    MMX,
    SSE
  }

  /** Bits of {@link #attributes}. */
  public static final int LOCK = 1;

  public static final int DEFAULT64 = 2;
  public static final int FORCE64 = 4;
  public static final int OPERAND_SIZE = 8;
  public static final int ADDRESS_SIZE_NAME = 16;
  public static final int REP = 32;
  public static final int REP_CONDITION = 64;
  public static final int REGISTER_ONLY = 128;
  public static final int MODRM = 256;

  /** 66 is part of the opcode, so it does not select the operand size. */
  public static final int MANDATORY_66 = 512;

  /** F3 or F2 is part of the opcode, so it does not repeat anything. */
  public static final int MANDATORY_REP = 1024;

  /** The operand size is 8 bits. */
  public static final int BYTE = 2048;

  /** Index of this row in {@link OpcodeTable}; stable within one run only. */
  public final int id;

  /** Opcode with its map: xx, 0fxx, 0f38xx or 0f3axx (the first one of a range). */
  public final int opcode;

  /**
   * The mnemonics for operand sizes 16, 32 and 64 (or address sizes, with {@link
   * #ADDRESS_SIZE_NAME}).
   */
  public final String[] mnemonics;

  /** Where the operands are, destination first; 0 to 4 of them. */
  public final Form[] form;

  /** How wide the operands are, in the order of {@link #form}. */
  public final Width[] width;

  /** Bits above. */
  public final int attributes;

  /** The {@link Feature} that this form belongs to, as a mask; 0 when every CPU has it. */
  public final long feature;

  /** Number of the register of a {@link Form#SEGMENT} operand: ES, CS, SS, DS, FS, GS = 0 to 5. */
  public final int fixed;

  /** Flags read, written and undefined, as EFLAGS masks. */
  public final int flagsRead;

  public final int flagsWritten;
  public final int flagsUndefined;

  /** The class in {@code org.coremu.guest.x86.insn} that translates this form, and its method. */
  public final String family;

  public final String method;

  /** The unit whose absence raises #UD or #NM. */
  public final Unit unit;

  OpcodeRow(
      int id,
      int opcode,
      String mnemonic,
      Operands operands,
      int attributes,
      long feature,
      int[] flags,
      String family,
      String method) {
    this.id = id;
    this.opcode = opcode;
    this.mnemonics = mnemonic.indexOf('|') < 0 ? new String[] {mnemonic} : mnemonic.split("\\|");
    this.form = operands.form();
    this.width = operands.width();
    this.fixed = operands.fixed();
    this.attributes = attributes;
    this.feature = feature;
    this.flagsRead = flags[0];
    this.flagsWritten = flags[1];
    this.flagsUndefined = flags[2];
    this.family = family;
    this.method = method;
    this.unit = unit(feature, family, form);
  }

  private static Unit unit(long feature, String family, Form[] form) {
    if (feature == 0
        || family.equals("DataMove")
        || family.equals("Bit")
        || family.equals("FpuState")) {
      return Unit.NONE;
    }
    if (feature == Feature.FPU.bit()) {
      return Unit.X87;
    }
    if (feature == Feature.MMX.bit() || (feature & Feature.VECTOR) != 0 && isMmxOnly(form)) {
      return Unit.MMX;
    }
    return (feature & Feature.VECTOR) != 0 ? Unit.SSE : Unit.NONE;
  }

  /** Instructions that SSE added to MMX do not need CR4.OSFXSR (SDM volume 3, 13.1.1). */
  private static boolean isMmxOnly(Form[] form) {
    boolean mmx = false;
    for (Form f : form) {
      switch (f) {
        case U, V, W, XMM0 -> {
          return false;
        }
        case N, P, Q -> mmx = true;
        default -> {}
      }
    }
    return mmx;
  }

  /** Returns whether any of the attribute bits in {@code mask} is set. */
  public boolean has(int mask) {
    return (attributes & mask) != 0;
  }

  /** Returns how many operands this form has. */
  public int operandCount() {
    return form.length;
  }

  @Override
  public String toString() {
    return Integer.toHexString(opcode) + " " + mnemonics[0] + " (" + family + "." + method + ")";
  }
}
