package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * One row of the generator's instruction table. Written as one line of blank-separated words; see
 * {@link #parse}.
 *
 * @param name the mnemonic
 * @param prefix the mandatory prefix: 0x66, 0xF2, 0xF3, or 0 for none
 * @param opcode the opcode bytes, escape bytes included
 * @param modrm NO_MODRM, ANY_REG for /r, or the opcode extension 0 to 7
 * @param size the operand-size class: b, v, y, q, or n for fixed
 * @param reg what ModRM.reg names: G general, X XMM, M MMX, '-' nothing
 * @param rm what ModRM.rm names when it is a register
 * @param memory bytes that a memory operand has, 0 if they follow from the operand size
 * @param immediate ib, iw, iz, iv, rel8, rel32, moffs or nothing
 * @param reads status flags read
 * @param writes status flags written with a defined value
 * @param undefined status flags left undefined
 * @param tags everything else, see the table
 */
public record InsnRow(
    String name,
    int prefix,
    byte[] opcode,
    int modrm,
    char size,
    char reg,
    char rm,
    int memory,
    String immediate,
    int reads,
    int writes,
    int undefined,
    Set<String> tags) {
  public static final int NO_MODRM = -2;
  public static final int ANY_REG = -1;

  private static final Set<String> IMMEDIATES =
      Set.of("ib", "iw", "iz", "iv", "rel8", "rel32", "moffs");

  /** Whether the row has a tag. */
  public boolean is(String tag) {
    return tags.contains(tag);
  }

  /** Whether it is an x87 or MMX instruction. */
  boolean usesX87() {
    return reg == 'M' || rm == 'M' || (opcode[0] & 0xF8) == 0xD8;
  }

  /** Whether it names an MMX register, whose use changes x87 state. */
  boolean usesMmx() {
    return reg == 'M' || rm == 'M';
  }

  /** Whether it names an XMM register. */
  boolean usesXmm() {
    return reg == 'X' || rm == 'X';
  }

  /**
   * Reads lines of the form {@code names words...}. Words: two hex digits = opcode byte; {@code p66
   * pF2 pF3} = mandatory prefix; {@code /r /0../7}; {@code b v y q} = operand-size class; two
   * letters of G X M - = what reg and rm name; {@code m=N} = bytes of the memory operand; an
   * immediate; {@code r: w: u:} with letters of OSZAPC = status flags; the rest are tags. Several
   * names separated by commas make several rows: {@code +N} after the opcode adds N to its last
   * byte for each next row, {@code /0+} adds one to the extension.
   */
  public static List<InsnRow> parse(String text) {
    List<InsnRow> rows = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String stripped = line.replaceAll("#.*", "").strip();
      if (!stripped.isEmpty()) {
        String[] names = stripped.split("\\s+", 2)[0].split(",");
        for (int i = 0; i < names.length; i++) {
          rows.add(one(names[i], stripped.split("\\s+"), i));
        }
      }
    }
    return rows;
  }

  private static InsnRow one(String name, String[] words, int index) {
    int prefix = 0;
    String opcode = "";
    int step = 0;
    int modrm = NO_MODRM;
    char size = 'n';
    String registers = "--";
    int memory = 0;
    String immediate = "";
    int[] flags = new int[3];
    Set<String> tags = new HashSet<>();
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.matches("[0-9A-F]{2}")) {
        opcode += word;
      } else if (word.matches("p66|pF2|pF3")) {
        prefix = Integer.parseInt(word.substring(1), 16);
      } else if (word.matches("\\+[0-9]+")) {
        step = Integer.parseInt(word.substring(1));
      } else if (word.equals("/r")) {
        modrm = ANY_REG;
      } else if (word.matches("/[0-7]\\+?")) {
        modrm = word.charAt(1) - '0' + (word.endsWith("+") ? index : 0);
      } else if (word.matches("[bvyq]")) {
        size = word.charAt(0);
      } else if (word.matches("[GXM-]{2}")) {
        registers = word;
      } else if (word.startsWith("m=")) {
        memory = Integer.parseInt(word.substring(2));
      } else if (IMMEDIATES.contains(word)) {
        immediate = word;
      } else if (word.matches("[rwu]:[OSZAPC]*")) {
        flags["rwu".indexOf(word.charAt(0))] |= Flags.of(word.substring(2));
      } else {
        tags.add(word);
      }
    }
    byte[] bytes = HexFormat.of().parseHex(opcode);
    bytes[bytes.length - 1] += (byte) (step * index);
    return new InsnRow(
        name,
        prefix,
        bytes,
        modrm,
        size,
        registers.charAt(0),
        registers.charAt(1),
        memory,
        immediate,
        flags[0],
        flags[1],
        flags[2],
        Set.copyOf(tags));
  }
}
