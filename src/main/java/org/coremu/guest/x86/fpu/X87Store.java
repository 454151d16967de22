package org.coremu.guest.x86.fpu;

import org.coremu.bits.Float80Conversion;
import org.coremu.bits.FpEnv;
import org.coremu.exec.Core;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Intrinsic;

/**
 * Helpers of x87 stores, with and without a pop. Operands: a is an {@link X87Site}, b the linear
 * address of the memory operand. An unmasked exception keeps memory as it is, but a store that
 * would fault faults all the same.
 */
public final class X87Store {
  /** Operation of a site: FISTTP, which truncates. */
  public static final int TRUNCATING = 1;

  /** Operation of a site: an empty ST(0) is no fault, and nothing is copied. */
  public static final int EMPTY_IS_NOTHING = 2;

  public static final int FLOAT =
      X86Helpers.addX87("x87StoreFloat", Intrinsic.x87Store(4), X87Store::storeFloat);
  public static final int DOUBLE =
      X86Helpers.addX87("x87StoreDouble", Intrinsic.x87Store(8), X87Store::storeDouble);
  public static final int EXTENDED =
      X86Helpers.addX87("x87StoreExtended", Intrinsic.x87Store(10), X87Store::storeExtended);
  public static final int INT16 =
      X86Helpers.addX87(
          "x87StoreInt16",
          Intrinsic.x87Store(2),
          (core, site, address, c) -> storeInteger(core, site, address, 16));
  public static final int INT32 =
      X86Helpers.addX87(
          "x87StoreInt32",
          Intrinsic.x87Store(4),
          (core, site, address, c) -> storeInteger(core, site, address, 32));
  public static final int INT64 =
      X86Helpers.addX87(
          "x87StoreInt64",
          Intrinsic.x87Store(8),
          (core, site, address, c) -> storeInteger(core, site, address, 64));
  public static final int DECIMAL =
      X86Helpers.addX87("x87StoreDecimal", Intrinsic.NONE, X87Store::storeDecimal);
  public static final int REGISTER =
      X86Helpers.addX87("x87StoreRegister", Intrinsic.X87, X87Store::storeRegister);

  private static final int INDEFINITE_FLOAT = 0xFFC0_0000;
  private static final long INDEFINITE_DOUBLE = 0xFFF8_0000_0000_0000L;

  private X87Store() {}

  private static long storeFloat(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    int value = INDEFINITE_FLOAT;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      value = Float80Conversion.store32(f.mantissa(0), f.signExponent(0), f.env);
    }
    return store(f, site, address, value, 4);
  }

  private static long storeDouble(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    long value = INDEFINITE_DOUBLE;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      value = Float80Conversion.store64(f.mantissa(0), f.signExponent(0), f.env);
    }
    return store(f, site, address, value, 8);
  }

  private static long storeInteger(Core core, long site, long address, int bits) {
    X87 f = X87.of(core);
    f.begin();
    long value = -1L << bits - 1;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      int rounding = X87Site.operationOf(site) == TRUNCATING ? FpEnv.TRUNCATE : f.env.rounding;
      value =
          Float80Conversion.storeInteger(f.mantissa(0), f.signExponent(0), bits, rounding, f.env);
    }
    return store(f, site, address, value, bits / 8);
  }

  private static long store(X87 f, long site, long address, long value, int size) {
    boolean stores = !f.env.suppressesStore();
    if (stores) {
      f.core.memory.store(address, value, size);
    } else {
      f.core.memory.checkWritable(address, size);
    }
    f.end(site, address);
    if (stores) {
      f.pop(X87Site.pops(site));
    }
    return 0;
  }

  private static long storeExtended(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    if (f.isEmpty(0)) {
      f.underflow();
      return store80(f, site, address, f.env.mantissa, f.env.signExponent);
    }
    return store80(f, site, address, f.mantissa(0), f.signExponent(0));
  }

  private static long storeDecimal(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      Float80Conversion.storeDecimal(f.mantissa(0), f.signExponent(0), f.env);
    }
    return store80(f, site, address, f.env.mantissa, f.env.signExponent);
  }

  private static long store80(X87 f, long site, long address, long low, int high) {
    boolean stores = !f.env.suppressesStore();
    f.core.memory.checkWritable(address, 10);
    if (stores) {
      f.core.memory.store(address, low, 8);
      f.core.memory.store(address + 8, high, 2);
    }
    f.end(site, address);
    if (stores) {
      f.pop(X87Site.pops(site));
    }
    return 0;
  }

  private static long storeRegister(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    boolean completes;
    if (f.isEmpty(0) && X87Site.operationOf(site) == EMPTY_IS_NOTHING) {
      completes = f.end(site, 0);
    } else if (f.isEmpty(0)) {
      f.underflow();
      completes = f.end(site, 0);
      if (completes) {
        f.setResult(X87Site.sti(site));
      }
    } else {
      completes = f.end(site, 0);
      f.set(X87Site.sti(site), f.mantissa(0), f.signExponent(0));
    }
    if (completes) {
      f.pop(X87Site.pops(site));
    }
    return 0;
  }
}
