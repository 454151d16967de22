package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.coremu.machine.ConfigException;

/**
 * A statically linked ELF executable (System V gABI, ELF32 and ELF64, little-endian): its loadable
 * segments, by physical address, and its notes. Offsets and sizes are checked when the file is
 * parsed; guest addresses when it is loaded.
 */
public final class ElfImage {
  static final int EM_386 = 3;
  static final int EM_X86_64 = 62;

  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;
  private static final int MAX_PROGRAM_HEADERS = 4096;
  private static final int MAX_NOTE_BYTES = 1 << 20;

  /** A range of the file and where it goes. */
  private record Segment(
      int index, int type, long offset, long vaddr, long paddr, long fileSize, long memorySize) {
    String what() {
      return "ELF segment " + index;
    }
  }

  private final ImageFile file;
  private final int machine;
  private final long entry;
  private final List<Segment> segments;

  private ElfImage(ImageFile file, int machine, long entry, List<Segment> segments) {
    this.file = file;
    this.machine = machine;
    this.entry = entry;
    this.segments = segments;
  }

  static boolean isMagic(ByteBuffer head) {
    return head.limit() >= 4
        && head.get(0) == 0x7f
        && head.get(1) == 'E'
        && head.get(2) == 'L'
        && head.get(3) == 'F';
  }

