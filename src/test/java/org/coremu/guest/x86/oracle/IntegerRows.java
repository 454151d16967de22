package org.coremu.guest.x86.oracle;

import java.util.List;

/** General-purpose instructions of 64-bit user mode (SDM vol. 2, appendix A, maps 1 and 2). */
final class IntegerRows {
  private static final String[] ARITHMETIC = {
    "add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"
  };
  private static final String[] ARITHMETIC_FLAGS = {
    "w:OSZAPC",
    "w:OSZPC u:A",
    "r:C w:OSZAPC",
    "r:C w:OSZAPC",
    "w:OSZPC u:A",
    "w:OSZAPC",
    "w:OSZPC u:A",
    "w:OSZAPC"
  };

  private static final String ONE_BYTE =
      """
      movsxd 63 /r y GG m=4
      push 50 plusr q stack
      pop 58 plusr q stack dest
      push 68 q iz stack
      push 6A q ib stack
      imul 69 /r v GG iz w:OC u:SZAP dest
      imul 6B /r v GG ib w:OC u:SZAP dest
      test 84 /r b GG w:OSZPC u:A
      test 85 /r v GG w:OSZPC u:A
      test A8 b ib w:OSZPC u:A
      test A9 v iz w:OSZPC u:A
      xchg 86 /r b GG lock
      xchg 87 /r v GG lock
      xchg 90 plusr v dest nof3
      nop 90
      pause 90 pF3
      mov 88 /r b GG
      mov 89 /r v GG
      mov 8A /r b GG
      mov 8B /r v GG
      mov C6 /0 b -G ib
      mov C7 /0 v -G iz
      mov B0 plusr b ib dest
      mov B8 plusr v iv dest
      mov_es,mov_cs,mov_ss,mov_ds,mov_fs,mov_gs 8C /0+ v -G m=2
      mov_al_moffs A0 b moffs
      mov_ax_moffs A1 v moffs
      mov_moffs_al A2 b moffs
      mov_moffs_ax A3 v moffs
      lea 8D /r v GG mem noaccess
      pop 8F /0 q -G stack m=8
      cbw 98 v
      cwd 99 v
      pushf 9C q stack r:OSZAPC
      popf 68 popf stack w:OSZAPC
      sahf 9E w:SZAPC
      lahf 9F r:SZAPC
      movs A4 b str rep two
      movs A5 v str rep two
      cmps A6 b str rep two w:OSZAPC
      cmps A7 v str rep two w:OSZAPC
      stos AA b str rep
      stos AB v str rep
      lods AC b str rep
      lods AD v str rep
      scas AE b str rep w:OSZAPC
      scas AF v str rep w:OSZAPC
      call_ret E8 02 00 00 00 EB 01 C3 stack fixed
      call_ret_imm E8 02 00 00 00 EB 03 C2 28 00 stack fixed
      jmp_rax 48 8D 05 02 00 00 00 FF E0 fixed
      call_rdx 48 8D 15 02 00 00 00 FF D2 stack fixed
      call_mem FF /2 -G mem stack m=8 codeptr two
      jmp_mem FF /4 -G mem m=8 codeptr
      push_ret 68 00 F0 00 10 C3 stack fixed rare
      jmp_far E9 FF FF FF 7F fixed rare
      jmp_back E9 00 00 00 80 fixed rare
      enter C8 iw enter stack
      leave C9 stack
      int3 CC rare
      loopne E0 rel8 r:Z
      loope E1 rel8 r:Z
      loop E2 rel8
      jrcxz E3 rel8
      jmp EB rel8
      jmp E9 rel32
      inc FE /0 b -G lock w:OSZAP
      dec FE /1 b -G lock w:OSZAP
      inc FF /0 v -G lock w:OSZAP
      dec FF /1 v -G lock w:OSZAP
      push FF /6 q -G stack m=8
      test F6 /0 b -G ib w:OSZPC u:A
      test F6 /1 b -G ib w:OSZPC u:A
      test F7 /0 v -G iz w:OSZPC u:A
      test F7 /1 v -G iz w:OSZPC u:A
      not F6 /2 b -G lock
      not F7 /2 v -G lock
      neg F6 /3 b -G lock w:OSZAPC
      neg F7 /3 v -G lock w:OSZAPC
      mul F6 /4 b -G w:OC u:SZAP
      mul F7 /4 v -G w:OC u:SZAP
      imul F6 /5 b -G w:OC u:SZAP
      imul F7 /5 v -G w:OC u:SZAP
      div F6 /6 b -G u:OSZAPC div
      div F7 /6 v -G u:OSZAPC div
      idiv F6 /7 b -G u:OSZAPC div
      idiv F7 /7 v -G u:OSZAPC div
      cmc F5 r:C w:C
      clc F8 w:C
      stc F9 w:C
      cld FC
      std FD
      xlat D7 xlat
      rol,ror,rcl,rcr,shl,shr,sal,sar C0 /0+ b -G ib shift r:C
      rol,ror,rcl,rcr,shl,shr,sal,sar C1 /0+ v -G ib shift r:C
      rol,ror,rcl,rcr,shl,shr,sal,sar D0 /0+ b -G shift r:C
      rol,ror,rcl,rcr,shl,shr,sal,sar D1 /0+ v -G shift r:C
      rol,ror,rcl,rcr,shl,shr,sal,sar D2 /0+ b -G shift r:C
      rol,ror,rcl,rcr,shl,shr,sal,sar D3 /0+ v -G shift r:C
      """;

