package org.coremu.ir;

/**
 * The ops of the intermediate representation, one row each: code, operands, result, effects. The
 * meaning of a pure op is the method of {@link Meaning} (integers) or {@link VectorMeaning} with
 * its name, that of a floating-point op in {@link VectorFloat}; the interpreter and the constant
 * folder both call that.
 *
 * <p>The vector ops come in groups by shape, which the interpreter relies on: VADD to VABS work on
 * each half alone, VSHLI to VSAR too but for a common count, VHADD to VPACKU make each half from
 * one operand, then the others up to VFRSQRT; VEXTRACT to VSTRING give integers; VFADD and all that
 * follow use and change the floating-point control slot.
 */
public enum IrOp {
  /** {@code imm}. */
  CONST(Code.CONST, Form.IMM, Result.INT, Effect.NONE),
  /** The guest-state slot {@code imm}. */
  GET(Code.GET, Form.IMM, Result.INT, Effect.READS_STATE),
  /** Slot {@code imm} becomes {@code a}. */
  PUT(Code.PUT, Form.A_IMM, Result.NONE, Effect.WRITES_STATE | Effect.VISIBLE),
  /** The address of the block's first instruction plus {@code imm}. */
  PCREL(Code.PCREL, Form.IMM, Result.INT, Effect.READS_STATE),
  /** {@code a + b}. */
  ADD(Code.ADD, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a - b}. */
  SUB(Code.SUB, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a * b, low half}. */
  MUL(Code.MUL, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a & b}. */
  AND(Code.AND, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a | b}. */
  OR(Code.OR, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a ^ b}. */
  XOR(Code.XOR, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a << (b & 63)}. */
  SHL(Code.SHL, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a >>> (b & 63)}. */
  SHR(Code.SHR, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a >> (b & 63)}. */
  SAR(Code.SAR, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a rotated left by b & 63}. */
  ROL(Code.ROL, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a rotated right by b & 63}. */
  ROR(Code.ROR, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a + b} on the low 32 bits, zero-extended. */
  ADD32(Code.ADD32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a - b} on the low 32 bits, zero-extended. */
  SUB32(Code.SUB32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a * b} on the low 32 bits, zero-extended. */
  MUL32(Code.MUL32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a & b} on the low 32 bits, zero-extended. */
  AND32(Code.AND32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a | b} on the low 32 bits, zero-extended. */
  OR32(Code.OR32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a ^ b} on the low 32 bits, zero-extended. */
  XOR32(Code.XOR32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a << (b & 31)} on the low 32 bits, zero-extended. */
  SHL32(Code.SHL32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a >>> (b & 31)} on the low 32 bits, zero-extended. */
  SHR32(Code.SHR32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a >> (b & 31)} on the low 32 bits, zero-extended. */
  SAR32(Code.SAR32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a rotated left by b & 31} on the low 32 bits, zero-extended. */
  ROL32(Code.ROL32, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a rotated right by b & 31} on the low 32 bits, zero-extended. */
  ROR32(Code.ROR32, Form.A_B, Result.INT, Effect.NONE),
  /** High 64 bits of the unsigned product. */
  MULHU(Code.MULHU, Form.A_B, Result.INT, Effect.NONE),
  /** High 64 bits of the signed product. */
  MULHS(Code.MULHS, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a == b}, else 0. */
  EQ(Code.EQ, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a != b}, else 0. */
  NE(Code.NE, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a < b, unsigned}, else 0. */
  LTU(Code.LTU, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a <= b, unsigned}, else 0. */
  LEU(Code.LEU, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a < b, signed}, else 0. */
  LTS(Code.LTS, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a <= b, signed}, else 0. */
  LES(Code.LES, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a == b} on the low 32 bits, else 0. */
  EQ32(Code.EQ32, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a != b} on the low 32 bits, else 0. */
  NE32(Code.NE32, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a < b, unsigned} on the low 32 bits, else 0. */
  LTU32(Code.LTU32, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a <= b, unsigned} on the low 32 bits, else 0. */
  LEU32(Code.LEU32, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a < b, signed} on the low 32 bits, else 0. */
  LTS32(Code.LTS32, Form.A_B, Result.INT, Effect.NONE),
  /** 1 when {@code a <= b, signed} on the low 32 bits, else 0. */
  LES32(Code.LES32, Form.A_B, Result.INT, Effect.NONE),
  /** Bits 7:0 of {@code a}, zero-extended. */
  ZEXT8(Code.ZEXT8, Form.A, Result.INT, Effect.NONE),
  /** Bits 15:0 of {@code a}, zero-extended. */
  ZEXT16(Code.ZEXT16, Form.A, Result.INT, Effect.NONE),
  /** Bits 31:0 of {@code a}, zero-extended. */
  ZEXT32(Code.ZEXT32, Form.A, Result.INT, Effect.NONE),
  /** Bits 7:0 of {@code a}, sign-extended. */
  SEXT8(Code.SEXT8, Form.A, Result.INT, Effect.NONE),
  /** Bits 15:0 of {@code a}, sign-extended. */
  SEXT16(Code.SEXT16, Form.A, Result.INT, Effect.NONE),
  /** Bits 31:0 of {@code a}, sign-extended. */
  SEXT32(Code.SEXT32, Form.A, Result.INT, Effect.NONE),
  /** Bits 15:8 of {@code a}, zero-extended. */
  EXT8H(Code.EXT8H, Form.A, Result.INT, Effect.NONE),
  /** {@code ~a}. */
  NOT(Code.NOT, Form.A, Result.INT, Effect.NONE),
  /** {@code -a}. */
  NEG(Code.NEG, Form.A, Result.INT, Effect.NONE),
  /** The eight bytes of {@code a} reversed. */
  BSWAP64(Code.BSWAP64, Form.A, Result.INT, Effect.NONE),
  /** The low four bytes of {@code a} reversed, zero-extended. */
  BSWAP32(Code.BSWAP32, Form.A, Result.INT, Effect.NONE),
  /** Number of leading zero bits, 64 for 0. */
  CLZ64(Code.CLZ64, Form.A, Result.INT, Effect.NONE),
  /** Number of trailing zero bits, 64 for 0. */
  CTZ64(Code.CTZ64, Form.A, Result.INT, Effect.NONE),
  /** Number of set bits. */
  POPCNT64(Code.POPCNT64, Form.A, Result.INT, Effect.NONE),
  /** {@code a} with bits 7:0 replaced by those of {@code b}. */
  DEP8(Code.DEP8, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a} with bits 15:8 replaced by bits 7:0 of {@code b}. */
  DEP8H(Code.DEP8H, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a} with bits 15:0 replaced by those of {@code b}. */
  DEP16(Code.DEP16, Form.A_B, Result.INT, Effect.NONE),
  /** {@code a + (b << imm)}, imm 0 to 3: address arithmetic. */
  SHLADD(Code.SHLADD, Form.A_B_IMM, Result.INT, Effect.NONE),
  /** {@code a != 0 ? b : c}. */
  SELECT(Code.SELECT, Form.A_B_C, Result.INT, Effect.NONE),
  /** Loads 8 bits from guest address {@code a + imm}, zero-extended. */
  LD8(Code.LD8, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Loads 16 bits from guest address {@code a + imm}, zero-extended. */
  LD16(Code.LD16, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Loads 32 bits from guest address {@code a + imm}, zero-extended. */
  LD32(Code.LD32, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Loads 64 bits from guest address {@code a + imm}, zero-extended. */
  LD64(Code.LD64, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Stores the low 8 bits of {@code b} to guest address {@code a + imm}. */
  ST8(Code.ST8, Form.A_B_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** Stores the low 16 bits of {@code b} to guest address {@code a + imm}. */
  ST16(Code.ST16, Form.A_B_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** Stores the low 32 bits of {@code b} to guest address {@code a + imm}. */
  ST32(Code.ST32, Form.A_B_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** Stores the low 64 bits of {@code b} to guest address {@code a + imm}. */
  ST64(Code.ST64, Form.A_B_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Compares {@code imm} bytes at address {@code a} with {@code b}, and if equal stores {@code c},
   * atomically; gives the old value. Faults as a store does, equal or not.
   */
  CAS(Code.CAS, Form.A_B_C_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Atomically stores {@code b} to the {@code imm} bytes at address {@code a}; gives the old value,
   * zero-extended.
   */
  XCHG(Code.XCHG, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Atomically stores {@code old + b} to the {@code imm} bytes at address {@code a}; gives the old
   * value, zero-extended.
   */
  FADD(Code.FADD, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Atomically stores {@code old & b} to the {@code imm} bytes at address {@code a}; gives the old
   * value, zero-extended.
   */
  FAND(Code.FAND, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Atomically stores {@code old | b} to the {@code imm} bytes at address {@code a}; gives the old
   * value, zero-extended.
   */
  FOR(Code.FOR, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Atomically stores {@code old ^ b} to the {@code imm} bytes at address {@code a}; gives the old
   * value, zero-extended.
   */
  FXOR(Code.FXOR, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Full memory barrier. */
  FENCE(Code.FENCE, Form.IMM, Result.NONE, Effect.VISIBLE),
  /**
   * The arithmetic flags become those of {@link FlagKind} {@code imm} on {@code a} and {@code b}.
   */
  FLAGS(Code.FLAGS, Form.A_B_IMM, Result.NONE, Effect.WRITES_STATE | Effect.VISIBLE),
  /** As FLAGS, with a carry-in {@code c} (0 or 1). */
  FLAGS3(Code.FLAGS3, Form.A_B_C_IMM, Result.NONE, Effect.WRITES_STATE | Effect.VISIBLE),
  /** As FLAGS if {@code b != 0}, else nothing: shifts by a variable count. */
  FLAGSNZ(
      Code.FLAGSNZ,
      Form.A_B_IMM,
      Result.NONE,
      Effect.READS_STATE | Effect.WRITES_STATE | Effect.VISIBLE),
  /** The arithmetic flags, packed as in RFLAGS (CF PF AF ZF SF OF). */
  GETFLAGS(Code.GETFLAGS, Form.NONE, Result.INT, Effect.READS_STATE),
  /** 1 when {@link Cond} number {@code imm} holds, else 0. */
  COND(Code.COND, Form.IMM, Result.INT, Effect.READS_STATE),
  /** Calls helper {@code imm} of the guest; the helper's own effects count. */
  CALL(Code.CALL, Form.A_B_C_IMM, Result.INT, Effect.ANY),
  /**
   * If {@code a != 0} leaves the block to block address + {@code imm}; the current instruction
   * counts as executed.
   */
  EXITIF(Code.EXITIF, Form.A_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** Goes on at block address + {@code imm}. */
  JUMP(Code.JUMP, Form.IMM, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /**
   * Goes on at block address + high half of {@code imm} if {@code a != 0}, else + low half (both
   * signed 32 bits).
   */
  BRANCH(Code.BRANCH, Form.A_IMM, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /** Goes on at address {@code a}. */
  JUMPI(Code.JUMPI, Form.A, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /**
   * Goes on at block address + {@code imm}, after the core has looked at its mode, halt state and
   * interrupts.
   */
  EXIT(Code.EXIT, Form.IMM, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /** As EXIT, at the address that a helper has put into the PC slot. */
  LEAVE(Code.LEAVE, Form.NONE, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /** The 128-bit guest state in slots {@code imm} and {@code imm + 1}. */
  GETV(Code.GETV, Form.IMM, Result.VECTOR, Effect.READS_STATE),
  /** Slots {@code imm} (low half) and {@code imm + 1} become vector {@code a}. */
  PUTV(Code.PUTV, Form.A_IMM, Result.NONE, Effect.WRITES_STATE | Effect.VISIBLE),
  /** Loads 128 bits from guest address {@code a + imm}. */
  LDV(Code.LDV, Form.A_IMM, Result.VECTOR, Effect.FAULTS | Effect.VISIBLE),
  /** As LDV, with the guest's alignment fault unless the address is a multiple of 16. */
  LDVA(Code.LDVA, Form.A_IMM, Result.VECTOR, Effect.FAULTS | Effect.VISIBLE),
  /** Stores vector {@code b} to guest address {@code a + imm}. */
  STV(Code.STV, Form.A_B_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** As STV, with the guest's alignment fault unless the address is a multiple of 16. */
  STVA(Code.STVA, Form.A_B_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** The vector with low half {@code a} and high half {@code b} (integers). */
  VPACK(Code.VPACK, Form.A_B, Result.VECTOR, Effect.NONE),
  /** The low half of vector {@code a}. */
  VLO(Code.VLO, Form.A, Result.INT, Effect.NONE),
  /** The high half of vector {@code a}. */
  VHI(Code.VHI, Form.A, Result.INT, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code a + b}. */
  VADD(Code.VADD, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code a - b}. */
  VSUB(Code.VSUB, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code a + b} with signed saturation (8 and 16 bits). */
  VADDS(Code.VADDS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code a + b} with unsigned saturation (8 and 16 bits). */
  VADDU(Code.VADDU, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code a - b} with signed saturation (8 and 16 bits). */
  VSUBS(Code.VSUBS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code a - b} with unsigned saturation (8 and 16 bits). */
  VSUBU(Code.VSUBU, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: low half of {@code a * b} (16 and 32 bits). */
  VMUL(Code.VMUL, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Lanes of {@link Lane} {@code imm}: {@code a + b + 1 >>> 1}, unsigned, without overflow (8 and
   * 16 bits).
   */
  VAVG(Code.VAVG, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: {@code b < 0 ? -a : b == 0 ? 0 : a}. */
  VSIGN(Code.VSIGN, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: the signed minimum. */
  VMINS(Code.VMINS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: the unsigned minimum. */
  VMINU(Code.VMINU, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: the signed maximum. */
  VMAXS(Code.VMAXS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: the unsigned maximum. */
  VMAXU(Code.VMAXU, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: all ones where {@code a == b}, else 0. */
  VCMPEQ(Code.VCMPEQ, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: all ones where {@code a > b}, signed, else 0. */
  VCMPGT(Code.VCMPGT, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of 16 bits: high half of the signed product. */
  VMULHS(Code.VMULHS, Form.A_B, Result.VECTOR, Effect.NONE),
  /** Lanes of 16 bits: high half of the unsigned product. */
  VMULHU(Code.VMULHU, Form.A_B, Result.VECTOR, Effect.NONE),
  /** Lanes of 16 bits: {@code (a * b >> 14) + 1 >> 1}, signed. */
  VMULHR(Code.VMULHR, Form.A_B, Result.VECTOR, Effect.NONE),
  /** The 64-bit products of the even 32-bit lanes, signed. */
  VMULS(Code.VMULS, Form.A_B, Result.VECTOR, Effect.NONE),
  /** The 64-bit products of the even 32-bit lanes, unsigned. */
  VMULU(Code.VMULU, Form.A_B, Result.VECTOR, Effect.NONE),
  /** Sums of the products of neighbouring signed 16-bit lanes, 32 bits. */
  VMADD(Code.VMADD, Form.A_B, Result.VECTOR, Effect.NONE),
  /**
   * Sums of the products of neighbouring 8-bit lanes, {@code a} unsigned and {@code b} signed,
   * saturated to signed 16 bits.
   */
  VMADDUB(Code.VMADDUB, Form.A_B, Result.VECTOR, Effect.NONE),
  /** Per 64 bits: the sum of the absolute differences of the 8 unsigned bytes. */
  VSAD(Code.VSAD, Form.A_B, Result.VECTOR, Effect.NONE),
  /** {@code a & b}. */
  VAND(Code.VAND, Form.A_B, Result.VECTOR, Effect.NONE),
  /** {@code ~a & b}. */
  VANDN(Code.VANDN, Form.A_B, Result.VECTOR, Effect.NONE),
  /** {@code a | b}. */
  VOR(Code.VOR, Form.A_B, Result.VECTOR, Effect.NONE),
  /** {@code a ^ b}. */
  VXOR(Code.VXOR, Form.A_B, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm}: absolute value (8 to 32 bits). */
  VABS(Code.VABS, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Lanes of {@link Lane} {@code imm & 3} (16 to 64 bits): {@code a << (imm >> 8)}, 0 from the lane
   * size on.
   */
  VSHLI(Code.VSHLI, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Lanes of {@link Lane} {@code imm & 3} (16 to 64 bits): {@code a >>> (imm >> 8)}, 0 from the
   * lane size on.
   */
  VSHRI(Code.VSHRI, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Lanes of {@link Lane} {@code imm & 3} (16 to 64 bits): {@code a >> (imm >> 8)}, the sign from
   * the lane size on.
   */
  VSARI(Code.VSARI, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /** As VSHLI, by the low half of {@code b}. */
  VSHL(Code.VSHL, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** As VSHRI, by the low half of {@code b}. */
  VSHR(Code.VSHR, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** As VSARI, by the low half of {@code b}. */
  VSAR(Code.VSAR, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Of the low half from {@code a}, of the high half from {@code b}: sums of neighbouring lanes of
   * {@link Lane} {@code imm} (16 or 32 bits).
   */
  VHADD(Code.VHADD, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Of the low half from {@code a}, of the high half from {@code b}: differences of neighbouring
   * lanes of {@link Lane} {@code imm} (16 or 32 bits), the even one less the odd one.
   */
  VHSUB(Code.VHSUB, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Of the low half from {@code a}, of the high half from {@code b}: sums of neighbouring 16-bit
   * lanes with signed saturation.
   */
  VHADDS(Code.VHADDS, Form.A_B, Result.VECTOR, Effect.NONE),
  /**
   * Of the low half from {@code a}, of the high half from {@code b}: differences of neighbouring
   * 16-bit lanes with signed saturation.
   */
  VHSUBS(Code.VHSUBS, Form.A_B, Result.VECTOR, Effect.NONE),
  /**
   * Of the low half from {@code a}, of the high half from {@code b}: lanes of {@link Lane} {@code
   * imm} (16 or 32 bits) halved with signed saturation.
   */
  VPACKS(Code.VPACKS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Of the low half from {@code a}, of the high half from {@code b}: signed lanes of {@link Lane}
   * {@code imm} (16 or 32 bits) halved with unsigned saturation.
   */
  VPACKU(Code.VPACKU, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm} from the low halves of {@code a} and {@code b} in turn. */
  VUNPACKL(Code.VUNPACKL, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lanes of {@link Lane} {@code imm} from the high halves of {@code a} and {@code b} in turn. */
  VUNPACKH(Code.VUNPACKH, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** {@code a} shifted left by {@code imm} bytes, 0 to 16. */
  VSHLB(Code.VSHLB, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /** {@code a} shifted right by {@code imm} bytes, 0 to 16. */
  VSHRB(Code.VSHRB, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /** The low half of {@code a:b} shifted right by {@code imm} bytes, 0 to 32. */
  VALIGN(Code.VALIGN, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** 32-bit lane i is lane {@code imm >> 2 * i & 3} of {@code a}. */
  VSHUFD(Code.VSHUFD, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /** In the low half, 16-bit lane i is lane {@code imm >> 2 * i & 3} of it. */
  VSHUFLW(Code.VSHUFLW, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /** In the high half, 16-bit lane i is lane {@code imm >> 2 * i & 3} of it. */
  VSHUFHW(Code.VSHUFHW, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /** As VSHUFD, with the low half from {@code a} and the high half from {@code b}. */
  VSHUFPS(Code.VSHUFPS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Half {@code imm & 1} of {@code a}, then half {@code imm >> 1} of {@code b}. */
  VSHUFPD(Code.VSHUFPD, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Byte i is byte {@code b[i] & 15} of {@code a}, or 0 if {@code b[i]} has bit 7 set. */
  VSHUFB(Code.VSHUFB, Form.A_B, Result.VECTOR, Effect.NONE),
  /**
   * Lanes of {@link Lane} {@code imm & 3}: lane i from {@code b} if bit i of {@code imm >> 8} is
   * set, else from {@code a}.
   */
  VBLEND(Code.VBLEND, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Lanes of {@link Lane} {@code imm}: from {@code b} where the lane of {@code c} is negative, else
   * from {@code a}.
   */
  VBLENDV(Code.VBLENDV, Form.A_B_C_IMM, Result.VECTOR, Effect.NONE),
  /**
   * The low lanes of {@link Lane} {@code imm & 3}, sign-extended to {@link Lane} {@code imm >> 8}.
   */
  VSEXT(Code.VSEXT, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /**
   * The low lanes of {@link Lane} {@code imm & 3}, zero-extended to {@link Lane} {@code imm >> 8}.
   */
  VZEXT(Code.VZEXT, Form.A_IMM, Result.VECTOR, Effect.NONE),
  /**
   * {@code a} with lane {@code imm >> 8} of {@link Lane} {@code imm & 3} replaced by integer {@code
   * b}.
   */
  VINSERT(Code.VINSERT, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * {@code a} with 32-bit lane {@code imm >> 4 & 3} replaced by lane {@code imm >> 6} of {@code b},
   * then zeroed by the bits {@code imm & 15}.
   */
  VINSERTPS(Code.VINSERTPS, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** The least unsigned 16-bit lane in lane 0, its number in lane 1, else 0. */
  VMINPOS(Code.VMINPOS, Form.A, Result.VECTOR, Effect.NONE),
  /**
   * Eight sums of absolute differences of 4 bytes of {@code b}, from {@code (imm & 3) * 4} on, and
   * 4 bytes of {@code a}, from {@code imm & 4} on, each one byte on.
   */
  VMPSAD(Code.VMPSAD, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * The carry-less product of half {@code imm & 1} of {@code a} and half {@code imm >> 4 & 1} of
   * {@code b}.
   */
  VCLMUL(Code.VCLMUL, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** AES step {@code imm & 7} of {@link VectorAes} on state {@code a} with round key {@code b}. */
  VAES(Code.VAES, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Approximate {@code 1 / b} of {@link FpLanes} {@code imm}; scalar: upper lanes of {@code a}. No
   * exceptions.
   */
  VFRCP(Code.VFRCP, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /**
   * Approximate {@code 1 / sqrt(b)} of {@link FpLanes} {@code imm}; scalar: upper lanes of {@code
   * a}. No exceptions.
   */
  VFRSQRT(Code.VFRSQRT, Form.A_B_IMM, Result.VECTOR, Effect.NONE),
  /** Lane {@code imm >> 8} of {@link Lane} {@code imm & 3}, zero-extended. */
  VEXTRACT(Code.VEXTRACT, Form.A_IMM, Result.INT, Effect.NONE),
  /** The top bits of the lanes of {@link Lane} {@code imm}, lane 0 first. */
  VMOVMSK(Code.VMOVMSK, Form.A_IMM, Result.INT, Effect.NONE),
  /** ZF if {@code (a & b) == 0}, CF if {@code (~a & b) == 0}, as in RFLAGS. */
  VTEST(Code.VTEST, Form.A_B, Result.INT, Effect.NONE),
  /**
   * String comparison, see {@link StringCompare}: mask in bits 15:0, flags as in RFLAGS from bit 16
   * on.
   */
  VSTRING(Code.VSTRING, Form.A_B_C_IMM, Result.INT, Effect.NONE),
  /** Lanes of {@link FpLanes} {@code imm & 7}: {@code a + b}. */
  VFADD(Code.VFADD, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /** Lanes of {@link FpLanes} {@code imm & 7}: {@code a - b}. */
  VFSUB(Code.VFSUB, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /** Lanes of {@link FpLanes} {@code imm & 7}: {@code a * b}. */
  VFMUL(Code.VFMUL, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /** Lanes of {@link FpLanes} {@code imm & 7}: {@code a / b}. */
  VFDIV(Code.VFDIV, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /** Lanes of {@link FpLanes} {@code imm & 7}: {@code a < b ? a : b}. */
  VFMIN(Code.VFMIN, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /** Lanes of {@link FpLanes} {@code imm & 7}: {@code a > b ? a : b}. */
  VFMAX(Code.VFMAX, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /** Lanes of {@link FpLanes} {@code imm & 7}: the square root of {@code b}. */
  VFSQRT(Code.VFSQRT, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lanes of {@link FpLanes} {@code imm & 7}: all ones if predicate {@code imm >> 8} of CMPPS
   * holds, else 0.
   */
  VFCMP(Code.VFCMP, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lanes of {@link FpLanes} {@code imm & 7}: {@code b} rounded to an integer as {@code imm >> 8}
   * of ROUNDPS says.
   */
  VFROUND(Code.VFROUND, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lanes of {@link FpLanes} {@code imm & 7}: {@code a - b} in the even ones, {@code a + b} in the
   * odd ones.
   */
  VFADDSUB(Code.VFADDSUB, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lanes of {@link FpLanes} {@code imm & 7}: sums of neighbours of {@code a}, then of {@code b}.
   */
  VFHADD(Code.VFHADD, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lanes of {@link FpLanes} {@code imm & 7}: differences of neighbours of {@code a}, then of
   * {@code b}, the even one less the odd one.
   */
  VFHSUB(Code.VFHSUB, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lanes of {@link FpLanes} {@code imm & 7}: the dot product of the lanes in {@code imm >> 12} in
   * the lanes in {@code imm >> 8 & 15}, else 0.
   */
  VFDOT(Code.VFDOT, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Singles of {@code b} to {@link FpLanes} {@code imm}, doubles; scalar: the high half of {@code
   * a} stays.
   */
  VFWIDEN(Code.VFWIDEN, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * {@link FpLanes} {@code imm} of {@code b}, doubles, to singles; scalar: the upper lanes of
   * {@code a} stay, packed: the high half is 0.
   */
  VFNARROW(Code.VFNARROW, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Signed 32-bit integers of {@code b} to {@link FpLanes} {@code imm}; for a pair, the high half
   * of {@code a} stays.
   */
  VFFROMI(Code.VFFROMI, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * From {@link FpLanes} {@code imm & 7} of {@code b} to signed 32-bit integers; {@code imm >> 8}:
   * bit 0 truncate. The high half of {@code a} stays for a pair and is 0 for doubles.
   */
  VFTOI(Code.VFTOI, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Integer {@code b} to lane 0 of {@code a}, of {@link FpLanes} {@code imm & 7}; {@code imm >> 8}:
   * bit 1 {@code b} has 64 bits, not 32.
   */
  VFFROMINT(Code.VFFROMINT, Form.A_B_IMM, Result.VECTOR, Effect.FLOAT),
  /**
   * Lane 0, of {@link FpLanes} {@code imm & 7}, to a signed integer; {@code imm >> 8}: bit 0
   * truncate, bit 1 to 64 bits, not 32 (zero-extended).
   */
  VFTOINT(Code.VFTOINT, Form.A_IMM, Result.INT, Effect.FLOAT),
  /**
   * Compares lanes 0, of {@link FpLanes} {@code imm & 7}: ZF, PF and CF as COMISS sets them; {@code
   * imm >> 8}: bit 0 a quiet NaN is invalid.
   */
  VFCOMI(Code.VFCOMI, Form.A_B_IMM, Result.INT, Effect.FLOAT),
  /** As LD8, but faults as a store there would: the load of a read-modify-write. */
  LDU8(Code.LDU8, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** As LD16, but faults as a store there would: the load of a read-modify-write. */
  LDU16(Code.LDU16, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** As LD32, but faults as a store there would: the load of a read-modify-write. */
  LDU32(Code.LDU32, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** As LD64, but faults as a store there would: the load of a read-modify-write. */
  LDU64(Code.LDU64, Form.A_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /**
   * Has the guest refuse {@code a} as a jump target unless {@code a << imm >> imm} is {@code a}:
   * canonical addresses.
   */
  CANONICAL(Code.CANONICAL, Form.A_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /**
   * The quotient of the unsigned 128-bit number {@code a:b} by {@code c}. The guest's divide fault
   * if {@code c} is 0 or the quotient has more than {@code imm} bits.
   */
  DIVU(Code.DIVU, Form.A_B_C_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** As DIVU, signed; the quotient is rounded toward 0 and sign-extended. */
  DIVS(Code.DIVS, Form.A_B_C_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** The remainder of the DIVU with the same operands, which comes before. */
  REMU(Code.REMU, Form.A_B_C_IMM, Result.INT, Effect.NONE),
  /** The remainder of the DIVS with the same operands, which comes before. */
  REMS(Code.REMS, Form.A_B_C_IMM, Result.INT, Effect.NONE),
  /**
   * If {@code a != 0} has the core look at its mode, halt state and interrupts before its next
   * block.
   */
  ATTEND(Code.ATTEND, Form.A, Result.NONE, Effect.VISIBLE);

  /** Which of the operands {@code a}, {@code b}, {@code c} and {@code imm} an op has. */
  public enum Form {
    NONE(0, false),
    IMM(0, true),
    A(1, false),
    A_IMM(1, true),
    A_B(2, false),
    A_B_IMM(2, true),
    A_B_C(3, false),
    A_B_C_IMM(3, true);

    /** Number of value operands, 0 to 3. */
    public final int values;

    /** Whether {@code imm} means something. */
    public final boolean hasImm;

    Form(int values, boolean hasImm) {
      this.values = values;
      this.hasImm = hasImm;
    }
  }

  /** The kind of value an op gives. */
  public enum Result {
    NONE,
    INT,
    VECTOR
  }

  private static final IrOp[] BY_CODE = values();

  /** The ordinal, as a constant that a switch on {@code int} can use. */
  public final int code;

  public final Form form;
  public final Result result;

  /** {@link Effect} bits. */
  public final int effects;

  IrOp(int code, Form form, Result result, int effects) {
    if (code != ordinal()) {
      throw new AssertionError(name() + ": code " + code + " but row " + ordinal());
    }
    this.code = code;
    this.form = form;
    this.result = result;
    this.effects = effects;
  }

  /** Whether the op depends on nothing but its operands. */
  public boolean isPure() {
    return effects == Effect.NONE;
  }

  /** The op with a code. */
  public static IrOp of(int code) {
    return BY_CODE[code];
  }

  /**
   * The codes, in row order. Javac compiles a switch on these to one indexed jump; one on an enum
   * loads a map first.
   */
  public static final class Code {
    public static final int CONST = 0;
    public static final int GET = 1;
    public static final int PUT = 2;
    public static final int PCREL = 3;
    public static final int ADD = 4;
    public static final int SUB = 5;
    public static final int MUL = 6;
    public static final int AND = 7;
    public static final int OR = 8;
    public static final int XOR = 9;
    public static final int SHL = 10;
    public static final int SHR = 11;
    public static final int SAR = 12;
    public static final int ROL = 13;
    public static final int ROR = 14;
    public static final int ADD32 = 15;
    public static final int SUB32 = 16;
    public static final int MUL32 = 17;
    public static final int AND32 = 18;
    public static final int OR32 = 19;
    public static final int XOR32 = 20;
    public static final int SHL32 = 21;
    public static final int SHR32 = 22;
    public static final int SAR32 = 23;
    public static final int ROL32 = 24;
    public static final int ROR32 = 25;
    public static final int MULHU = 26;
    public static final int MULHS = 27;
    public static final int EQ = 28;
    public static final int NE = 29;
    public static final int LTU = 30;
    public static final int LEU = 31;
    public static final int LTS = 32;
    public static final int LES = 33;
    public static final int EQ32 = 34;
    public static final int NE32 = 35;
    public static final int LTU32 = 36;
    public static final int LEU32 = 37;
    public static final int LTS32 = 38;
    public static final int LES32 = 39;
    public static final int ZEXT8 = 40;
    public static final int ZEXT16 = 41;
    public static final int ZEXT32 = 42;
    public static final int SEXT8 = 43;
    public static final int SEXT16 = 44;
    public static final int SEXT32 = 45;
    public static final int EXT8H = 46;
    public static final int NOT = 47;
    public static final int NEG = 48;
    public static final int BSWAP64 = 49;
    public static final int BSWAP32 = 50;
    public static final int CLZ64 = 51;
    public static final int CTZ64 = 52;
    public static final int POPCNT64 = 53;
    public static final int DEP8 = 54;
    public static final int DEP8H = 55;
    public static final int DEP16 = 56;
    public static final int SHLADD = 57;
    public static final int SELECT = 58;
    public static final int LD8 = 59;
    public static final int LD16 = 60;
    public static final int LD32 = 61;
    public static final int LD64 = 62;
    public static final int ST8 = 63;
    public static final int ST16 = 64;
    public static final int ST32 = 65;
    public static final int ST64 = 66;
    public static final int CAS = 67;
    public static final int XCHG = 68;
    public static final int FADD = 69;
    public static final int FAND = 70;
    public static final int FOR = 71;
    public static final int FXOR = 72;
    public static final int FENCE = 73;
    public static final int FLAGS = 74;
    public static final int FLAGS3 = 75;
    public static final int FLAGSNZ = 76;
    public static final int GETFLAGS = 77;
    public static final int COND = 78;
    public static final int CALL = 79;
    public static final int EXITIF = 80;
    public static final int JUMP = 81;
    public static final int BRANCH = 82;
    public static final int JUMPI = 83;
    public static final int EXIT = 84;
    public static final int LEAVE = 85;
    public static final int GETV = 86;
    public static final int PUTV = 87;
    public static final int LDV = 88;
    public static final int LDVA = 89;
    public static final int STV = 90;
    public static final int STVA = 91;
    public static final int VPACK = 92;
    public static final int VLO = 93;
    public static final int VHI = 94;
    public static final int VADD = 95;
    public static final int VSUB = 96;
    public static final int VADDS = 97;
    public static final int VADDU = 98;
    public static final int VSUBS = 99;
    public static final int VSUBU = 100;
    public static final int VMUL = 101;
    public static final int VAVG = 102;
    public static final int VSIGN = 103;
    public static final int VMINS = 104;
    public static final int VMINU = 105;
    public static final int VMAXS = 106;
    public static final int VMAXU = 107;
    public static final int VCMPEQ = 108;
    public static final int VCMPGT = 109;
    public static final int VMULHS = 110;
    public static final int VMULHU = 111;
    public static final int VMULHR = 112;
    public static final int VMULS = 113;
    public static final int VMULU = 114;
    public static final int VMADD = 115;
    public static final int VMADDUB = 116;
    public static final int VSAD = 117;
    public static final int VAND = 118;
    public static final int VANDN = 119;
    public static final int VOR = 120;
    public static final int VXOR = 121;
    public static final int VABS = 122;
    public static final int VSHLI = 123;
    public static final int VSHRI = 124;
    public static final int VSARI = 125;
    public static final int VSHL = 126;
    public static final int VSHR = 127;
    public static final int VSAR = 128;
    public static final int VHADD = 129;
    public static final int VHSUB = 130;
    public static final int VHADDS = 131;
    public static final int VHSUBS = 132;
    public static final int VPACKS = 133;
    public static final int VPACKU = 134;
    public static final int VUNPACKL = 135;
    public static final int VUNPACKH = 136;
    public static final int VSHLB = 137;
    public static final int VSHRB = 138;
    public static final int VALIGN = 139;
    public static final int VSHUFD = 140;
    public static final int VSHUFLW = 141;
    public static final int VSHUFHW = 142;
    public static final int VSHUFPS = 143;
    public static final int VSHUFPD = 144;
    public static final int VSHUFB = 145;
    public static final int VBLEND = 146;
    public static final int VBLENDV = 147;
    public static final int VSEXT = 148;
    public static final int VZEXT = 149;
    public static final int VINSERT = 150;
    public static final int VINSERTPS = 151;
    public static final int VMINPOS = 152;
    public static final int VMPSAD = 153;
    public static final int VCLMUL = 154;
    public static final int VAES = 155;
    public static final int VFRCP = 156;
    public static final int VFRSQRT = 157;
    public static final int VEXTRACT = 158;
    public static final int VMOVMSK = 159;
    public static final int VTEST = 160;
    public static final int VSTRING = 161;
    public static final int VFADD = 162;
    public static final int VFSUB = 163;
    public static final int VFMUL = 164;
    public static final int VFDIV = 165;
    public static final int VFMIN = 166;
    public static final int VFMAX = 167;
    public static final int VFSQRT = 168;
    public static final int VFCMP = 169;
    public static final int VFROUND = 170;
    public static final int VFADDSUB = 171;
    public static final int VFHADD = 172;
    public static final int VFHSUB = 173;
    public static final int VFDOT = 174;
    public static final int VFWIDEN = 175;
    public static final int VFNARROW = 176;
    public static final int VFFROMI = 177;
    public static final int VFTOI = 178;
    public static final int VFFROMINT = 179;
    public static final int VFTOINT = 180;
    public static final int VFCOMI = 181;
    public static final int LDU8 = 182;
    public static final int LDU16 = 183;
    public static final int LDU32 = 184;
    public static final int LDU64 = 185;
    public static final int CANONICAL = 186;
    public static final int DIVU = 187;
    public static final int DIVS = 188;
    public static final int REMU = 189;
    public static final int REMS = 190;
    public static final int ATTEND = 191;

    private Code() {}
  }
}