  /**
   * Reads the headers.
   *
   * @throws ConfigException when the file is truncated or not an executable
   */
  static ElfImage parse(ImageFile file) {
    byte[] ident = file.read(0, 16, "the ELF identification");
    boolean wide = ident[4] == 2;
    if (!wide && ident[4] != 1) {
      throw new ConfigException(
          file.label() + " is damaged: its ELF class is neither 32 nor 64 bits");
    }
    if (ident[5] != 1) {
      throw new ConfigException(file.label() + " is a big-endian ELF file; this machine is x86-64");
    }
    ByteBuffer header = littleEndian(file.read(0, wide ? 64 : 52, "the ELF header"));
    int type = header.getShort(16);
    if (type != ET_EXEC && type != ET_DYN) {
      throw new ConfigException(
          file.label() + " is an ELF file but not an executable (e_type " + (type & 0xffff) + ")");
    }
    long entry = wide ? header.getLong(24) : header.getInt(24) & 0xffff_ffffL;
    long tableOffset = wide ? header.getLong(32) : header.getInt(28) & 0xffff_ffffL;
    int entrySize = header.getShort(wide ? 54 : 42) & 0xffff;
    int count = header.getShort(wide ? 56 : 44) & 0xffff;
    if (count == 0 || count > MAX_PROGRAM_HEADERS || entrySize < (wide ? 56 : 32)) {
      throw new ConfigException(
          file.label() + " is damaged: its ELF program header table makes no sense");
    }
    byte[] table = file.read(tableOffset, count * entrySize, "the ELF program header table");
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      segments.add(segment(file, i, littleEndian(table).slice(i * entrySize, entrySize), wide));
    }
    return new ElfImage(file, header.getShort(18) & 0xffff, entry, List.copyOf(segments));
  }

  private static Segment segment(ImageFile file, int index, ByteBuffer slice, boolean wide) {
    ByteBuffer header = slice.order(ByteOrder.LITTLE_ENDIAN);
    Segment segment =
        wide
            ? new Segment(
                index,
                header.getInt(0),
                header.getLong(8),
                header.getLong(16),
                header.getLong(24),
                header.getLong(32),
                header.getLong(40))
            : new Segment(
                index,
                header.getInt(0),
                header.getInt(4) & 0xffff_ffffL,
                header.getInt(8) & 0xffff_ffffL,
                header.getInt(12) & 0xffff_ffffL,
                header.getInt(16) & 0xffff_ffffL,
                header.getInt(20) & 0xffff_ffffL);
    if (segment.type == PT_LOAD || segment.type == PT_NOTE) {
      file.requireRange(segment.offset, segment.fileSize, segment.what());
    }
    if (segment.type == PT_LOAD && Long.compareUnsigned(segment.memorySize, segment.fileSize) < 0) {
      throw new ConfigException(
          file.label()
              + " is damaged: "
              + segment.what()
              + " is larger in the file than in memory");
    }
    return segment;
  }

  /** The file it was read from. */
  public ImageFile file() {
    return file;
  }

  /** e_machine. */
  public int machine() {
    return machine;
  }

  /** e_entry, a virtual address. */
  public long entry() {
    return entry;
  }

  /**
   * The physical address that a virtual one inside a loadable segment is loaded at, empty when
   * there is none. A kernel entered without paging may have been linked to run elsewhere.
   */
  OptionalLong physical(long virtual) {
    for (Segment s : segments) {
      long within = virtual - s.vaddr;
      if (s.type == PT_LOAD && within >= 0 && within < s.memorySize) {
        return OptionalLong.of(s.paddr + within);
      }
    }
    return OptionalLong.empty();
  }

  /** Whether a physical address lies inside a loadable segment. */
  boolean covers(long physical) {
    return segments.stream()
        .anyMatch(
            s -> s.type == PT_LOAD && physical >= s.paddr && physical - s.paddr < s.memorySize);
  }

  /** The highest physical address in use, plus 1; 0 when nothing is loadable. */
  long end() {
    return segments.stream()
        .filter(s -> s.type == PT_LOAD)
        .mapToLong(s -> s.paddr + s.memorySize)
        .max()
        .orElse(0);
  }

  /**
   * Looks for an integer in a note.
   *
   * @param owner the note's name
   * @param type the note's type
   * @return its descriptor as an unsigned number of 4 or 8 bytes
   */
  OptionalLong noteNumber(String owner, int type) {
    for (Segment s : segments) {
      if (s.type == PT_NOTE && s.fileSize <= MAX_NOTE_BYTES) {
        ByteBuffer notes = littleEndian(file.read(s.offset, (int) s.fileSize, s.what()));
        OptionalLong found = numberIn(notes, owner, type);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong numberIn(ByteBuffer notes, String owner, int type) {
    int at = 0;
    while (notes.limit() - at >= 12) {
      long nameSize = notes.getInt(at) & 0xffff_ffffL;
      long descriptorSize = notes.getInt(at + 4) & 0xffff_ffffL;
      int noteType = notes.getInt(at + 8);
      long descriptor = at + 12 + ((nameSize + 3) & ~3L);
      long next = descriptor + ((descriptorSize + 3) & ~3L);
      if (descriptor + descriptorSize > notes.limit()) {
        return OptionalLong.empty();
      }
      if (noteType == type && nameIs(notes, at + 12, nameSize, owner)) {
        if (descriptorSize == 8) {
          return OptionalLong.of(notes.getLong((int) descriptor));
        }
        if (descriptorSize == 4) {
          return OptionalLong.of(notes.getInt((int) descriptor) & 0xffff_ffffL);
        }
      }
      if (next > notes.limit()) {
        return OptionalLong.empty();
      }
      at = (int) next;
    }
    return OptionalLong.empty();
  }

  private static boolean nameIs(ByteBuffer notes, int at, long size, String owner) {
    if (size != owner.length() + 1) {
      return false;
    }
    for (int i = 0; i < owner.length(); i++) {
      if (notes.get(at + i) != owner.charAt(i)) {
        return false;
      }
    }
    return notes.get(at + owner.length()) == 0;
  }

  /**
   * Copies the segments into guest RAM and clears what the file does not hold of them.
   *
   * @throws ConfigException when a segment is not in RAM below 4 GiB or two overlap
   */
  void load(RamLayout layout, GuestImageWriter memory) {
    for (Segment s : segments) {
      if (s.type == PT_LOAD && s.memorySize != 0) {
        layout.claim(s.paddr, s.memorySize, s.what() + " of " + file.label());
        file.copyTo(s.offset, s.fileSize, s.what(), memory, s.paddr);
        clear(memory, s.paddr + s.fileSize, s.memorySize - s.fileSize);
      }
    }
  }

  /** RAM may hold an earlier boot's data. */
  static void clear(GuestImageWriter memory, long address, long length) {
    byte[] zeros = new byte[(int) Math.min(length, 1 << 20)];
    for (long done = 0; done < length; done += zeros.length) {
      memory.write(address + done, zeros, 0, (int) Math.min(zeros.length, length - done));
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
