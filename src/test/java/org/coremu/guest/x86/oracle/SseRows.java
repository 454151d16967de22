package org.coremu.guest.x86.oracle;

import java.util.List;

/** MMX and SSE to SSE4.2 (SDM vol. 2, appendix A). */
final class SseRows {
  /** Opcodes that exist for MMX without a prefix and for XMM with 66: map 0F. */
  private static final String BOTH =
      """
      60 punpcklbw 61 punpcklwd 62 punpckldq 63 packsswb 64 pcmpgtb 65 pcmpgtw 66 pcmpgtd 67 packuswb 68 punpckhbw
      69 punpckhwd 6A punpckhdq 6B packssdw 74 pcmpeqb 75 pcmpeqw 76 pcmpeqd D1 psrlw D2 psrld D3 psrlq D4 paddq
      D5 pmullw D8 psubusb D9 psubusw DA pminub DB pand DC paddusb DD paddusw DE pmaxub DF pandn E0 pavgb E1 psraw
      E2 psrad E3 pavgw E4 pmulhuw E5 pmulhw E8 psubsb E9 psubsw EA pminsw EB por EC paddsb ED paddsw EE pmaxsw
      EF pxor F1 psllw F2 pslld F3 psllq F4 pmuludq F5 pmaddwd F6 psadbw F8 psubb F9 psubw FA psubd FB psubq FC paddb
      FD paddw FE paddd
      """;

  /** The same in map 0F 38. */
  private static final String BOTH_38 =
      """
      00 pshufb 01 phaddw 02 phaddd 03 phaddsw 04 pmaddubsw 05 phsubw 06 phsubd 07 phsubsw 08 psignb 09 psignw
      0A psignd 0B pmulhrsw 1C pabsb 1D pabsw 1E pabsd
      """;

  /** Floating point with the four prefixes: ps, pd, ss, sd. */
  private static final String FOUR =
      """
      51 sqrt 58 add 59 mul 5C sub 5D min 5E div 5F max
      """;

  private static final String MOVES =
      """
      movups 0F 10 /r XX m=16
      movupd p66 0F 10 /r XX m=16
      movss pF3 0F 10 /r XX m=4
      movsd pF2 0F 10 /r XX m=8
      movups 0F 11 /r XX m=16
      movupd p66 0F 11 /r XX m=16
      movss pF3 0F 11 /r XX m=4
      movsd pF2 0F 11 /r XX m=8
      movlps 0F 12 /r XX m=8
      movlpd p66 0F 12 /r XX m=8 mem
      movddup pF2 0F 12 /r XX m=8
      movsldup pF3 0F 12 /r XX m=16 al
      movlps 0F 13 /r XX m=8 mem
      movlpd p66 0F 13 /r XX m=8 mem
      unpcklps,unpckhps 0F 14 +1 /r XX m=16 al
      unpcklpd,unpckhpd p66 0F 14 +1 /r XX m=16 al
      movhps 0F 16 /r XX m=8
      movhpd p66 0F 16 /r XX m=8 mem
      movshdup pF3 0F 16 /r XX m=16 al
      movhps 0F 17 /r XX m=8 mem
      movhpd p66 0F 17 /r XX m=8 mem
      movaps,movaps 0F 28 +1 /r XX m=16 al
      movapd,movapd p66 0F 28 +1 /r XX m=16 al
      movntps 0F 2B /r XX m=16 al mem
      movntpd p66 0F 2B /r XX m=16 al mem
      movmskps 0F 50 /r y GX reg
      movmskpd p66 0F 50 /r y GX reg
      movd 0F 6E /r y MG
      movd p66 0F 6E /r y XG
      movd 0F 7E /r y MG
      movd p66 0F 7E /r y XG
      movq pF3 0F 7E /r XX m=8
      movq 0F 6F /r MM m=8
      movdqa p66 0F 6F /r XX m=16 al
      movdqu pF3 0F 6F /r XX m=16
      movq 0F 7F /r MM m=8
      movdqa p66 0F 7F /r XX m=16 al
      movdqu pF3 0F 7F /r XX m=16
      movq p66 0F D6 /r XX m=8
      movq2dq pF3 0F D6 /r XM reg
      movdq2q pF2 0F D6 /r MX reg
      pmovmskb 0F D7 /r y GM reg
      pmovmskb p66 0F D7 /r y GX reg
      movntq 0F E7 /r MM m=8 mem
      movntdq p66 0F E7 /r XX m=16 al mem
      lddqu pF2 0F F0 /r XX m=16 mem
      maskmovq 0F F7 /r MM reg maskmov wide
      maskmovdqu p66 0F F7 /r XX reg maskmov wide
      movntdqa p66 0F 38 2A /r XX m=16 al mem
      """;

