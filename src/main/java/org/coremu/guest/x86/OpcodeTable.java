package org.coremu.guest.x86;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rows of {@code opcodes.txt} and the arrays that the decoder finds them through.
 *
 * <p>A look-up starts at {@code base[map, prefix, 64-bit?, opcode]}: 0 is no instruction, a
 * positive number a row, and a negative one (-g) a group: {@code groups[16 g + 8 * (mod == 3) +
 * reg]}, which again is 0, a row, or (-r) {@code byRm[8 r + rm]}. Loading fails when two rows claim
 * the same place.
 */
public final class OpcodeTable {
  /** The one table; immutable. */
  public static final OpcodeTable X86 = load();

  /** The row of a byte sequence that is no instruction: raises #UD. */
  public static final int BAD = 0;

  /** The row of an instruction longer than 15 bytes: raises #GP(0). */
  public static final int TOO_LONG = 1;

  private static final int PREFIX_NONE = 1;
  private static final int PREFIX_66 = 2;
  private static final int PREFIX_F3 = 4;
  private static final int PREFIX_F2 = 8;
  private static final String FLAG_LETTERS = "c.p.a.zstido";

  private final List<OpcodeRow> list = new ArrayList<>(1100);
  private OpcodeRow[] rows;
  private final short[] base = new short[4 * 4 * 2 * 256];
  private final short[] groups = new short[16 * 1024];
  private final short[] byRm = new short[8 * 512];
  private int groupCount;
  private int byRmCount;

  private OpcodeTable() {
    int[] noFlags = new int[3];
    Operands none = Operands.parse("-");
    list.add(new OpcodeRow(BAD, 0, "(bad)", none, 0, 0, noFlags, "ControlFlow", "undefined"));
    list.add(
        new OpcodeRow(TOO_LONG, 0, "(too long)", none, 0, 0, noFlags, "ControlFlow", "tooLong"));
  }

  private static OpcodeTable load() {
    try (InputStream in = OpcodeTable.class.getResourceAsStream("opcodes.txt")) {
      return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError("opcodes.txt", e);
    }
  }

