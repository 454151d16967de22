package org.coremu.guest.x86.oracle;

import java.util.List;

/** The x87 instructions (SDM vol. 2, appendix A.5). */
final class X87Rows {
  private static final String MEMORY =
      """
      fadd,fmul,fcom,fcomp,fsub,fsubr,fdiv,fdivr D8 /0+ -G mem m=4 f32
      fadd,fmul,fcom,fcomp,fsub,fsubr,fdiv,fdivr DC /0+ -G mem m=8 f64
      fiadd,fimul,ficom,ficomp,fisub,fisubr,fidiv,fidivr DA /0+ -G mem m=4 int
      fiadd,fimul,ficom,ficomp,fisub,fisubr,fidiv,fidivr DE /0+ -G mem m=2 int
      fld D9 /0 -G mem m=4 f32
      fst D9 /2 -G mem m=4
      fstp D9 /3 -G mem m=4
      fldenv D9 /4 -G mem m=28 fldenv wide rare
      fldcw D9 /5 -G mem m=2 fcw
      fnstenv D9 /6 -G mem m=28 fstenv wide
      fnstcw D9 /7 -G mem m=2
      fild DB /0 -G mem m=4 int
      fisttp DB /1 -G mem m=4
      fist DB /2 -G mem m=4
      fistp DB /3 -G mem m=4
      fld DB /5 -G mem m=10 f80
      fstp DB /7 -G mem m=10
      fld DD /0 -G mem m=8 f64
      fisttp DD /1 -G mem m=8
      fst DD /2 -G mem m=8
      fstp DD /3 -G mem m=8
      frstor DD /4 -G mem m=108 fldenv wide rare
      fnsave DD /6 -G mem m=108 fstenv wide rare
      fnstsw DD /7 -G mem m=2
      fild DF /0 -G mem m=2 int
      fisttp DF /1 -G mem m=2
      fist DF /2 -G mem m=2
      fistp DF /3 -G mem m=2
      fbld DF /4 -G mem m=10 bcd
      fild DF /5 -G mem m=8 int
      fbstp DF /6 -G mem m=10
      fistp DF /7 -G mem m=8
      """;

  private static final String REGISTERS =
      """
      fadd,fmul,fcom,fcomp,fsub,fsubr,fdiv,fdivr D8 C0 +8 sti
      fld,fxch D9 C0 +8 sti
      fnop D9 D0
      fchs,fabs D9 E0 +1
      ftst,fxam D9 E4 +1
      fld1,fldl2t,fldl2e,fldpi,fldlg2,fldln2,fldz D9 E8 +1
      f2xm1,fyl2x,fptan,fpatan D9 F0 +1 approx
      fxtract,fprem1,fdecstp,fincstp,fprem D9 F4 +1
      fyl2xp1 D9 F9 approx
      fsqrt D9 FA
      fsincos D9 FB approx
      frndint,fscale D9 FC +1
      fsin,fcos D9 FE +1 approx
      fcmovb DA C0 sti r:C
      fcmove DA C8 sti r:Z
      fcmovbe DA D0 sti r:CZ
      fcmovu DA D8 sti r:P
      fucompp DA E9
      fcmovnb DB C0 sti r:C
      fcmovne DB C8 sti r:Z
      fcmovnbe DB D0 sti r:CZ
      fcmovnu DB D8 sti r:P
      fnclex DB E2
      fninit DB E3
      fucomi DB E8 sti w:OSZAPC
      fcomi DB F0 sti w:OSZAPC
      fadd,fmul DC C0 +8 sti
      fsubr,fsub,fdivr,fdiv DC E0 +8 sti
      ffree DD C0 sti
      fst,fstp,fucom,fucomp DD D0 +8 sti
      faddp,fmulp DE C0 +8 sti
      fcompp DE D9
      fcom2,fcomp3 DC D0 +8 sti
      fxch4 DD C8 sti
      fcomp5 DE D0 sti
      fstp1 D9 D8 sti
      ffreep,fxch7,fstp8,fstp9 DF C0 +8 sti
      fsubrp,fsubp,fdivrp,fdivp DE E0 +8 sti
      fnstsw_ax DF E0
      fucomip,fcomip DF E8 +8 sti w:OSZAPC
      fwait 9B
      """;

  private X87Rows() {}

  /** All rows of this class. */
  static List<InsnRow> rows() {
    return InsnRow.parse(MEMORY + REGISTERS);
  }
}