  private static final String CONVERSIONS =
      """
      cvtpi2ps 0F 2A /r XM m=8 int
      cvtpi2pd p66 0F 2A /r XM m=8 int
      cvtsi2ss pF3 0F 2A /r y XG int
      cvtsi2sd pF2 0F 2A /r y XG int
      cvttps2pi,cvtps2pi 0F 2C +1 /r MX m=8 f32
      cvttpd2pi,cvtpd2pi p66 0F 2C +1 /r MX m=16 al f64
      cvttss2si,cvtss2si pF3 0F 2C +1 /r y GX m=4 f32
      cvttsd2si,cvtsd2si pF2 0F 2C +1 /r y GX m=8 f64
      cvtps2pd 0F 5A /r XX m=8 f32
      cvtpd2ps p66 0F 5A /r XX m=16 al f64
      cvtss2sd pF3 0F 5A /r XX m=4 f32
      cvtsd2ss pF2 0F 5A /r XX m=8 f64
      cvtdq2ps 0F 5B /r XX m=16 al int
      cvtps2dq p66 0F 5B /r XX m=16 al f32
      cvttps2dq pF3 0F 5B /r XX m=16 al f32
      cvttpd2dq p66 0F E6 /r XX m=16 al f64
      cvtdq2pd pF3 0F E6 /r XX m=8 int
      cvtpd2dq pF2 0F E6 /r XX m=16 al f64
      """;

  private static final String FLOATS =
      """
      ucomiss,comiss 0F 2E +1 /r XX m=4 f32 w:OSZAPC
      ucomisd,comisd p66 0F 2E +1 /r XX m=8 f64 w:OSZAPC
      rsqrtps,rcpps 0F 52 +1 /r XX m=16 al f32 approx
      rsqrtss,rcpss pF3 0F 52 +1 /r XX m=4 f32 approx
      andps,andnps,orps,xorps 0F 54 +1 /r XX m=16 al
      andpd,andnpd,orpd,xorpd p66 0F 54 +1 /r XX m=16 al
      haddpd,hsubpd p66 0F 7C +1 /r XX m=16 al f64
      haddps,hsubps pF2 0F 7C +1 /r XX m=16 al f32
      cmpps 0F C2 /r XX m=16 al ib f32 cmpimm
      cmppd p66 0F C2 /r XX m=16 al ib f64 cmpimm
      cmpss pF3 0F C2 /r XX m=4 ib f32 cmpimm
      cmpsd pF2 0F C2 /r XX m=8 ib f64 cmpimm
      shufps 0F C6 /r XX m=16 al ib f32
      shufpd p66 0F C6 /r XX m=16 al ib f64
      addsubpd p66 0F D0 /r XX m=16 al f64
      addsubps pF2 0F D0 /r XX m=16 al f32
      roundps p66 0F 3A 08 /r XX m=16 al ib f32
      roundpd p66 0F 3A 09 /r XX m=16 al ib f64
      roundss p66 0F 3A 0A /r XX m=4 ib f32
      roundsd p66 0F 3A 0B /r XX m=8 ib f64
      dpps p66 0F 3A 40 /r XX m=16 al ib f32
      dppd p66 0F 3A 41 /r XX m=16 al ib f64
      """;

