package org.coremu.guest.x86.insn;

import org.coremu.exec.Core;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.Bits;
import org.coremu.guest.x86.system.Cpuid;
import org.coremu.guest.x86.system.Msrs;
import org.coremu.ir.Effect;
import org.coremu.ir.Flags;

/**
 * Processor control: halt, identification, time, model-specific registers, TLB and caches, random
 * numbers.
 */
public final class SystemInsn implements Family {
  private static final int HALT =
      X86Helpers.add(
          "hlt",
          Effect.ANY,
          (core, a, b, c) -> {
            core.state.put(X86State.HALTED, 1);
            return 0;
          });

  private static final int CPUID =
      X86Helpers.add(
          "cpuid",
          Effect.ANY,
          (core, a, b, c) -> {
            Cpuid.execute(X86.of(core));
            return 0;
          });

  /** MSR a. */
  private static final int RDMSR =
      X86Helpers.add("rdmsr", Effect.ANY, (core, msr, b, c) -> Msrs.read(X86.of(core), (int) msr));

  /** MSR a, low and high half of the value b and c. */
  private static final int WRMSR =
      X86Helpers.add(
          "wrmsr",
          Effect.ANY,
          (core, msr, low, high) -> {
            Msrs.write(X86.of(core), (int) msr, high << 32 | low);
            return 0;
          });

  private static final int RDTSC =
      X86Helpers.add(
          "rdtsc",
          Effect.ANY,
          (core, a, b, c) -> {
            X86 x86 = X86.of(core);
            if (x86.cpl() != 0 && (x86.get(X86State.CR4) & Bits.CR4_TSD) != 0) {
              throw X86Fault.gp(0);
            }
            return Msrs.timeStamp(x86);
          });

  private static final int RANDOM =
      X86Helpers.add(
          "random", Effect.VISIBLE, (core, a, b, c) -> X86.of(core).config.inputs().random());

  private static final int INVLPG =
      X86Helpers.add(
          "invlpg",
          Effect.ANY,
          (core, address, b, c) -> {
            core.flushTlbPage(address);
            return 0;
          });

  /** Type a, descriptor's low and high half b and c. */
  private static final int INVPCID =
      X86Helpers.add(
          "invpcid", Effect.ANY, (core, type, low, high) -> invalidate(core, type, low, high));

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "hlt" -> hlt(t);
      case "monitor", "mwait", "rsm" -> t.raise(X86Fault.UD);
      case "cpuid" -> t.ir.call(CPUID);
      case "rdmsr" -> rdmsr(t);
      case "wrmsr" -> wrmsr(t);
      case "rdtsc" -> rdtsc(t);
      case "rdtscp" -> rdtscp(t);
      case "rdpid" -> t.write(0, t.ir.get(X86State.TSC_AUX));
      case "rdpmc" -> rdpmc(t);
      case "rdrand", "rdseed" -> random(t);
      case "invlpg" -> invlpg(t);
      case "invpcid" -> invpcid(t);
      case "invd", "wbinvd" -> Privilege.isKernel(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void hlt(X86Ir t) {
    if (Privilege.isKernel(t)) {
      t.ir.call(HALT);
      t.ir.exit(t.next());
    }
  }

  private static void setPair(X86Ir t, int value) {
    t.setReg(0, 32, value);
    t.setReg(2, 32, t.ir.shr(value, 32));
  }

  static void rdmsr(X86Ir t) {
    if (Privilege.isKernel(t)) {
      setPair(t, t.ir.call(RDMSR, t.ir.zext(t.gpr(1), 32)));
    }
  }

  /** Ends the block: the write may change the mode, or send an interrupt to this very core. */
  static void wrmsr(X86Ir t) {
    if (Privilege.isKernel(t)) {
      t.ir.call(WRMSR, t.ir.zext(t.gpr(1), 32), t.ir.zext(t.gpr(0), 32), t.ir.zext(t.gpr(2), 32));
      t.ir.exit(t.next());
    }
  }

  static void rdtsc(X86Ir t) {
    setPair(t, t.ir.call(RDTSC));
  }

  static void rdtscp(X86Ir t) {
    rdtsc(t);
    t.setReg(1, 32, t.ir.get(X86State.TSC_AUX));
  }

  /** There are no counters. */
  static void rdpmc(X86Ir t) {
    t.raise(X86Fault.GP);
  }

  static void random(X86Ir t) {
    t.setReg(t.insn.rm, t.insn.opSize, t.ir.call(RANDOM));
    t.ir.setFlags(t.ir.constant(Flags.CF));
  }

  static void invlpg(X86Ir t) {
    if (Privilege.isKernel(t)) {
      int address = t.offset();
      if (!t.is64() && (t.mode & X86Mode.FLAT) == 0 || t.insn.segment >= X86State.FS) {
        address = t.ir.add(address, t.ir.get(X86State.SEG_BASE + t.insn.segment));
      }
      t.ir.call(INVLPG, address);
      t.ir.exit(t.next());
    }
  }

  static void invpcid(X86Ir t) {
    if (Privilege.isKernel(t)) {
      t.memory(128, false);
      int low = t.loadAt(64, 0);
      int high = t.loadAt(64, 8);
      t.ir.call(
          INVPCID, t.is64() ? t.gpr(t.insn.reg) : t.ir.zext(t.gpr(t.insn.reg), 32), low, high);
      t.ir.exit(t.next());
    }
  }

  /**
   * Types 0 to 3: an address, a PCID, everything, everything but global pages. Only the current
   * PCID has entries.
   */
  private static long invalidate(Core core, long type, long low, long high) {
    boolean named = type == 0 || type == 1;
    boolean pcids = (core.state.get(X86State.CR4) & Bits.CR4_PCIDE) != 0;
    if (Long.compareUnsigned(type, 3) > 0
        || named && ((low & ~0xfffL) != 0 || !pcids && low != 0)
        || type == 0 && !Bits.isCanonical(high)) {
      throw X86Fault.gp(0);
    }
    if (type == 0) {
      core.flushTlbPage(high);
    } else if (type == 2) {
      core.flushTlb();
    } else {
      core.flushLocalTlb();
    }
    return 0;
  }
}