  /**
   * Parses a table; throws an AssertionError that names the row when it is malformed or overlaps
   * another one.
   */
  static OpcodeTable parse(String text) {
    OpcodeTable table = new OpcodeTable();
    String[] column = new String[9];
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      if (end > at && text.charAt(at) != '#') {
        split(text, at, end, column);
        table.add(column);
      }
      at = end + 1;
    }
    table.rows = table.list.toArray(new OpcodeRow[0]);
    return table;
  }

  private static void split(String text, int start, int end, String[] column) {
    int n = 0;
    int at = start;
    while (at < end) {
      int stop = at;
      while (stop < end && text.charAt(stop) != ' ') {
        stop++;
      }
      column[n++] = text.substring(at, stop);
      at = stop;
      while (at < end && text.charAt(at) == ' ') {
        at++;
      }
    }
    if (n != column.length) {
      throw new AssertionError("columns of: " + text.substring(start, end));
    }
  }

  private void add(String[] column) {
    int dash = column[0].indexOf('-');
    int first = Integer.parseInt(dash < 0 ? column[0] : column[0].substring(0, dash), 16);
    int last = dash < 0 ? first : Integer.parseInt(column[0].substring(dash + 1), 16);
    Operands operands = Operands.parse(column[5]);
    int prefixes = prefixes(column[1]);
    int attributes = attributes(column[6]) | (column[2].equals("-") ? 0 : OpcodeRow.MODRM);
    attributes |= prefixes == PREFIX_66 ? OpcodeRow.MANDATORY_66 : 0;
    attributes |= (prefixes & (PREFIX_NONE | PREFIX_66)) == 0 ? OpcodeRow.MANDATORY_REP : 0;
    if (!operands.followOperandSize()
        && (attributes & OpcodeRow.OPERAND_SIZE) == 0
        && operands.haveByte()) {
      attributes |= OpcodeRow.BYTE;
    }
    int dot = column[8].indexOf('.');
    OpcodeRow row =
        new OpcodeRow(
            list.size(),
            first,
            column[4].replace('_', ' '),
            operands,
            attributes,
            feature(column[6]),
            flags(column[7]),
            column[8].substring(0, dot).intern(),
            column[8].substring(dot + 1).intern());
    list.add(row);
    for (int opcode = first; opcode <= last; opcode++) {
      for (int prefix = 0; prefix < 4; prefix++) {
        if ((prefixes >> prefix & 1) != 0) {
          if (!column[3].equals("64")) {
            place(row, index(map(opcode), prefix, false, opcode & 0xff), column[2]);
          }
          if (!column[3].equals("32")) {
            place(row, index(map(opcode), prefix, true, opcode & 0xff), column[2]);
          }
        }
      }
    }
  }

  private void place(OpcodeRow row, int at, String modrm) {
    if (modrm.equals("-") || modrm.equals("/.")) {
      claim(row, base[at]);
      base[at] = (short) row.id;
      return;
    }
    if (base[at] > 0) {
      claim(row, base[at]);
    }
    if (base[at] == 0) {
      base[at] = (short) -(++groupCount);
    }
    int group = -base[at] * 16;
    char digit = modrm.charAt(1);
    char kind = modrm.charAt(2);
    for (int reg = 0; reg < 8; reg++) {
      if (digit != '.' && digit != '0' + reg) {
        continue;
      }
      if (kind != 'r') {
        claim(row, groups[group + reg]);
        groups[group + reg] = (short) row.id;
      }
      if (kind != 'm') {
        placeRegister(row, group + 8 + reg, modrm.length() > 3 ? modrm.charAt(3) - '0' : -1);
      }
    }
  }

  private void placeRegister(OpcodeRow row, int at, int rm) {
    if (rm < 0) {
      claim(row, groups[at]);
      groups[at] = (short) row.id;
      return;
    }
    if (groups[at] > 0) {
      claim(row, groups[at]);
    }
    if (groups[at] == 0) {
      groups[at] = (short) -(++byRmCount);
    }
    int slot = -groups[at] * 8 + rm;
    claim(row, byRm[slot]);
    byRm[slot] = (short) row.id;
  }

  private void claim(OpcodeRow row, int present) {
    if (present != 0) {
      throw new AssertionError(
          "opcodes.txt: " + row + " overlaps " + (present > 0 ? list.get(present) : "a group"));
    }
  }

  private static int map(int opcode) {
    return switch (opcode >> 8) {
      case 0 -> 0;
      case 0x0f -> 1;
      case 0x0f38 -> 2;
      case 0x0f3a -> 3;
      default -> throw new AssertionError("opcodes.txt: map of " + Integer.toHexString(opcode));
    };
  }

  private static int index(int map, int prefix, boolean mode64, int opcode) {
    return ((map * 4 + prefix) * 2 + (mode64 ? 1 : 0)) * 256 + opcode;
  }

  private static int prefixes(String column) {
    if (column.equals("*")) {
      return 15;
    }
    int set = 0;
    for (String p : column.split(",")) {
      set |=
          switch (p) {
            case "np" -> PREFIX_NONE;
            case "66" -> PREFIX_66;
            case "f3" -> PREFIX_F3;
            case "f2" -> PREFIX_F2;
            default -> throw new AssertionError("opcodes.txt: prefix " + p);
          };
    }
    return set;
  }

  private static int attributes(String column) {
    if (column.equals("-")) {
      return 0;
    }
    int bits = 0;
    for (String a : column.split(",")) {
      bits |=
          switch (a) {
            case "lock" -> OpcodeRow.LOCK;
            case "d64" -> OpcodeRow.DEFAULT64;
            case "f64" -> OpcodeRow.FORCE64;
            case "v" -> OpcodeRow.OPERAND_SIZE;
            case "asz" -> OpcodeRow.ADDRESS_SIZE_NAME;
            case "rep" -> OpcodeRow.REP;
            case "repz" -> OpcodeRow.REP | OpcodeRow.REP_CONDITION;
            case "mod3" -> OpcodeRow.REGISTER_ONLY;
            default -> {
              if (a.charAt(0) != '+') {
                throw new AssertionError("opcodes.txt: attribute " + a);
              }
              yield 0;
            }
          };
    }
    return bits;
  }

  private static long feature(String column) {
    int plus = column.indexOf('+');
    if (plus < 0) {
      return 0;
    }
    int comma = column.indexOf(',', plus);
    String name = column.substring(plus + 1, comma < 0 ? column.length() : comma);
    return Feature.valueOf(name.toUpperCase(Locale.ROOT)).bit();
  }

  private static int[] flags(String column) {
    int[] masks = new int[3];
    if (column.equals("-")) {
      return masks;
    }
    int part = 0;
    for (int i = 0; i < column.length(); i++) {
      char c = column.charAt(i);
      if (c == '/') {
        part++;
      } else if (c != '-') {
        masks[part] |= 1 << FLAG_LETTERS.indexOf(c);
      }
    }
    return masks;
  }

  /** Returns the number of rows, {@link #BAD} and {@link #TOO_LONG} included. */
  public int size() {
    return rows.length;
  }

  /** Returns the row with the number {@code id}. */
  public OpcodeRow row(int id) {
    return rows[id];
  }

  /**
   * Finds an opcode: a row, {@link #BAD}, or a negative number to pass to {@link #inGroup}.
   *
   * @param map 0 to 3: one-byte, 0F, 0F38, 0F3A
   * @param prefix 0 to 3: none, 66, F3, F2
   */
  int find(int map, int prefix, boolean mode64, int opcode) {
    return base[index(map, prefix, mode64, opcode)];
  }

  /**
   * Finds the row of a group (what {@link #find} returned) for a ModRM byte; {@link #BAD} if there
   * is none.
   */
  int inGroup(int group, int modrm) {
    int found = groups[-group * 16 + (modrm >= 0xc0 ? 8 : 0) + (modrm >> 3 & 7)];
    return found >= 0 ? found : byRm[-found * 8 + (modrm & 7)];
  }
}
