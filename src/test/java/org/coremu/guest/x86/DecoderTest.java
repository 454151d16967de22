package org.coremu.guest.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderTest {
  private final Decoder decoder = new Decoder(Feature.ALL);
  private final Insn insn = new Insn();

  /** Decodes; a fetch past the given bytes throws. */
  private Insn decode(int mode, String hex) {
    byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
    decoder.decode(index -> code[index] & 0xff, 0, mode, insn);
    return insn;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      64 | f0 48 0f b1 0a       | lock cmpxchg QWORD PTR [rdx],rcx
      64 | 48 8b 05 10 00 00 00 | mov rax,QWORD PTR [rip+0x10]        # 0x17
      64 | f3 a4                | rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]
      64 | 64 48 8b 04 25 28 00 00 00 | mov rax,QWORD PTR fs:0x28
      64 | 40 88 e6             | mov sil,spl
      64 | 88 e6                | mov dh,ah
      64 | 0f 01 f8             | swapgs
      64 | f3 0f 1e fa          | endbr64
      64 | f2 0f 10 c1          | movsd xmm0,xmm1
      64 | 0f c2 c1 01          | cmpltps xmm0,xmm1
      32 | 62 00                | bound eax,QWORD PTR [eax]
      16 | 8a 42 fe             | mov al,BYTE PTR [bp+si-0x2]
      16 | ea 5b e0 00 f0       | jmp 0xf000:0xe05b
      64 | eb fe                | jmp 0x0
      64 | e3 00                | jrcxz 0x2
      64 | 0f ff c0             | ud0 eax,eax
      """)
  void printsAndMeasures(int mode, String hex, String text) {
    decode(mode, hex);
    assertThat(Assembly.print(insn, 0)).isEqualTo(text);
    assertThat(insn.length).isEqualTo(hex.trim().replace(" ", "").length() / 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      64 | f0 89 c8             | LOCK on a register destination
      64 | f0 8b 00             | LOCK on a load
      64 | c5 f8 77             | VEX
      64 | 62 f1 7c 48 58 c0    | EVEX
      64 | 06                   | PUSH ES in 64-bit code
      64 | 0f 04                | no such opcode
      32 | c4 c0 00             | LES with a register
      """)
  void isUndefined(int mode, String hex, String why) {
    assertThat(decode(mode, hex).row.id).as(why).isEqualTo(OpcodeTable.BAD);
  }

  @Test
  void fetchesNothingBeyondTheInstruction() {
    decode(64, "c3");
    decode(64, "0f0b");
    assertThatThrownBy(() -> decode(64, "488b")).isInstanceOf(ArrayIndexOutOfBoundsException.class);
    // invalid opcodes are known without a ModRM byte
    assertThat(decode(64, "0f04").row.id).isEqualTo(OpcodeTable.BAD);
  }

  @Test
  void limitsLengthTo15Bytes() {
    decode(64, "66".repeat(14) + "90");
    assertThat(insn.length).isEqualTo(15);
    assertThat(insn.row.mnemonics[0]).isEqualTo("xchg");
    decode(64, "66".repeat(15));
    assertThat(insn.row.id).isEqualTo(OpcodeTable.TOO_LONG);
    assertThat(decode(64, "66".repeat(8) + "0f1f8000000000").row.mnemonics[0]).isEqualTo("nop");
    assertThat(decode(64, "66".repeat(9) + "0f1f8000000000").row.id)
        .isEqualTo(OpcodeTable.TOO_LONG);
  }

  @Test
  void rexCountsOnlyBeforeTheOpcode() {
    assertThat(decode(64, "48 66 89 c8").opSize).isEqualTo(16);
    assertThat(decode(64, "66 48 89 c8").opSize).isEqualTo(64);
  }

  @Test
  void defaultSegmentIsSsForStackBases() {
    assertThat(decode(32, "8b 45 00").segment).isEqualTo(2);
    assertThat(decode(32, "8b 04 28").segment).isEqualTo(3);
    assertThat(decode(32, "8b 04 24").segment).isEqualTo(2);
    assertThat(decode(64, "41 8b 45 00").segment).isEqualTo(3);
    assertThat(decode(16, "8b 02").segment).isEqualTo(2);
    assertThat(decode(64, "26 8b 00").override).isEqualTo(-1);
  }

  @Test
  void featuresCanBeAbsent() {
    Decoder old = new Decoder(0);
    byte[] popcnt = HexFormat.of().parseHex("f30fb8c0");
    old.decode(index -> popcnt[index] & 0xff, 0, 64, insn);
    assertThat(insn.row.id).isEqualTo(OpcodeTable.BAD);
  }
}
