package org.coremu.guest.x86;

import org.coremu.exec.CodeReader;
import org.coremu.exec.CoreState;
import org.coremu.exec.GuestFault;
import org.coremu.hw.GuestLog;
import org.coremu.hw.LogCategory;
import org.coremu.ir.Block;
import org.coremu.mem.PhysicalBus;

/**
 * Writes the code of a core to the debug log: blocks as they are translated, instructions as they
 * are executed.
 */
final class Trace {
  private static final int LONGEST_INSN = 15;

  private final X86 x86;
  private final GuestLog log;
  private final Decoder decoder;
  private final Insn insn = new Insn();

  /** The instruction reported last: a core may attend to events twice before it runs one. */
  private long reportedCount = -1;

  private long reportedIp;

  Trace(X86 x86) {
    this.x86 = x86;
    log = x86.config.log();
    decoder = new Decoder(x86.config.model().features());
  }

  /** Whether every instruction is wanted, so that they must run one at a time. */
  boolean stepping() {
    return log.enabled(LogCategory.EXEC) || log.enabled(LogCategory.CPU);
  }

  /** {@code -d in_asm,op}: a block just translated from linear address {@code start}. */
  void translated(CodeReader code, long start, long mode, Block block) {
    if (log.enabled(LogCategory.IN_ASM)) {
      list(code, start, mode, block.endDelta());
    }
    if (log.enabled(LogCategory.OP)) {
      log.log(
          LogCategory.OP,
          String.format("cpu %d block at linear %x%n%s", x86.core.index, start, block));
    }
  }

  private void list(CodeReader code, long start, long mode, int bytes) {
    long ip = start - x86.core.codeBase & x86.core.pcMask;
    StringBuilder text = new StringBuilder();
    text.append("cpu ").append(x86.core.index).append(" block at ").append(place(ip, start, mode));
    try {
      for (int at = 0; at < bytes; at += insn.length) {
        decoder.decode(code::u8, at, X86Mode.codeSize(mode), insn);
        text.append("\n  ").append(line(code::u8, at, ip + at & x86.core.pcMask));
      }
    } catch (GuestFault fault) {
      text.append("\n  (the rest can't be fetched)");
    }
    log.log(LogCategory.IN_ASM, text.toString());
  }

  /** {@code -d cpu_reset}: the registers after a reset of this kind. */
  void reset(String kind) {
    if (log.enabled(LogCategory.CPU_RESET)) {
      log.log(LogCategory.CPU_RESET, kind + ": " + registers());
    }
  }

  /** {@code -d exec,cpu}: the instruction that is next. */
  void executing() {
    long ip = x86.get(CoreState.PC);
    if (x86.core.instructions() == reportedCount && ip == reportedIp) {
      return;
    }
    reportedCount = x86.core.instructions();
    reportedIp = ip;
    if (log.enabled(LogCategory.CPU)) {
      log.log(LogCategory.CPU, registers());
    }
    if (log.enabled(LogCategory.EXEC)) {
      long linear = ip + x86.core.codeBase & x86.core.linearMask;
      int[] bytes = new int[LONGEST_INSN];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = peek(linear + i & x86.core.linearMask);
      }
      decoder.decode(
          i -> bytes[Math.min(i, LONGEST_INSN - 1)], 0, X86Mode.codeSize(x86.core.mode), insn);
      String text = line(i -> bytes[Math.min(i, LONGEST_INSN - 1)], 0, ip);
      log.log(
          LogCategory.EXEC,
          "cpu " + x86.core.index + ' ' + place(ip, linear, x86.core.mode) + "  " + text);
    }
  }

  private int peek(long linear) {
    long physical = x86.peek(linear);
    PhysicalBus bus = x86.core.memory.bus();
    long offset = physical < 0 ? -1 : bus.ramOffset(physical);
    return offset < 0 ? 0xff : bus.ram().load8(offset) & 0xff;
  }

  private String place(long ip, long linear, long mode) {
    return String.format(
        "%04x:%x (%x, %d-bit)",
        x86.segments.selector(X86State.CS), ip, linear, X86Mode.codeSize(mode));
  }

  private String line(CodeBytes code, int at, long ip) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < insn.length; i++) {
      bytes.append(String.format("%02x", code.u8(at + i)));
    }
    return String.format("%x: %-22s %s", ip, bytes, Assembly.print(insn, ip));
  }

  private String registers() {
    StringBuilder text = new StringBuilder("cpu ").append(x86.core.index);
    String[] names = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    for (int i = 0; i < 16; i++) {
      String name = i < 8 ? names[i] : "r" + i;
      text.append(' ').append(name).append('=').append(Long.toHexString(x86.get(X86State.GPR + i)));
      if (i == 7 && !x86.isLongMode()) {
        break;
      }
    }
    text.append(" ip=").append(Long.toHexString(x86.get(CoreState.PC)));
    text.append(" flags=").append(Long.toHexString(x86.flags()));
    String segments = "ecsdfg";
    for (int s = X86State.ES; s <= X86State.GS; s++) {
      text.append(
          String.format(
              " %ss=%x/%x",
              segments.charAt(s - X86State.ES), x86.segments.selector(s), x86.segments.base(s)));
    }
    text.append(" cr0=").append(Long.toHexString(x86.get(X86State.CR0)));
    text.append(" cr3=").append(Long.toHexString(x86.get(X86State.CR3)));
    return text.toString();
  }
}
