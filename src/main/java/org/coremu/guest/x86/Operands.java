package org.coremu.guest.x86;

import java.util.Locale;

/** The operands column of a row, parsed. */
record Operands(Form[] form, Width[] width, int fixed) {
  private static final Operands NO_OPERANDS = new Operands(new Form[0], new Width[0], 0);

  static Operands parse(String column) {
    if (column.equals("-")) {
      return NO_OPERANDS;
    }
    int count = 1;
    for (int i = 0; i < column.length(); i++) {
      count += column.charAt(i) == ',' ? 1 : 0;
    }
    Form[] form = new Form[count];
    Width[] width = new Width[count];
    int fixed = 0;
    int start = 0;
    for (int n = 0; n < count; n++) {
      int end = column.indexOf(',', start);
      String code = column.substring(start, end < 0 ? column.length() : end);
      start = end + 1;
      form[n] = form(code);
      width[n] = width(code);
      if (form[n] == Form.SEGMENT) {
        fixed = segment(code);
      }
    }
    return new Operands(form, width, fixed);
  }

  /** Whether the operand size that prefixes select matters to any operand. */
  boolean followOperandSize() {
    for (Width w : width) {
      if (w.followsOperandSize()) {
        return true;
      }
    }
    return false;
  }

  /** Whether any operand is a byte. */
  boolean haveByte() {
    for (Width w : width) {
      if (w == Width.B) {
        return true;
      }
    }
    return false;
  }

  private static Form form(String code) {
    return switch (code) {
      case "1" -> Form.ONE;
      case "AL", "AX", "eAX", "rAX" -> Form.ACCUMULATOR;
      case "CL" -> Form.CL;
      case "DX" -> Form.DX;
      case "ES", "CS", "SS", "DS", "FS", "GS" -> Form.SEGMENT;
      case "ST0" -> Form.ST0;
      case "STi" -> Form.STI;
      case "XMM0" -> Form.XMM0;
      default -> Form.valueOf(code.substring(0, 1));
    };
  }

  private static Width width(String code) {
    return switch (code) {
      case "1", "AL", "CL" -> Width.B;
      case "AX", "DX", "ES", "CS", "SS", "DS", "FS", "GS", "Sw" -> Width.W;
      case "eAX" -> Width.Z;
      case "rAX" -> Width.V;
      case "ST0", "STi" -> Width.T;
      case "XMM0" -> Width.DQ;
      default ->
          code.length() == 1
              ? Width.NONE
              : Width.valueOf(code.substring(1).toUpperCase(Locale.ROOT));
    };
  }

  private static int segment(String code) {
    return switch (code) {
      case "ES" -> 0;
      case "CS" -> 1;
      case "SS" -> 2;
      case "DS" -> 3;
      case "FS" -> 4;
      default -> 5;
    };
  }
}