  private static final String TWO_BYTE =
      """
      nop 0F 1F /0 v -G noaccess
      prefetch 0F 0D /0 -G mem noaccess
      prefetchw 0F 0D /1 -G mem noaccess
      prefetchnta,prefetcht0,prefetcht1,prefetcht2 0F 18 /0+ -G mem noaccess
      clflush 0F AE /7 -G mem m=1
      lfence 0F AE E8 fixed
      mfence 0F AE F0 fixed
      sfence 0F AE F8 fixed
      bt 0F A3 /r v GG bitoff w:C u:OSAP
      bts 0F AB /r v GG bitoff lock w:C u:OSAP
      btr 0F B3 /r v GG bitoff lock w:C u:OSAP
      btc 0F BB /r v GG bitoff lock w:C u:OSAP
      bt 0F BA /4 v -G ib w:C u:OSAP
      bts 0F BA /5 v -G ib lock w:C u:OSAP
      btr 0F BA /6 v -G ib lock w:C u:OSAP
      btc 0F BA /7 v -G ib lock w:C u:OSAP
      shld 0F A4 /r v GG ib dshift
      shld 0F A5 /r y GG dshift
      shrd 0F AC /r v GG ib dshift
      shrd 0F AD /r y GG dshift
      imul 0F AF /r v GG w:OC u:SZAP
      jz_far 0F 84 F8 FF FF 7F fixed rare r:Z
      cmpxchg 0F B0 /r b GG lock w:OSZAPC cmpxchg
      cmpxchg 0F B1 /r v GG lock w:OSZAPC cmpxchg
      xadd 0F C0 /r b GG lock w:OSZAPC
      xadd 0F C1 /r v GG lock w:OSZAPC
      cmpxchg8b 0F C7 /1 y -G mem lock w:Z cmpxchg8b
      movnti 0F C3 /r y GG mem
      movzx 0F B6 /r v GG m=1
      movzx 0F B7 /r v GG m=2
      movsx 0F BE /r v GG m=1
      movsx 0F BF /r v GG m=2
      bsf 0F BC /r v GG w:Z u:OSAPC
      bsr 0F BD /r v GG w:Z u:OSAPC
      popcnt pF3 0F B8 /r v GG w:OSZAPC
      bswap 0F C8 plusr y dest
      crc32 pF2 0F 38 F0 /r y GG m=1 rm8
      crc32 pF2 0F 38 F1 /r v GG
      """;

  private static final String FAULTING =
      """
      ud2 0F 0B rare
      hlt F4 rare
      cli FA rare
      sti FB rare
      in E4 ib rare
      in ED rare
      out E6 ib rare
      out EE rare
      insb 6C rare
      outsb 6E rare
      clts 0F 06 rare
      invd 0F 08 rare
      wbinvd 0F 09 rare
      wrmsr 0F 30 rare
      rdmsr 0F 32 rare
      mov_cr 0F 20 C0 fixed rare
      mov_to_cr 0F 22 D8 fixed rare
      mov_dr 0F 21 F8 fixed rare
      lgdt 0F 01 /2 -G mem noaccess rare
      lidt 0F 01 /3 -G mem noaccess rare
      invlpg 0F 01 /7 -G mem noaccess rare
      iret_bad CF rare stack wide
      removed,removed 06 +1 rare
      removed,removed 16 +1 rare
      removed,removed 1E +1 rare
      removed,removed,removed,removed 27 +8 rare
      removed,removed 60 +1 rare
      removed,removed 9A +80 rare
      removed,removed,removed D4 +1 rare
      """;

  private IntegerRows() {}

  /** All rows of this class. */
  static List<InsnRow> rows() {
    StringBuilder text = new StringBuilder(ONE_BYTE + TWO_BYTE + FAULTING);
    for (int i = 0; i < 8; i++) {
      String lock = i == 7 ? "" : "lock";
      String rest = ARITHMETIC_FLAGS[i] + "\n";
      String name = ARITHMETIC[i];
      text.append("%s %02X /r b GG %s %s".formatted(name, 8 * i, lock, rest));
      text.append("%s %02X /r v GG %s %s".formatted(name, 8 * i + 1, lock, rest));
      text.append("%s %02X /r b GG %s".formatted(name, 8 * i + 2, rest));
      text.append("%s %02X /r v GG %s".formatted(name, 8 * i + 3, rest));
      text.append("%s %02X b ib %s".formatted(name, 8 * i + 4, rest));
      text.append("%s %02X v iz %s".formatted(name, 8 * i + 5, rest));
      text.append("%s 80 /%d b -G ib %s %s".formatted(name, i, lock, rest));
      text.append("%s 81 /%d v -G iz %s %s".formatted(name, i, lock, rest));
      text.append("%s 83 /%d v -G ib %s %s".formatted(name, i, lock, rest));
    }
    for (int cc = 0; cc < 16; cc++) {
      String reads = letters(Flags.condition(cc));
      text.append("jcc %02X rel8 r:%s\n".formatted(0x70 + cc, reads));
      text.append("jcc 0F %02X rel32 r:%s\n".formatted(0x80 + cc, reads));
      text.append("setcc 0F %02X /0 b -G r:%s\n".formatted(0x90 + cc, reads));
      text.append("cmovcc 0F %02X /r v GG r:%s\n".formatted(0x40 + cc, reads));
    }
    return InsnRow.parse(text.toString());
  }

  private static String letters(int mask) {
    StringBuilder letters = new StringBuilder();
    for (char letter : "OSZAPC".toCharArray()) {
      if ((Flags.of(String.valueOf(letter)) & mask) != 0) {
        letters.append(letter);
      }
    }
    return letters.toString();
  }
}
