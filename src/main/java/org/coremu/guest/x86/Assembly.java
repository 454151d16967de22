package org.coremu.guest.x86;

/**
 * Prints a decoded instruction in Intel syntax, as {@code objdump -M intel} does, except that
 * prefixes without an effect are left out.
 */
public final class Assembly {
  private static final String[] R64 = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15", "rip"
  };
  private static final String[] R32 = {
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d",
    "r13d", "r14d", "r15d", "eip"
  };
  private static final String[] R16 = {
    "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w",
    "r14w", "r15w"
  };
  private static final String[] R8 = {
    "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b",
    "r13b", "r14b", "r15b"
  };
  private static final String[] R8_HIGH = {"ah", "ch", "dh", "bh"};
  private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
  private static final String[] COMPARISONS = {
    "eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"
  };
  private static final String[] CLMUL = {"lql", "hql", "lqh", "hqh"};

  private Assembly() {}

  /**
   * Returns the text of {@code insn}, such as {@code lock cmpxchg QWORD PTR [rdx],rcx}.
   *
   * @param address instruction pointer at which it stands, for branch targets
   */
  public static String print(Insn insn, long address) {
    StringBuilder out = new StringBuilder(40);
    if (insn.lock) {
      out.append("lock ");
    }
    if (insn.isRepeated()) {
      out.append(
          insn.row.has(OpcodeRow.REP_CONDITION)
              ? (insn.rep == 0xf3 ? "repz " : "repnz ")
              : insn.rep == 0xf3 ? "rep " : "repnz ");
    }
    int operands = name(insn, out);
    for (int n = 0; n < operands; n++) {
      out.append(n == 0 ? ' ' : ',');
      operand(insn, n, address, out);
    }
    if (insn.base == Insn.RIP) {
      long target = address + insn.length + insn.disp;
      out.append("        # ");
      hex(insn.addrSize == 32 ? target & 0xffff_ffffL : target, out);
    }
    return out.toString();
  }

  /** Appends the mnemonic; returns how many operands are left to print. */
  private static int name(Insn insn, StringBuilder out) {
    String name = insn.mnemonic();
    int operands = insn.row.operandCount();
    switch (insn.row.opcode) {
      case 0x90 -> {
        boolean nop = insn.rm == 0 && operands > 0;
        out.append(nop ? "nop" : name);
        return nop ? 0 : operands;
      }
      case 0xb8 -> out.append(insn.opSize == 64 ? "movabs" : name);
      case 0xa0, 0xa1, 0xa2, 0xa3 -> out.append(insn.addrSize == 64 ? "movabs" : name);
      case 0x0fc2 -> {
        if (insn.imm < 8) {
          out.append("cmp").append(COMPARISONS[(int) insn.imm]).append(name, 3, name.length());
          return operands - 1;
        }
        out.append(name);
      }
      case 0x0f3a44 -> {
        if ((insn.imm & ~0x11) == 0) {
          out.append("pclmul").append(CLMUL[(int) (insn.imm & 1 | insn.imm >> 3)]).append("qdq");
          return operands - 1;
        }
        out.append(name);
      }
      default -> out.append(name);
    }
    return operands;
  }

  private static void operand(Insn insn, int n, long address, StringBuilder out) {
    int bits = insn.width(n);
    switch (insn.row.form[n]) {
      case A -> {
        hex(insn.imm2 & 0xffff, out);
        out.append(':');
        hex(insn.imm, out);
      }
      case B -> hex(insn.imm & mask(insn.opSize), out);
      case C -> out.append("cr").append(insn.reg);
      case D -> out.append("dr").append(insn.reg);
      case E, M, Q, W, R, N, U -> modrmOperand(insn, n, bits, out);
      case G -> general(insn, insn.reg, bits, out);
      case I ->
          hex(
              n > 0 && insn.row.form[n - 1] == Form.I
                  ? insn.imm2
                  : insn.imm & mask(insn.row.width[n] == Width.Z ? insn.opSize : bits),
              out);
      case J -> hex(insn.target(address + insn.length), out);
      case P -> out.append("mm").append(insn.reg & 7);
      case S -> out.append(SEGMENTS[insn.reg & 7]);
      case V -> out.append("xmm").append(insn.reg);
      case Z -> general(insn, insn.rm, bits, out);
      case ONE -> out.append('1');
      case ACCUMULATOR -> general(insn, 0, bits, out);
      case CL -> out.append("cl");
      case DX -> out.append("dx");
      case SEGMENT -> out.append(SEGMENTS[insn.row.fixed]);
      case ST0 -> out.append("st");
      case STI -> out.append("st(").append(insn.rm & 7).append(')');
      case XMM0 -> out.append("xmm0");
      case H, O, X, Y -> implicitMemory(insn, n, bits, out);
    }
  }

  private static void modrmOperand(Insn insn, int n, int bits, StringBuilder out) {
    if (insn.memory) {
      memory(insn, n, bits, out);
      return;
    }
    switch (insn.row.form[n]) {
      case Q, N -> out.append("mm").append(insn.rm & 7);
      case W, U -> out.append("xmm").append(insn.rm);
      default -> general(insn, insn.rm, bits, out);
    }
  }

  private static void general(Insn insn, int number, int bits, StringBuilder out) {
    switch (bits) {
      case 8 ->
          out.append(number < 8 && insn.isHighByte(number) ? R8_HIGH[number - 4] : R8[number]);
      case 16 -> out.append(R16[number]);
      case 32 -> out.append(R32[number]);
      default -> out.append(R64[number]);
    }
  }

  private static void memory(Insn insn, int n, int bits, StringBuilder out) {
    out.append(pointer(insn.row.width[n], bits));
    boolean absolute = insn.base < 0 && insn.index < 0;
    if (insn.override >= 0 || absolute) {
      out.append(SEGMENTS[insn.segment]).append(':');
    }
    if (absolute) {
      hex(insn.disp & mask(insn.addrSize), out);
      return;
    }
    String[] names = insn.addrSize == 64 ? R64 : insn.addrSize == 32 ? R32 : R16;
    out.append('[');
    if (insn.base >= 0) {
      out.append(names[insn.base]);
    }
    if (insn.index >= 0) {
      out.append(insn.base >= 0 ? "+" : "").append(names[insn.index]);
      if (insn.addrSize > 16) {
        out.append('*').append(1 << insn.scale);
      }
    }
    if (insn.dispBits != 0) {
      boolean minus = insn.disp < 0 && insn.base != Insn.RIP;
      out.append(minus ? '-' : '+');
      hex(minus ? -insn.disp : insn.disp, out);
    }
    out.append(']');
  }

  private static void implicitMemory(Insn insn, int n, int bits, StringBuilder out) {
    Form form = insn.row.form[n];
    if (form == Form.O) {
      out.append(SEGMENTS[insn.segment]).append(':');
      hex(insn.disp, out);
      return;
    }
    String[] names = insn.addrSize == 64 ? R64 : insn.addrSize == 32 ? R32 : R16;
    out.append(pointer(insn.row.width[n], bits))
        .append(SEGMENTS[form == Form.Y ? 0 : insn.segment]);
    out.append(":[").append(names[form == Form.H ? 3 : form == Form.X ? 6 : 7]).append(']');
  }

  private static String pointer(Width width, int bits) {
    if (width == Width.P) {
      return bits == 32 ? "DWORD PTR " : bits == 48 ? "FWORD PTR " : "TBYTE PTR ";
    }
    return width == Width.S
        ? ""
        : switch (bits) {
          case 8 -> "BYTE PTR ";
          case 16 -> "WORD PTR ";
          case 32 -> "DWORD PTR ";
          case 64 -> "QWORD PTR ";
          case 80 -> "TBYTE PTR ";
          case 128 -> "XMMWORD PTR ";
          default -> "";
        };
  }

  private static long mask(int bits) {
    return bits >= 64 ? -1L : (1L << bits) - 1;
  }

  private static void hex(long value, StringBuilder out) {
    out.append("0x").append(Long.toHexString(value));
  }
}
