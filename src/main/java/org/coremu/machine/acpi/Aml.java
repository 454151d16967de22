package org.coremu.machine.acpi;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Assembles the ACPI Machine Language terms a static description needs: names, integers, strings,
 * packages, scopes, devices and resource templates. Each method returns the bytes of one term;
 * terms are joined by {@link #join}. Source: ACPI 6.4, chapter 20 (grammar) and 6.4 (resource
 * descriptors).
 */
final class Aml {
  private static final int ZERO_OP = 0x00;
  private static final int ONE_OP = 0x01;
  private static final int NAME_OP = 0x08;
  private static final int BYTE_PREFIX = 0x0a;
  private static final int WORD_PREFIX = 0x0b;
  private static final int DWORD_PREFIX = 0x0c;
  private static final int STRING_PREFIX = 0x0d;
  private static final int QWORD_PREFIX = 0x0e;
  private static final int SCOPE_OP = 0x10;
  private static final int BUFFER_OP = 0x11;
  private static final int PACKAGE_OP = 0x12;
  private static final int EXT_OP_PREFIX = 0x5b;
  private static final int DEVICE_OP = 0x82;

  private static final int IO_PORT = 0x47;
  private static final int IO_DECODES_16_BITS = 1;
  private static final int IRQ_NO_FLAGS = 0x22;
  private static final int MEMORY_32_FIXED = 0x86;
  private static final int EXTENDED_INTERRUPT = 0x89;
  private static final int END_TAG = 0x79;

  private Aml() {}

  /** An integer in its shortest form, taken as unsigned. */
  static byte[] integer(long value) {
    TableWriter out = new TableWriter();
    if (value == 0 || value == 1) {
      out.u8(value == 0 ? ZERO_OP : ONE_OP);
    } else if (value >>> 8 == 0) {
      out.u8(BYTE_PREFIX).u8((int) value);
    } else if (value >>> 16 == 0) {
      out.u8(WORD_PREFIX).u16((int) value);
    } else if (value >>> 32 == 0) {
      out.u8(DWORD_PREFIX).u32((int) value);
    } else {
      out.u8(QWORD_PREFIX).u64(value);
    }
    return out.toArray();
  }

  static byte[] string(String text) {
    return new TableWriter()
        .u8(STRING_PREFIX)
        .bytes(text.getBytes(StandardCharsets.US_ASCII))
        .u8(0)
        .toArray();
  }

  /** A compressed EISA id such as PNP0501 where the text has that form, else a string. */
  static byte[] hardwareId(String id) {
    if (!id.matches("[A-Z]{3}[0-9A-F]{4}")) {
      return string(id);
    }
    int vendor = (id.charAt(0) - 0x40) << 10 | (id.charAt(1) - 0x40) << 5 | (id.charAt(2) - 0x40);
    return integer(
        Integer.reverseBytes(vendor << 16 | Integer.parseInt(id.substring(3), 16)) & 0xffff_ffffL);
  }

  /** {@code Name(name, value)}. */
  static byte[] name(String name, byte[] value) {
    return new TableWriter().u8(NAME_OP).bytes(nameString(name)).bytes(value).toArray();
  }

  static byte[] packageOf(List<byte[]> elements) {
    byte[] body = join(elements);
    return term(
        new byte[] {PACKAGE_OP}, new TableWriter().u8(elements.size()).bytes(body).toArray());
  }

  static byte[] scope(String name, byte[] body) {
    return term(new byte[] {SCOPE_OP}, join(List.of(nameString(name), body)));
  }

  static byte[] device(String name, byte[] body) {
    return term(
        new byte[] {EXT_OP_PREFIX, (byte) DEVICE_OP}, join(List.of(nameString(name), body)));
  }

  /** A buffer that holds resource descriptors and their end tag. */
  static byte[] resourceTemplate(List<AcpiDevice.Resource> resources) {
    TableWriter out = new TableWriter();
    for (AcpiDevice.Resource resource : resources) {
      descriptor(out, resource);
    }
    byte[] list = out.u8(END_TAG).u8(0).toArray();
    return term(new byte[] {BUFFER_OP}, join(List.of(integer(list.length), list)));
  }

  private static void descriptor(TableWriter out, AcpiDevice.Resource resource) {
    switch (resource) {
      case AcpiDevice.Ports p ->
          out.u8(IO_PORT).u8(IO_DECODES_16_BITS).u16(p.base()).u16(p.base()).u8(1).u8(p.count());
      case AcpiDevice.IsaInterrupt i -> out.u8(IRQ_NO_FLAGS).u16(1 << i.irq());
      case AcpiDevice.GlobalInterrupt i -> {
        int flags = 1 | (i.level() ? 0 : 2) | (i.activeLow() ? 4 : 0);
        out.u8(EXTENDED_INTERRUPT).u16(6).u8(flags).u8(1).u32(i.gsi());
      }
      case AcpiDevice.Memory m ->
          out.u8(MEMORY_32_FIXED).u16(9).u8(1).u32((int) m.base()).u32((int) m.size());
    }
  }

  static byte[] join(List<byte[]> terms) {
    TableWriter out = new TableWriter();
    terms.forEach(out::bytes);
    return out.toArray();
  }

  /** A term with a package length, which counts itself (20.2.4). */
  private static byte[] term(byte[] operation, byte[] body) {
    TableWriter out = new TableWriter().bytes(operation);
    if (body.length + 1 < 1 << 6) {
      return out.u8(body.length + 1).bytes(body).toArray();
    }
    int extra = 1;
    while (body.length + 1 + extra >= 1 << (4 + 8 * extra)) {
      extra++;
    }
    int length = body.length + 1 + extra;
    out.u8(extra << 6 | length & 0xf);
    for (int i = 0; i < extra; i++) {
      out.u8(length >> (4 + 8 * i));
    }
    return out.bytes(body).toArray();
  }

  /** One name of up to four characters, padded with underscores. */
  private static byte[] nameString(String name) {
    if (name.length() > 4) {
      throw new IllegalArgumentException("AML name " + name);
    }
    return (name + "____".substring(name.length())).getBytes(StandardCharsets.US_ASCII);
  }
}
