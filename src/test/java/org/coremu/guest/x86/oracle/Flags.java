package org.coremu.guest.x86.oracle;

/** Bits of RFLAGS. */
final class Flags {
  static final int CF = 0x1;
  static final int PF = 0x4;
  static final int AF = 0x10;
  static final int ZF = 0x40;
  static final int SF = 0x80;
  static final int TF = 0x100;
  static final int IF = 0x200;
  static final int DF = 0x400;
  static final int OF = 0x800;
  static final int RF = 0x10000;
  static final int AC = 0x40000;
  static final int STATUS = CF | PF | AF | ZF | SF | OF;

  private static final String LETTERS = "CPAZSO";
  private static final int[] BITS = {CF, PF, AF, ZF, SF, OF};

  private Flags() {}

  /** The mask of a string of letters out of OSZAPC. */
  static int of(String letters) {
    int mask = 0;
    for (char letter : letters.toCharArray()) {
      mask |= BITS[LETTERS.indexOf(letter)];
    }
    return mask;
  }

  /** The flags that condition code {@code cc} (0 = O ... 15 = G) looks at. */
  static int condition(int cc) {
    return switch (cc >> 1) {
      case 0 -> OF;
      case 1 -> CF;
      case 2 -> ZF;
      case 3 -> CF | ZF;
      case 4 -> SF;
      case 5 -> PF;
      case 6 -> SF | OF;
      default -> SF | OF | ZF;
    };
  }
}
