package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * General-purpose instructions of 32-bit and 16-bit code: those of 64-bit code and those that it
 * has lost.
 */
final class LegacyRows {
  private static final String LOST =
      """
      daa 27 r:AC w:SZAPC u:O
      das 2F r:AC w:SZAPC u:O
      aaa 37 r:A w:AC u:OSZP
      aas 3F r:A w:AC u:OSZP
      aam D4 ib w:SZP u:OAC
      aad D5 ib w:SZP u:OAC
      salc D6 r:C
      into CE r:O
      bound 62 /r v GG mem bound rare
      arpl 63 /r GG reg w:Z
      pusha 60 v stack sp32
      popa 61 v stack rare popa
      inc 40 plusr v w:OSZAP
      dec 48 plusr v w:OSZAP
      add 82 /0 b -G ib lock w:OSZAPC
      or 82 /1 b -G ib lock w:OSZPC u:A
      adc 82 /2 b -G ib lock r:C w:OSZAPC
      sbb 82 /3 b -G ib lock r:C w:OSZAPC
      and 82 /4 b -G ib lock w:OSZPC u:A
      sub 82 /5 b -G ib lock w:OSZAPC
      xor 82 /6 b -G ib lock w:OSZPC u:A
      cmp 82 /7 b -G ib w:OSZAPC
      """;

  private LegacyRows() {}

  /** All rows for a mode, 32 or 16. */
  static List<InsnRow> rows(int mode) {
    List<InsnRow> rows = new ArrayList<>(InsnRow.parse(LOST));
    for (InsnRow row : IntegerRows.rows()) {
      boolean other =
          row.is("fixed")
              || row.is("codeptr")
              || row.immediate().equals("rel32")
              || row.name().matches("movsxd|mov_.s|removed|iret_bad")
              // undefined results: BSWAP of 16 bits, double shifts by more than 16
              || mode == 16
                  && (row.name().equals("bswap") || row.is("dshift") && row.size() == 'y');
      if (!other) {
        rows.add(row);
      }
    }
    return rows;
  }
}
