package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * Segment registers: their hidden parts, descriptor tables, and the checks of loading one (SDM vol.
 * 3A, chapters 3 and 5).
 */
public final class Segments {
  private final X86 x86;
  private final Descriptor data = new Descriptor();

  public Segments(X86 x86) {
    this.x86 = x86;
  }

  // ---- registers

  public int selector(int seg) {
    return (int) x86.get(X86State.SELECTOR + seg);
  }

  public long base(int seg) {
    return x86.get(X86State.SEG_BASE + seg);
  }

  public long limit(int seg) {
    return x86.get(X86State.SEG_LIMIT + seg);
  }

  public int attributes(int seg) {
    return (int) x86.get(X86State.SEG_ATTR + seg);
  }

  /** Writes a segment register with its hidden part; the caller brings the mode up to date. */
  public void set(int seg, int selector, long base, long limit, int attributes) {
    x86.put(X86State.SELECTOR + seg, selector);
    x86.put(X86State.SEG_BASE + seg, base);
    x86.put(X86State.SEG_LIMIT + seg, limit);
    x86.put(X86State.SEG_ATTR + seg, attributes);
  }

  void set(int seg, int selector, Descriptor d) {
    set(seg, selector, d.base(), d.limit(), d.attributes() | Bits.ACCESSED);
  }

  /** Makes a segment register unusable. */
  public void setNull(int seg, int selector) {
    set(seg, selector, 0, 0, 0);
  }

  /** As real mode loads one: limit and attributes stay. */
  public void setReal(int seg, int selector) {
    x86.put(X86State.SELECTOR + seg, selector & 0xffff);
    x86.put(X86State.SEG_BASE + seg, (selector & 0xffffL) << 4);
  }

  /** As virtual-8086 mode has them. */
  public void setVirtual(int seg, int selector) {
    set(seg, selector & 0xffff, (selector & 0xffffL) << 4, 0xffff, 0xf3);
  }

  // ---- descriptor tables

  /**
   * Reads the descriptor of a selector; false if its table does not reach that far. May raise page
   * faults.
   */
  boolean read(int selector, Descriptor d) {
    long base;
    long limit;
    if ((selector & 4) != 0) {
      if (attributes(X86State.LDTR) == 0) {
        return false;
      }
      base = base(X86State.LDTR);
      limit = limit(X86State.LDTR);
    } else {
      base = x86.get(X86State.GDT_BASE);
      limit = x86.get(X86State.GDT_LIMIT);
    }
    int offset = selector & 0xfff8;
    if (offset + 7 > limit) {
      return false;
    }
    d.selector = selector;
    d.address = x86.linear(base + offset);
    d.raw = x86.loadSystem(d.address, 8);
    d.high = 0;
    return true;
  }

  /** Reads the second half of a 16-byte descriptor of long mode. */
  boolean readHigh(Descriptor d) {
    boolean local = (d.selector & 4) != 0;
    long limit = local ? limit(X86State.LDTR) : x86.get(X86State.GDT_LIMIT);
    if ((d.selector & 0xfff8) + 15 > limit) {
      return false;
    }
    d.high = x86.loadSystem(x86.linear(d.address + 8), 8);
    return true;
  }

  /**
   * Reads the descriptor of a selector, or raises an exception whose error code is the selector.
   */
  void require(int selector, Descriptor d, int vector) {
    if (isNull(selector)) {
      throw X86Fault.of(vector, 0);
    }
    if (!read(selector, d)) {
      throw X86Fault.of(vector, selector & 0xfffc);
    }
  }

  /** Sets the accessed bit of a descriptor in memory. */
  void setAccessed(Descriptor d) {
    if ((d.raw >>> 40 & Bits.ACCESSED) == 0) {
      d.raw |= 1L << 40;
      x86.storeSystem(x86.linear(d.address + 5), d.raw >>> 40, 1);
    }
  }

  static boolean isNull(int selector) {
    return (selector & 0xfffc) == 0;
  }

  // ---- loading

  /** MOV, POP or L*S into ES, SS, DS, FS or GS; brings the mode up to date. */
  public void load(int seg, int selector) {
    if (!x86.isProtected()) {
      if (x86.isVirtual8086()) {
        setVirtual(seg, selector);
      } else {
        setReal(seg, selector);
      }
    } else if (seg == X86State.SS) {
      loadStack(selector);
    } else {
      loadData(seg, selector);
    }
    x86.updateMode();
  }

  private void loadData(int seg, int selector) {
    if (isNull(selector)) {
      setNull(seg, selector);
      return;
    }
    require(selector, data, X86Fault.GP);
    int attributes = data.attributes();
    boolean readable = !data.isSystem() && (attributes & (Bits.CODE | Bits.WRITABLE)) != Bits.CODE;
    int privilege = Math.max(x86.cpl(), selector & 3);
    if (!readable || !Bits.isConforming(attributes) && privilege > data.dpl()) {
      throw X86Fault.gp(selector & 0xfffc);
    }
    if (!data.isPresent()) {
      throw X86Fault.np(selector & 0xfffc);
    }
    setAccessed(data);
    set(seg, selector, data);
  }