  private static final String INTEGERS =
      """
      pshufw 0F 70 /r MM m=8 ib
      pshufd p66 0F 70 /r XX m=16 al ib
      pshufhw pF3 0F 70 /r XX m=16 al ib
      pshuflw pF2 0F 70 /r XX m=16 al ib
      psrlw 0F 71 /2 -M reg ib count
      psraw 0F 71 /4 -M reg ib count
      psllw 0F 71 /6 -M reg ib count
      psrld 0F 72 /2 -M reg ib count
      psrad 0F 72 /4 -M reg ib count
      pslld 0F 72 /6 -M reg ib count
      psrlq 0F 73 /2 -M reg ib count
      psllq 0F 73 /6 -M reg ib count
      psrlw p66 0F 71 /2 -X reg ib count
      psraw p66 0F 71 /4 -X reg ib count
      psllw p66 0F 71 /6 -X reg ib count
      psrld p66 0F 72 /2 -X reg ib count
      psrad p66 0F 72 /4 -X reg ib count
      pslld p66 0F 72 /6 -X reg ib count
      psrlq p66 0F 73 /2 -X reg ib count
      psrldq p66 0F 73 /3 -X reg ib count
      psllq p66 0F 73 /6 -X reg ib count
      pslldq p66 0F 73 /7 -X reg ib count
      punpcklqdq,punpckhqdq p66 0F 6C +1 /r XX m=16 al
      pinsrw 0F C4 /r MG m=2 ib
      pinsrw p66 0F C4 /r XG m=2 ib
      pextrw 0F C5 /r y GM reg ib
      pextrw p66 0F C5 /r y GX reg ib
      palignr 0F 3A 0F /r MM m=8 ib count
      palignr p66 0F 3A 0F /r XX m=16 al ib count
      pblendvb p66 0F 38 10 /r XX m=16 al
      blendvps,blendvpd p66 0F 38 14 +1 /r XX m=16 al
      ptest p66 0F 38 17 /r XX m=16 al w:OSZAPC
      pmovsxbw,pmovsxbd,pmovsxbq p66 0F 38 20 +1 /r XX m=16 nocross
      pmovsxwd,pmovsxwq,pmovsxdq p66 0F 38 23 +1 /r XX m=16 nocross
      pmovzxbw,pmovzxbd,pmovzxbq p66 0F 38 30 +1 /r XX m=16 nocross
      pmovzxwd,pmovzxwq,pmovzxdq p66 0F 38 33 +1 /r XX m=16 nocross
      pmovsxbq p66 0F 38 22 /r XX m=2
      pmovzxwd p66 0F 38 33 /r XX m=8
      pmuldq,pcmpeqq p66 0F 38 28 +1 /r XX m=16 al
      packusdw p66 0F 38 2B /r XX m=16 al
      pcmpgtq,pminsb,pminsd,pminuw,pminud,pmaxsb,pmaxsd,pmaxuw,pmaxud,pmulld,phminposuw p66 0F 38 37 +1 /r XX m=16 al
      blendps,blendpd,pblendw p66 0F 3A 0C +1 /r XX m=16 al ib
      pextrb p66 0F 3A 14 /r y XG m=1 ib
      pextrw p66 0F 3A 15 /r y XG m=2 ib
      pextrd p66 0F 3A 16 /r y XG ib
      extractps p66 0F 3A 17 /r y XG m=4 ib
      pinsrb p66 0F 3A 20 /r y XG m=1 ib
      insertps p66 0F 3A 21 /r XX m=4 ib
      pinsrd p66 0F 3A 22 /r y XG ib
      mpsadbw p66 0F 3A 42 /r XX m=16 al ib
      pcmpestrm,pcmpestri p66 0F 3A 60 +1 /r y XX m=16 ib w:OSZAPC strlen
      pcmpistrm,pcmpistri p66 0F 3A 62 +1 /r XX m=16 ib w:OSZAPC strlen
      aesimc,aesenc,aesenclast,aesdec,aesdeclast p66 0F 38 DB +1 /r XX m=16 al
      aeskeygenassist p66 0F 3A DF /r XX m=16 al ib
      pclmulqdq p66 0F 3A 44 /r XX m=16 al ib
      emms 0F 77
      ldmxcsr 0F AE /2 -G mem m=4 mxcsr
      stmxcsr 0F AE /3 -G mem m=4
      fxsave 0F AE /0 y -G mem m=512 al fxsave wide
      fxrstor 0F AE /1 y -G mem m=512 al fxrstor wide
      """;

  private SseRows() {}

  /** All rows of this class. */
  static List<InsnRow> rows() {
    StringBuilder text = new StringBuilder(MOVES + CONVERSIONS + FLOATS + INTEGERS);
    both(text, BOTH, "0F");
    both(text, BOTH_38, "0F 38");
    String[] words = FOUR.strip().split("\\s+");
    for (int i = 0; i < words.length; i += 2) {
      String code = "0F " + words[i];
      text.append("%sps %s /r XX m=16 al f32\n".formatted(words[i + 1], code));
      text.append("%spd p66 %s /r XX m=16 al f64\n".formatted(words[i + 1], code));
      text.append("%sss pF3 %s /r XX m=4 f32\n".formatted(words[i + 1], code));
      text.append("%ssd pF2 %s /r XX m=8 f64\n".formatted(words[i + 1], code));
    }
    return InsnRow.parse(text.toString());
  }

  private static void both(StringBuilder text, String table, String map) {
    String[] words = table.strip().split("\\s+");
    for (int i = 0; i < words.length; i += 2) {
      text.append("%s %s %s /r MM m=8 nocross\n".formatted(words[i + 1], map, words[i]));
      text.append("%s p66 %s %s /r XX m=16 al\n".formatted(words[i + 1], map, words[i]));
    }
  }
}
