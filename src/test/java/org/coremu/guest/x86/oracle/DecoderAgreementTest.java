package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.coremu.guest.x86.CodeBytes;
import org.coremu.guest.x86.Decoder;
import org.coremu.guest.x86.OpcodeTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The emulator's opcode table and the generator's, written independently, agree on what is an
 * instruction.
 */
@Tag("tierless")
class DecoderAgreementTest {
  private static final long CASES = 40_000;
  private static final Set<String> INVALID = Set.of("removed");

  @Test
  void decodesGeneratedInstructionsAtTheirLength() {
    List<InsnRow> rows = new ArrayList<>(IntegerRows.rows());
    rows.addAll(SseRows.rows());
    rows.addAll(X87Rows.rows());
    InsnGenerator generator = new InsnGenerator(rows, 11);
    Decoder decoder = new Decoder(-1L);
    org.coremu.guest.x86.Insn decoded = new org.coremu.guest.x86.Insn();
    Set<String> wrong = new TreeSet<>();
    for (long i = 0; i < CASES; i++) {
      for (Insn insn : generator.generate(i).insns()) {
        InsnRow row = insn.row();
        if (row.is("fixed") || row.is("popf") || row.is("fstenv") || row.is("fxsave")) {
          continue;
        }
        byte[] bytes = insn.bytes();
        CodeBytes code = at -> at < bytes.length ? bytes[at] & 0xFF : 0x90;
        decoder.decode(code, 0, 64, decoded);
        boolean bad = decoded.row.id == OpcodeTable.BAD || decoded.row.id == OpcodeTable.TOO_LONG;
        boolean lock = decoded.lock && !row.is("lock");
        boolean invalid = INVALID.contains(row.name()) || decoded.lock && bad;
        if (lock && !bad || bad != invalid || !bad && decoded.length != bytes.length) {
          wrong.add(
              "%s: %s decoded as %s, %d bytes"
                  .formatted(
                      row.name(),
                      HexFormat.of().formatHex(bytes),
                      String.join(",", decoded.row.mnemonics),
                      decoded.length));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