  private void loadStack(int selector) {
    int cpl = x86.cpl();
    if (isNull(selector)) {
      if (!x86.isCode64() || cpl == 3 || (selector & 3) != cpl) {
        throw X86Fault.gp(0);
      }
      setNull(X86State.SS, selector);
      return;
    }
    checkStack(selector, cpl, data, X86Fault.GP);
    set(X86State.SS, selector, data);
  }

  /**
   * Reads and checks the descriptor of a stack segment.
   *
   * @param vector what a wrong one raises: #GP or #TS
   */
  void checkStack(int selector, int cpl, Descriptor d, int vector) {
    require(selector, d, vector);
    if ((selector & 3) != cpl || d.dpl() != cpl || !Bits.isWritableData(d.attributes())) {
      throw X86Fault.of(vector, selector & 0xfffc);
    }
    if (!d.isPresent()) {
      throw X86Fault.ss(selector & 0xfffc);
    }
    setAccessed(d);
  }

  /**
   * After a return to an outer level: data segments that it may not use become null (SDM vol. 2,
   * RET).
   */
  void dropPrivileged(int cpl) {
    for (int seg = X86State.ES; seg <= X86State.GS; seg++) {
      int attributes = attributes(seg);
      if (seg != X86State.CS
          && seg != X86State.SS
          && attributes != 0
          && !Bits.isConforming(attributes)
          && Bits.dpl(attributes) < cpl) {
        setNull(seg, 0);
      }
    }
  }

  // ---- LDTR and TR

  /** LLDT. */
  public void loadLdt(int selector) {
    if (isNull(selector)) {
      setNull(X86State.LDTR, selector);
      return;
    }
    if ((selector & 4) != 0
        || !read(selector, data)
        || !data.isSystem()
        || data.type() != Descriptor.LDT) {
      throw X86Fault.gp(selector & 0xfffc);
    }
    finishSystem(selector);
    set(X86State.LDTR, selector, data.base(), data.limit(), data.attributes());
  }

  /** LTR. */
  public void loadTask(int selector) {
    boolean found =
        !isNull(selector) && (selector & 4) == 0 && read(selector, data) && data.isSystem();
    boolean available =
        found
            && (data.type() == Descriptor.TSS_AVAILABLE
                || data.type() == Descriptor.TSS16_AVAILABLE && !x86.isLongMode());
    if (!available) {
      throw X86Fault.gp(selector & 0xfffc);
    }
    finishSystem(selector);
    data.raw |= 2L << 40;
    x86.storeSystem(x86.linear(data.address + 5), data.raw >>> 40, 1);
    set(X86State.TR, selector, data.base(), data.limit(), data.attributes());
  }

  private void finishSystem(int selector) {
    if (!data.isPresent()) {
      throw X86Fault.np(selector & 0xfffc);
    }
    if (x86.isLongMode() && (!readHigh(data) || !Bits.isCanonical(data.base()))) {
      throw X86Fault.gp(selector & 0xfffc);
    }
  }

  // ---- LAR, LSL, VERR, VERW

  /**
   * LAR: the attributes of a descriptor in their place in its high dword, or -1 if the selector may
   * not be looked at.
   */
  public long accessRights(int selector) {
    return lookAt(selector, 0b0001_1010_0011_1110, 0b0001_1010_0000_0100)
        ? data.raw >>> 32 & 0xf0_ff00
        : -1;
  }

  /** LSL: the limit of a segment in bytes, or -1 if the selector may not be looked at. */
  public long segmentLimit(int selector) {
    return lookAt(selector, 0b0000_1010_0000_1110, 0b0000_1010_0000_0100) ? data.limit() : -1;
  }

  /**
   * Whether LAR or LSL may look at a descriptor; it is then in {@link #data}.
   *
   * @param types system types that are valid, as a bit set; {@code types64} in long mode
   */
  private boolean lookAt(int selector, int types, int types64) {
    if (isNull(selector) || !read(selector, data)) {
      return false;
    }
    if (data.isSystem()) {
      int valid = x86.isLongMode() ? types64 : types;
      if ((valid >> data.type() & 1) == 0) {
        return false;
      }
    }
    return Bits.isConforming(data.attributes()) || Math.max(x86.cpl(), selector & 3) <= data.dpl();
  }

  /** VERR and VERW. */
  public boolean isAccessible(int selector, boolean write) {
    if (isNull(selector) || !read(selector, data) || data.isSystem()) {
      return false;
    }
    int attributes = data.attributes();
    boolean code = Bits.isCode(attributes);
    boolean allowed =
        write
            ? !code && (attributes & Bits.WRITABLE) != 0
            : !code || (attributes & Bits.WRITABLE) != 0;
    return allowed
        && (Bits.isConforming(attributes) || Math.max(x86.cpl(), selector & 3) <= data.dpl());
  }
}
