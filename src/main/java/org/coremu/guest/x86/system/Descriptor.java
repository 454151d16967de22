package org.coremu.guest.x86.system;

/**
 * A segment or gate descriptor, decoded (SDM vol. 3A, 3.4.5 and 5.8.3). One object is filled again
 * and again.
 */
public final class Descriptor {
  /** System descriptor types (SDM vol. 3A, table 3-2). */
  public static final int TSS16_AVAILABLE = 1;

  public static final int LDT = 2;
  public static final int TSS16_BUSY = 3;
  public static final int CALL_GATE16 = 4;
  public static final int TASK_GATE = 5;
  public static final int INTERRUPT_GATE16 = 6;
  public static final int TRAP_GATE16 = 7;
  public static final int TSS_AVAILABLE = 9;
  public static final int TSS_BUSY = 11;
  public static final int CALL_GATE = 12;
  public static final int INTERRUPT_GATE = 14;
  public static final int TRAP_GATE = 15;

  /** Linear address of the descriptor. */
  long address;

  /** Its low 8 bytes. */
  long raw;

  /** The next 8 bytes, of 16-byte system descriptors of long mode. */
  long high;

  int selector;

  /** Attributes as in {@code X86State.SEG_ATTR}. */
  int attributes() {
    return (int) (raw >>> 40) & Bits.ATTRIBUTES;
  }

  /** Type of a system descriptor, or of code and data without the S bit. */
  int type() {
    return (int) (raw >>> 40) & 0xf;
  }

  boolean isSystem() {
    return (raw >>> 44 & 1) == 0;
  }

  int dpl() {
    return (int) (raw >>> 45) & 3;
  }

  boolean isPresent() {
    return (raw >>> 47 & 1) != 0;
  }

  /** Base of a segment; of a 16-byte descriptor with bits 63:32. */
  long base() {
    return raw >>> 16 & 0xff_ffff | (raw >>> 56) << 24 | high << 32;
  }

  /** Offset of the segment's last byte, as the 32-bit limit. */
  long limit() {
    long limit = raw & 0xffff | raw >>> 32 & 0xf_0000;
    return (raw >>> 55 & 1) == 0 ? limit : limit << 12 | 0xfff;
  }

  /** Selector in a gate. */
  int gateSelector() {
    return (int) (raw >>> 16) & 0xffff;
  }

  /** Offset in a gate: 16 bits if its type is a 16-bit one, 64 in long mode. */
  long gateOffset() {
    long offset = raw & 0xffff;
    return (type() & 8) == 0 ? offset : offset | raw >>> 32 & 0xffff_0000L | high << 32;
  }
}
