package org.coremu.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coremu.cli.option.HostFiles;
import org.coremu.machine.ConfigException;

/**
 * Reads the value of {@code --symbols}: an ELF file with a symbol table (System V gABI, "Symbol
 * Table"), or lines as nm, System.map and /proc/kallsyms have them.
 */
public final class SymbolFile {
  private static final String OPTION = "--symbols";
  private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{1,16}) ([a-zA-Z]) (\\S+).*");
  private static final int SHT_SYMTAB = 2;
  private static final int SHF_EXECINSTR = 4;
  private static final int STT_NOTYPE = 0;
  private static final int STT_FUNC = 2;

  private SymbolFile() {}

  /**
   * Reads a file.
   *
   * @throws ConfigException when it cannot be read, or names no function
   */
  static Symbols read(String name) {
    Path file = HostFiles.readable(OPTION, name);
    Symbols symbols = new Symbols();
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer magic = bytes(channel, 0, (int) Math.min(4, channel.size()));
      if (magic.remaining() == 4 && magic.getInt() == 0x464c457f) {
        new Elf(channel, symbols).read();
      } else {
        readLines(file, symbols);
      }
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      throw new ConfigException(OPTION + ": " + name + " is a damaged ELF file", e);
    } catch (IOException e) {
      throw new ConfigException(OPTION + ": cannot read " + name + ": " + HostFiles.reason(e), e);
    }
    if (symbols.isEmpty()) {
      throw new ConfigException(
          OPTION
              + ": "
              + name
              + " names no function (an ELF file that is not stripped, or nm's lines)");
    }
    return symbols;
  }

  private static void readLines(Path file, Symbols symbols) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new java.io.InputStreamReader(
                Files.newInputStream(file), StandardCharsets.ISO_8859_1))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Matcher m = LINE.matcher(line);
        if (m.matches() && "tTwWiI".contains(m.group(2))) {
          long address = Long.parseUnsignedLong(m.group(1), 16);
          if (address != 0) { // what /proc/kallsyms says to those who may not know
            symbols.add(address, m.group(3), 0);
          }
        }
      }
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {}
    return buffer.flip();
  }

  /** The symbol tables of an ELF file, of either class, little-endian. */
  private record Elf(FileChannel channel, Symbols symbols) {
    private record Section(int type, long flags, long offset, int size, int link) {}

    void read() throws IOException {
      ByteBuffer header = bytes(channel, 0, 64);
      boolean wide = header.get(4) == 2;
      long table = wide ? header.getLong(40) : header.getInt(32) & 0xffff_ffffL;
      int entry = header.getShort(wide ? 58 : 46) & 0xffff;
      int count = header.getShort(wide ? 60 : 48) & 0xffff;
      Section[] sections = new Section[count];
      for (int i = 0; i < count; i++) {
        sections[i] = section(bytes(channel, table + (long) i * entry, entry), wide);
      }
      for (Section s : sections) {
        if (s.type() == SHT_SYMTAB) {
          Section names = sections[s.link()];
          add(
              bytes(channel, s.offset(), s.size()),
              bytes(channel, names.offset(), names.size()),
              sections,
              wide);
        }
      }
    }

    private static Section section(ByteBuffer h, boolean wide) {
      return wide
          ? new Section(
              h.getInt(4),
              h.getLong(8),
              h.getLong(24),
              Math.toIntExact(h.getLong(32)),
              h.getInt(40))
          : new Section(
              h.getInt(4), h.getInt(8), h.getInt(16) & 0xffff_ffffL, h.getInt(20), h.getInt(24));
    }

    private void add(ByteBuffer table, ByteBuffer names, Section[] sections, boolean wide) {
      int bytes = wide ? 24 : 16;
      for (int at = 0; at + bytes <= table.limit(); at += bytes) {
        int type = table.get(at + (wide ? 4 : 12)) & 15;
        int home = table.getShort(at + (wide ? 6 : 14)) & 0xffff;
        long address = wide ? table.getLong(at + 8) : table.getInt(at + 4) & 0xffff_ffffL;
        long size = wide ? table.getLong(at + 16) : table.getInt(at + 8) & 0xffff_ffffL;
        boolean code =
            home > 0 && home < sections.length && (sections[home].flags() & SHF_EXECINSTR) != 0;
        String name = name(names, table.getInt(at));
        if (code && (type == STT_FUNC || type == STT_NOTYPE) && !name.isEmpty()) {
          symbols.add(address, name, size);
        }
      }
    }

    private static String name(ByteBuffer names, int at) {
      int end = at;
      while (names.get(end) != 0) {
        end++;
      }
      return new String(names.array(), at, end - at, StandardCharsets.UTF_8);
    }
  }
}
