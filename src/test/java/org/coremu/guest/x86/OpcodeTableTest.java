package org.coremu.guest.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpcodeTableTest {
  private static final String ADD = "00 * /. * add Eb,Gb lock -/oszapc/- Arithmetic.add\n";

  @Test
  void overlapsAreRefused() {
    assertThat(OpcodeTable.parse(ADD).size()).isEqualTo(3);
    assertThatThrownBy(() -> OpcodeTable.parse(ADD + ADD))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("overlaps");
    assertThatThrownBy(() -> OpcodeTable.parse(ADD + ADD.replace("/.", "/3r1")))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> OpcodeTable.parse(ADD.replace("/.", "/3r1") + ADD.replace("/.", "/3.")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void malformedRowsAreRefused() {
    assertThatThrownBy(() -> OpcodeTable.parse("00 * /. * add\n"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> OpcodeTable.parse(ADD.replace("lock", "lokc")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void flagsAreEflagsMasks() {
    OpcodeRow add = OpcodeTable.parse(ADD).row(2);
    assertThat(add.flagsWritten).isEqualTo(0x8d5);
    assertThat(add.flagsRead).isZero();
  }

  @Test
  void everyOneByteOpcodeOf32BitCodeIsAnInstructionOrAPrefix() {
    for (int opcode = 0; opcode < 256; opcode++) {
      boolean prefix =
          opcode == 0x0f
              || (opcode & 0xe7) == 0x26
              || opcode >= 0x64 && opcode <= 0x67
              || opcode == 0xf0
              || opcode == 0xf2
              || opcode == 0xf3;
      assertThat(OpcodeTable.X86.find(0, 0, false, opcode) != OpcodeTable.BAD)
          .as("%x", opcode)
          .isEqualTo(!prefix);
    }
  }
}
