/**
 * Bit patterns and arithmetic that Java does not offer: 128-bit integers and bit-exact IEEE 754 as
 * x86 does it.
 *
 * <p>{@link org.coremu.bits.SoftFloat32} and {@link org.coremu.bits.SoftFloat64} are SSE's scalar
 * operations, {@link org.coremu.bits.Float80} and its neighbours are x87's; {@link
 * org.coremu.bits.FpEnv} carries rounding mode, masks and flags for both, and says how unmasked
 * exceptions are dealt with.
 *
 * <p>The authority is Intel's SDM, and where that leaves room the processor that the tests run on,
 * an AMD Zen 4. That settles: FST m32/m64 does not report inexact when an unmasked overflow or
 * underflow stops the store; FYL2X and FYL2XP1 report inexact for every finite non-zero result;
 * FPREM and FPREM1 reduce by {@code 32 + D mod 32} bits when the exponents differ by D = 64 or
 * more; FSCALE with unmasked overflow or underflow gives an infinity or zero when even the adjusted
 * exponent is out of range. RCPSS and RSQRTSS differ between makers; here they are the true value,
 * rounded to 12 bits.
 */
package org.coremu.bits;
