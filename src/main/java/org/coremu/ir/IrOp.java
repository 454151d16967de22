package org.coremu.ir;

/**
 * The ops of the intermediate representation, one row each: code, operands, result, effects. The meaning of a pure op is
 * the method of {@link Meaning} (integers) with its name; the interpreter and the constant
 * folder both call that.
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
  /** Compares {@code imm} bytes at address {@code a} with {@code b}, and if equal stores {@code c}, atomically; gives the old value. Faults as a store does, equal or not. */
  CAS(Code.CAS, Form.A_B_C_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Atomically stores {@code b} to the {@code imm} bytes at address {@code a}; gives the old value, zero-extended. */
  XCHG(Code.XCHG, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Atomically stores {@code old + b} to the {@code imm} bytes at address {@code a}; gives the old value, zero-extended. */
  FADD(Code.FADD, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Atomically stores {@code old & b} to the {@code imm} bytes at address {@code a}; gives the old value, zero-extended. */
  FAND(Code.FAND, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Atomically stores {@code old | b} to the {@code imm} bytes at address {@code a}; gives the old value, zero-extended. */
  FOR(Code.FOR, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Atomically stores {@code old ^ b} to the {@code imm} bytes at address {@code a}; gives the old value, zero-extended. */
  FXOR(Code.FXOR, Form.A_B_IMM, Result.INT, Effect.FAULTS | Effect.VISIBLE),
  /** Full memory barrier. */
  FENCE(Code.FENCE, Form.IMM, Result.NONE, Effect.VISIBLE),
  /** The arithmetic flags become those of {@link FlagKind} {@code imm} on {@code a} and {@code b}. */
  FLAGS(Code.FLAGS, Form.A_B_IMM, Result.NONE, Effect.WRITES_STATE | Effect.VISIBLE),
  /** As FLAGS, with a carry-in {@code c} (0 or 1). */
  FLAGS3(Code.FLAGS3, Form.A_B_C_IMM, Result.NONE, Effect.WRITES_STATE | Effect.VISIBLE),
  /** As FLAGS if {@code b != 0}, else nothing: shifts by a variable count. */
  FLAGSNZ(Code.FLAGSNZ, Form.A_B_IMM, Result.NONE, Effect.READS_STATE | Effect.WRITES_STATE | Effect.VISIBLE),
  /** The arithmetic flags, packed as in RFLAGS (CF PF AF ZF SF OF). */
  GETFLAGS(Code.GETFLAGS, Form.NONE, Result.INT, Effect.READS_STATE),
  /** 1 when {@link Cond} number {@code imm} holds, else 0. */
  COND(Code.COND, Form.IMM, Result.INT, Effect.READS_STATE),
  /** Calls helper {@code imm} of the guest; the helper's own effects count. */
  CALL(Code.CALL, Form.A_B_C_IMM, Result.INT, Effect.ANY),
  /** If {@code a != 0} leaves the block to block address + {@code imm}; the current instruction counts as executed. */
  EXITIF(Code.EXITIF, Form.A_IMM, Result.NONE, Effect.FAULTS | Effect.VISIBLE),
  /** Goes on at block address + {@code imm}. */
  JUMP(Code.JUMP, Form.IMM, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /** Goes on at block address + high half of {@code imm} if {@code a != 0}, else + low half (both signed 32 bits). */
  BRANCH(Code.BRANCH, Form.A_IMM, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /** Goes on at address {@code a}. */
  JUMPI(Code.JUMPI, Form.A, Result.NONE, Effect.ENDS_BLOCK | Effect.VISIBLE),
  /** Goes on at block address + {@code imm}, after the core has looked at its mode, halt state and interrupts. */
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
  VHI(Code.VHI, Form.A, Result.INT, Effect.NONE);

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

  /** The codes, in row order. Javac compiles a switch on these to one indexed jump; one on an enum loads a map first. */
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

    private Code() {}
  }
}
